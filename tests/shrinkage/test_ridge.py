"""Laws of ridge, its certificate, agreement with independent solutions, and problems by hand."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.linalg import hilbert
from shrinkage import ridge, ridge_tuning
from shrinkage.least_squares import centre, lstsq, standardise
from sklearn.linear_model import Ridge

from tests.shrinkage.problems import (
    BAD_DATA,
    BAD_LAMS,
    EPS,
    X6,
    generic,
    lams,
    problems,
    y6,
)

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)


def forms(X, y, lam):
    """The coefficients in every form, by name."""
    return {
        "closed form": ridge.closed_form(X, y, lam),
        "path": ridge.svd_path(X, y, [lam])[0],
        "augmented": ridge.augmented(X, y, lam),
        "dual": X.T @ ridge.dual_coef(X, y, lam),
    }


def rounding(X, y, lam):
    """What may be left of the gradient, of a solution that is right up to rounding."""
    n = len(y)
    size = np.linalg.norm(X) * np.linalg.norm(y) / n
    return 1e4 * EPS * (size * (1 + np.linalg.norm(X) ** 2 / (n * lam)) + 1e-3)


# The certificate


@examples
@given(problems(), lams)
def test_gradient_vanishes_at_every_form_of_the_solution(problem, lam):
    X, y = problem
    for name, w in forms(X, y, lam).items():
        assert ridge.kkt_residual(X, y, w, lam) <= rounding(X, y, lam), name


@examples
@given(problems(), lams)
def test_gradient_in_w_and_b_vanishes_at_the_solution_with_intercept(problem, lam):
    X, y = problem
    w, b = ridge.with_intercept(X, y, lam)
    assert ridge.kkt_residual(X, y, w, lam, b) <= rounding(X, y, lam)


def test_kkt_residual_is_the_largest_numerical_derivative_of_the_objective():
    X, y = generic()
    w, b, lam, h = np.arange(5.0), 0.7, 0.3, 1e-5

    def P(step_w, step_b=0.0):
        return ridge.objective(X, y, w + step_w, lam, b + step_b)

    slopes = [(P(h * e) - P(-h * e)) / (2 * h) for e in np.eye(5)]
    slopes.append((P(0, h) - P(0, -h)) / (2 * h))
    assert_allclose(ridge.kkt_residual(X, y, w, lam, b), np.abs(slopes).max(), rtol=1e-7)


def test_a_wrong_intercept_shows_as_the_mean_residual():
    X, y = generic()
    Xc = X - X.mean(axis=0)
    w, b = ridge.with_intercept(Xc, y, 0.3)
    assert_allclose(ridge.kkt_residual(Xc, y, w, 0.3, b + 0.25), 0.25, rtol=1e-12)
    assert ridge.kkt_residual(Xc, y - y.mean(), w, 0.3) < 1e-12


@examples
@given(problems(), lams, st.integers(0, 10**6))
def test_no_other_point_has_a_smaller_objective(problem, lam, seed):
    X, y = problem
    w, b = ridge.with_intercept(X, y, lam)
    step = np.random.default_rng(seed).normal(size=len(w) + 1)
    best = ridge.objective(X, y, w, lam, b)
    assert best <= ridge.objective(X, y, w + step[1:], lam, b + step[0]) + 1e-9 * (1 + best)


# Nearly dependent columns


@pytest.mark.parametrize("size", [4, 8, 12, 20])
@pytest.mark.parametrize("lam", [1e-14, 1e-12, 1e-6])
def test_hilbert_designs_meet_the_certificate_where_squares_are_not_formed(size, lam):
    X = hilbert(size)
    for y in (X @ np.ones(size), np.cos(np.arange(size))):
        for name, w in (("path", ridge.svd_path(X, y, [lam])[0]), ("augmented", ridge.augmented(X, y, lam))):
            size_X, terms = np.linalg.norm(X), lam * np.linalg.norm(w)
            terms += size_X * (size_X * np.linalg.norm(w) + np.linalg.norm(y)) / size
            assert ridge.kkt_residual(X, y, w, lam) < 10 * EPS * terms, name


@pytest.mark.parametrize("size", [4, 8, 12, 20])
@pytest.mark.parametrize("lam", [1e-14, 1e-12, 1e-6])
def test_closed_form_has_the_backward_error_that_it_promises(size, lam):
    X = hilbert(size)
    for y in (X @ np.ones(size), np.cos(np.arange(size))):
        try:
            w = ridge.closed_form(X, y, lam)
        except ValueError as refusal:
            # The other half of the promise: where n lam is lost in the rounding of XᵀX nothing is returned.
            assert str(refusal).startswith(f"lam = {lam:g} leaves XᵀX")  # noqa: PT017
            assert size * lam <= size * EPS * (np.linalg.norm(X, 2) ** 2 + size * lam)
            continue
        left = (X.T @ X + size * lam * np.eye(size)) @ w - X.T @ y
        norm, length = np.linalg.norm(X, 2), np.linalg.norm(w)
        terms = (norm**2 + size * lam) * length + norm * np.linalg.norm(y)
        assert np.linalg.norm(left) <= 2 * size * EPS * terms


def test_the_error_of_the_closed_form_grows_with_the_square_of_the_condition():
    # The design is √(n lam) times what makes the answer exact: along each singular vector it is known.
    rng = np.random.default_rng(0)
    U, V = np.linalg.qr(rng.normal(size=(20, 4)))[0], np.linalg.qr(rng.normal(size=(4, 4)))[0]
    d, lam = np.logspace(0, -6, 4), 1e-15
    X, z = (U * d) @ V.T, np.ones(4)
    truth = V @ (d / (d**2 + 20 * lam) * (d * z))
    y = U @ (d * z)
    lost = np.linalg.norm(ridge.closed_form(X, y, lam) - truth)
    for w in (ridge.svd_path(X, y, [lam])[0], ridge.augmented(X, y, lam)):
        assert np.linalg.norm(w - truth) < 1e-8 < 1e-3 * np.linalg.norm(truth)
        assert np.linalg.norm(w - truth) < 1e-2 * lost


# Laws of the solution


@examples
@given(problems(), lams)
def test_the_four_forms_agree(problem, lam):
    X, y = problem
    found = forms(X, y, lam)
    scale = np.linalg.norm(found["path"]) + np.linalg.norm(y) * EPS
    condition = 1 + np.linalg.norm(X) ** 2 / (len(y) * lam)
    for name, w in found.items():
        assert np.linalg.norm(w - found["path"]) <= 1e3 * EPS * condition * (scale + np.linalg.norm(y)), name


@examples
@given(problems(), lams)
def test_push_through_identity(problem, lam):
    X, y = problem
    n, p = X.shape
    left = np.linalg.inv(X.T @ X + n * lam * np.eye(p)) @ X.T
    right = X.T @ np.linalg.inv(X @ X.T + n * lam * np.eye(n))
    condition = 1 + np.linalg.norm(X) ** 2 / (n * lam)
    assert_allclose(left, right, atol=1e3 * EPS * condition * np.abs(right).max() + EPS)
    assert_allclose(X.T @ ridge.dual_coef(X, y, lam), left @ y, atol=1e-7)


@examples
@given(problems(), lams, st.floats(-2, 2).map(lambda e: 10**e))
def test_coefficients_scale_with_y(problem, lam, c):
    X, y = problem
    w, b = ridge.with_intercept(X, y, lam)
    w_c, b_c = ridge.with_intercept(X, c * y, lam)
    assert_allclose(w_c, c * w, rtol=1e-8, atol=1e-9 * c)
    assert_allclose(b_c, c * b, rtol=1e-8, atol=1e-8 * c)


@examples
@given(problems(), lams, st.floats(-2, 2).map(lambda e: 10**e))
def test_scaling_X_by_c_is_scaling_lam_by_c_squared(problem, lam, c):
    X, y = problem
    assert_allclose(c * ridge.svd_path(c * X, y, [c**2 * lam])[0], ridge.svd_path(X, y, [lam])[0], rtol=1e-7, atol=1e-9)


@examples
@given(problems(), lams, st.integers(0, 10**6))
def test_rotating_the_columns_rotates_the_coefficients(problem, lam, seed):
    X, y = problem
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(X.shape[1],) * 2))[0]
    assert_allclose(ridge.augmented(X @ Q, y, lam), Q.T @ ridge.augmented(X, y, lam), atol=1e-7)


@examples
@given(problems(), lams, st.randoms(use_true_random=False))
def test_permuted_columns_permute_and_flipped_columns_flip_the_coefficients(problem, lam, random):
    X, y = problem
    order = list(range(X.shape[1]))
    random.shuffle(order)
    signs = np.array([random.choice([-1.0, 1.0]) for _ in order])
    w, b = ridge.with_intercept(X, y, lam)
    w_other, b_other = ridge.with_intercept((X * signs)[:, order], y, lam)
    assert_allclose(w_other, (w * signs)[order], atol=1e-8)
    assert_allclose(b_other, b, atol=1e-7)


@examples
@given(problems(min_n=2), lams, st.randoms(use_true_random=False))
def test_permuted_rows_change_no_coefficient_and_permute_the_loo_errors(problem, lam, random):
    X, y = problem
    order = list(range(len(y)))
    random.shuffle(order)
    assert_allclose(ridge.closed_form(X[order], y[order], lam), ridge.closed_form(X, y, lam), atol=1e-8)
    assert_allclose(
        ridge.leave_one_out(X[order], y[order], lam), ridge.leave_one_out(X, y, lam)[order], rtol=1e-7, atol=1e-6
    )


@examples
@given(problems(), lams, st.integers(2, 4))
def test_repeating_every_row_changes_nothing_at_the_same_lam(problem, lam, times):
    # This is the reason for n lam in the normal equations: the loss is an average.
    X, y = problem
    w, b = ridge.with_intercept(X, y, lam)
    w_more, b_more = ridge.with_intercept(np.tile(X, (times, 1)), np.tile(y, times), lam)
    assert_allclose(w_more, w, atol=1e-8)
    assert_allclose(b_more, b, atol=1e-7)


@examples
@given(problems(), lams, st.integers(-100, 100), st.integers(-100, 100))
def test_shifting_X_and_y_moves_the_intercept_alone(problem, lam, of_x, of_y):
    X, y = problem
    w, b = ridge.with_intercept(X, y, lam)
    w_moved, b_moved = ridge.with_intercept(X + of_x, y + of_y, lam)
    assert_allclose(w_moved, w, atol=1e-8)
    assert_allclose(b_moved, b + of_y - of_x * w.sum(), atol=1e-5)


@examples
@given(problems(), lams)
def test_duplicated_columns_share_their_coefficient_equally(problem, lam):
    X, y = problem
    twice = np.column_stack([X, X[:, 0]])
    w = ridge.closed_form(twice, y, lam)
    assert_allclose(w[0], w[-1], atol=1e-8)
    # Together they act as one column that is penalised half as much.
    other = np.column_stack([X[:, 0] * 2**0.5, X[:, 1:]])
    assert_allclose(2**0.5 * w[0], ridge.closed_form(other, y, lam)[0], atol=1e-8)


@examples
@given(problems())
def test_norm_of_the_solution_falls_and_the_residual_grows_in_lam(problem):
    X, y = problem
    W = ridge.svd_path(X, y, np.logspace(-6, 6, 30))
    norms = np.linalg.norm(W, axis=1)
    residuals = np.linalg.norm(y[:, None] - X @ W.T, axis=0)
    assert (np.diff(norms) <= 1e-12 * (1 + norms[:-1])).all()
    assert (np.diff(residuals) >= -1e-12 * (1 + residuals[:-1])).all()


def test_a_single_coefficient_may_grow_in_lam_though_the_norm_falls():
    X = np.array([[1.0, 0.9], [0.0, 0.5]])
    W = np.abs(ridge.svd_path(X, np.array([2.0, 0.05]), np.logspace(-3, 1, 50)))
    assert (np.diff(W[:, 1]) > 0.01).any()


def test_no_coefficient_stays_at_zero_however_large_lam():
    # n lam w tends to Xᵀy, which has no zero entry here; on the way a coefficient may cross zero.
    Xc, yc, _, _ = centre(*generic())
    large = np.logspace(4, 12, 20)
    W = ridge.svd_path(Xc, yc, large)
    assert (W != 0).all()
    assert_allclose(len(yc) * large[-1] * W[-1], Xc.T @ yc, rtol=1e-6)


def test_a_coefficient_may_cross_zero_on_its_way():
    X, y = np.array([[1.0, 0.9], [0.0, 0.5]]), np.array([2.0, -0.2])
    W = ridge.svd_path(X, y, np.logspace(-3, 1, 50))
    assert (np.diff(np.sign(W[:, 1])) != 0).sum() == 1


def test_direction_of_the_smallest_singular_value_keeps_least_of_least_squares():
    Xc, yc, _, _ = centre(*generic())
    Vt = np.linalg.svd(Xc)[2]
    for lam in (0.01, 1.0, 100.0):
        kept = (Vt @ ridge.closed_form(Xc, yc, lam)) / (Vt @ np.linalg.lstsq(Xc, yc)[0])
        assert (np.diff(kept) < 0).all()
        assert (kept > 0).all()
        assert (kept < 1).all()


@examples
@given(problems(), lams)
def test_y_of_zeros_gives_zeros(problem, lam):
    X, _ = problem
    for name, w in forms(X, np.zeros(len(X)), lam).items():
        assert not w.any(), name


@examples
@given(problems(), lams)
def test_constant_column_gets_coefficient_zero_exactly(problem, lam):
    X, y = problem
    X = np.column_stack([X, np.full(len(X), 0.1)])
    w, _ = ridge.with_intercept(X, y, lam)
    assert w[-1] == 0
    assert_allclose(w[:-1], ridge.with_intercept(X[:, :-1], y, lam)[0], atol=1e-9)


def test_one_row_is_fitted_by_the_intercept_alone():
    w, b = ridge.with_intercept([[3.0, 4.0]], [5.0], 0.1)
    assert (w.tolist(), b) == ([0.0, 0.0], 5.0)


def test_path_tends_to_the_smallest_least_squares_solution_as_lam_tends_to_zero():
    X, y = generic(n=4, p=7)
    expected = np.linalg.pinv(X) @ y
    assert_allclose(ridge.svd_path(X, y, [0.0])[0], expected, rtol=1e-9)
    assert_allclose(ridge.svd_path(X, y, [1e-12])[0], expected, rtol=1e-7)


@examples
@given(problems())
def test_path_at_zero_is_the_least_squares_solution_of_smallest_norm(problem):
    X, y = problem
    assert_allclose(ridge.svd_path(X, y, [0.0])[0], np.linalg.lstsq(X, y)[0], atol=1e-8)


def test_path_needs_one_factorisation_for_all_lams(monkeypatch):
    X, y = generic()
    counted = []
    for name in ("svd", "eigh", "eig", "qr", "cholesky", "solve", "inv", "lstsq", "pinv"):
        original = getattr(np.linalg, name)

        def counting(*args, _name=name, _original=original, **kwargs):
            counted.append(_name)
            return _original(*args, **kwargs)

        monkeypatch.setattr(np.linalg, name, counting)
    assert ridge.svd_path(X, y, np.logspace(-3, 3, 50)).shape == (50, 5)
    assert counted == ["svd"]


def test_path_keeps_the_order_of_its_lams():
    X, y = generic()
    several = [3.0, 0.0, 0.1, 3.0]
    for lam, w in zip(several, ridge.svd_path(X, y, several), strict=True):
        assert_allclose(w, ridge.closed_form(X, y, lam), rtol=1e-9)


def test_augmented_rows_keep_the_digits_that_the_normal_equations_square_away():
    d = np.logspace(0, -7, 6)
    rng = np.random.default_rng(3)
    U, V = np.linalg.qr(rng.normal(size=(20, 6)))[0], np.linalg.qr(rng.normal(size=(6, 6)))[0]
    truth, n, lam = rng.normal(size=6), 20, 1e-16
    y = U @ ((d**2 + n * lam) / d * (V.T @ truth))
    X = (U * d) @ V.T

    def error(w):
        return np.linalg.norm(w - truth)

    assert error(ridge.augmented(X, y, lam)) < 1e-7
    assert error(ridge.svd_path(X, y, [lam])[0]) < 1e-7
    assert error(ridge.closed_form(X, y, lam)) > 1e-5


# Filter factors and degrees of freedom


@given(st.lists(st.floats(0, 1e150), min_size=1, max_size=5), st.integers(1, 1000), st.floats(0, 1e150))
def test_filter_factors_lie_between_zero_and_one_and_grow_with_d(d, n, lam):
    f = ridge.filter_factors(np.sort(d), n, lam)
    assert ((f >= 0) & (f <= 1)).all()
    assert (np.diff(f) >= 0).all()


@given(st.integers(1, 1000), st.integers(0, 1000), st.integers(1, 50))
def test_filter_factors_are_the_fraction_of_the_formula(d, lam, n):
    exact = Fraction(d**2, d**2 + n * lam)
    assert_allclose(ridge.filter_factors([d], n, lam)[0], float(exact), rtol=1e-15)


def test_filter_factors_are_one_at_lam_zero_and_zero_where_d_is_zero():
    assert ridge.filter_factors([5.0, 1e-200, 0.0], 3, 0.0).tolist() == [1.0, 1.0, 0.0]
    assert ridge.filter_factors([5.0, 0.0], 3, 1e9)[1] == 0.0


def test_filter_factors_survive_squares_that_overflow_or_vanish():
    assert_allclose(ridge.filter_factors([1e200, 1e-200], 1, 1e-300), [1.0, 1e-100], rtol=1e-12)
    assert_allclose(ridge.filter_factors([1e-200], 1, 0.0), [1.0])


@examples
@given(problems(), lams)
def test_degrees_of_freedom_are_the_trace_of_the_hat_matrix(problem, lam):
    X, y = problem
    hat = np.column_stack([X @ ridge.closed_form(X, e, lam) for e in np.eye(len(y))])
    assert_allclose(ridge.degrees_of_freedom(X, [lam])[0], np.trace(hat), atol=1e-8)


@examples
@given(problems())
def test_degrees_of_freedom_fall_from_the_rank_to_zero(problem):
    X, _ = problem
    df = ridge.degrees_of_freedom(X, [0.0, 1e-3, 1.0, 1e3, 1e15])
    assert ridge.degrees_of_freedom(X.astype(np.float32), [1.0]).dtype == np.float64
    assert_allclose(df[0], np.linalg.matrix_rank(X))
    assert (np.diff(df) <= 1e-12).all()
    assert df[-1] < 1e-9


# Leave one out


def refitted(X, y, lam):
    """Errors of n refits, each with the same total penalty n lam."""
    n = len(y)
    errors = []
    for i in range(n):
        others = np.arange(n) != i
        w, b = ridge.with_intercept(X[others], y[others], n * lam / (n - 1))
        errors.append(y[i] - X[i] @ w - b)
    return np.array(errors)


@examples
@given(problems(min_n=2), lams)
def test_leave_one_out_equals_n_refits_with_the_same_total_penalty(problem, lam):
    X, y = problem
    assert_allclose(ridge.leave_one_out(X, y, lam), refitted(X, y, lam), rtol=1e-7, atol=1e-7)


def test_leave_one_out_equals_n_refits_of_scikit_learn():
    X, y = generic(n=12, p=20)
    expected = []
    for i in range(12):
        others = np.arange(12) != i
        model = Ridge(alpha=12 * 0.3).fit(X[others], y[others])
        expected.append(y[i] - model.predict(X[[i]])[0])
    assert_allclose(ridge.leave_one_out(X, y, 0.3), expected, rtol=1e-8)


def test_leave_one_out_at_lam_zero_is_that_of_least_squares():
    X, y = generic(n=15, p=3)
    A = np.column_stack([np.ones(15), X])
    hat = A @ np.linalg.pinv(A)
    assert_allclose(ridge.leave_one_out(X, y, 0.0), (y - hat @ y) / (1 - np.diag(hat)), rtol=1e-9)


@examples
@given(problems(min_n=2), lams)
def test_leave_one_out_errors_exceed_the_residuals(problem, lam):
    X, y = problem
    w, b = ridge.with_intercept(X, y, lam)
    assert (np.abs(ridge.leave_one_out(X, y, lam)) >= np.abs(y - X @ w - b) * (1 - 1e-9) - 1e-9).all()


def test_leave_one_out_refuses_a_row_that_alone_decides_its_fit():
    X, y = generic(n=4, p=7)
    with pytest.raises(ValueError, match="lam = 0 leaves a row with leverage one"):
        ridge.leave_one_out(X, y, 0.0)


def test_leave_one_out_refuses_one_row():
    with pytest.raises(ValueError, match=r"^X has one row"):
        ridge.leave_one_out([[1.0]], [1.0], 1.0)


# Descent, and its certificate


def distance(X, y, w, lam):
    return np.linalg.norm(w - ridge.svd_path(X, y, [lam])[0])


@examples
@given(problems(), lams, st.integers(0, 50))
def test_the_bound_of_a_descent_bounds_the_distance_to_the_minimiser(problem, lam, max_iter):
    X, y = problem
    w, bound, _, _ = ridge.descent(X, y, lam, 0.0, max_iter)
    assert distance(X, y, w, lam) <= bound * (1 + 1e-9) + rounding(X, y, lam) / lam


@examples
@given(problems(), lams, st.integers(0, 50))
def test_the_bound_is_the_gradient_at_the_returned_point_over_lam(problem, lam, max_iter):
    X, y = problem
    w, bound, _, _ = ridge.descent(X, y, lam, 1e-3, max_iter)
    gradient = lam * w - X.T @ (y - X @ w) / len(y)
    assert_allclose(bound, np.linalg.norm(gradient) / lam, rtol=1e-6, atol=rounding(X, y, lam) / lam)


@examples
@given(problems(), lams, st.floats(-6, 3).map(lambda e: 10**e), st.integers(0, 50))
def test_converged_says_that_the_bound_is_met_and_otherwise_all_steps_were_taken(problem, lam, tol, max_iter):
    X, y = problem
    _, bound, n_iter, converged = ridge.descent(X, y, lam, tol, max_iter)
    assert converged is (bound <= tol)
    assert 0 <= n_iter <= max_iter
    assert converged or n_iter == max_iter


@examples
@given(problems(), lams, st.integers(1, 40))
def test_each_step_shrinks_the_bound_by_one_minus_lam_over_L(problem, lam, steps):
    X, y = problem
    rate = 1 - lam / (np.linalg.norm(X, 2) ** 2 / len(y) + lam)
    first = ridge.descent(X, y, lam, 0.0, 0)[1]
    later = ridge.descent(X, y, lam, 0.0, steps)[1]
    assert later <= rate**steps * first + rounding(X, y, lam) / lam


@examples
@given(problems(), lams, st.integers(0, 40))
def test_the_iterate_is_a_filter_of_the_minimiser(problem, lam, steps):
    # Each direction has come the share 1 − (1 − (d² + n lam)/(n L))^steps of its way.
    X, y = problem
    w, _, n_iter, _ = ridge.descent(X, y, lam, 0.0, steps)
    _, d, Vt = np.linalg.svd(X, full_matrices=False)
    curvature = d**2 / len(y) + lam
    along = Vt @ ridge.svd_path(X, y, [lam])[0]
    expected = Vt.T @ ((1 - (1 - curvature / curvature[0]) ** n_iter) * along)
    assert_allclose(w, expected, atol=1e-8 + rounding(X, y, lam) / lam)


def test_a_bound_that_is_the_tolerance_is_met():
    X, y = generic()
    _, bound, _, _ = ridge.descent(X, y, 0.3, 0.0, 7)
    assert ridge.descent(X, y, 0.3, bound, 100)[1:] == (bound, 7, True)


def test_where_the_steps_suffice_descent_agrees_with_the_closed_form():
    X, y = generic()
    Xc, yc, _, _ = centre(X, y)
    w, bound, n_iter, converged = ridge.descent(Xc, yc, 0.3, 1e-9, 100_000)
    assert converged
    assert n_iter < 10_000
    assert np.linalg.norm(w - ridge.closed_form(Xc, yc, 0.3)) <= bound + 1e-12


def test_a_step_moves_less_than_the_bound_by_the_factor_lam_over_L():
    X, y = generic()
    lam, n = 1e-3, len(y)
    L = np.linalg.norm(X, 2) ** 2 / n + lam
    w, bound, _, _ = ridge.descent(X, y, lam, 0.0, 20)
    after, _, _, _ = ridge.descent(X, y, lam, 0.0, 21)
    assert_allclose(np.linalg.norm(after - w), bound * lam / L, rtol=1e-9)


@pytest.mark.parametrize(
    ("lam", "tol", "max_iter", "message"),
    [
        (0.0, 1e-6, 10, "^lam = 0 leaves no bound.*svd_path"),
        (0.1, -1.0, 10, "tol must be a finite number >= 0"),
        (0.1, np.nan, 10, "tol must be one finite real number"),
        (0.1, "small", 10, "tol must be one finite real number"),
        (0.1, 1e-6, -1, "max_iter must be a number of steps"),
        (0.1, 1e-6, 10.0, "max_iter must be a number of steps"),
        (0.1, 1e-6, True, "max_iter must be a number of steps"),
    ],
)
def test_descent_refuses_by_name(lam, tol, max_iter, message):
    with pytest.raises(ValueError, match=message):
        ridge.descent(X6, y6, lam, tol, max_iter)


# Agreement with scikit-learn and with least squares


@examples
@given(problems(min_n=2), lams)
def test_agrees_with_scikit_learn_at_alpha_n_lam(problem, lam):
    X, y = problem
    model = Ridge(alpha=len(y) * lam, solver="svd").fit(X, y)
    w, b = ridge.with_intercept(X, y, lam)
    assert_allclose(w, model.coef_, atol=1e-8)
    assert_allclose(b, model.intercept_, atol=1e-7)


@examples
@given(problems(), lams)
def test_agrees_with_least_squares_of_numpy_on_augmented_rows(problem, lam):
    X, y = problem
    n, p = X.shape
    rows = np.vstack([X, np.sqrt(n * lam) * np.eye(p)])
    expected = np.linalg.lstsq(rows, np.concatenate([y, np.zeros(p)]))[0]
    assert_allclose(ridge.closed_form(X, y, lam), expected, atol=1e-8)


def test_dual_form_solves_twenty_thousand_columns():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 20_000)), rng.normal(size=40)
    w = X.T @ ridge.dual_coef(X, y, 0.5)
    assert ridge.kkt_residual(X, y, w, 0.5) < 1e-12


# By hand


def test_orthogonal_columns_by_hand():
    # n lam = 1, so each coefficient is x·y / (x·x + 1).
    X, y = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([4.0, 5.0])
    for name, w in forms(X, y, 0.5).items():
        assert_allclose(w, [2.0, 2.0], rtol=1e-14, err_msg=name)


def test_objective_by_hand():
    # Residuals 2 and -1: 5/4, and half of 4 for the penalty; an intercept of 1 leaves 1 and -2.
    for without in ((), (0.0,), (1.0,)):
        assert ridge.objective([[1.0], [0.5]], [4.0, 0.0], [2.0], 1.0, *without) == 3.25


def test_intercept_by_hand():
    # Means 2 and 5; centred x = (-1, 0, 1), y = (-3, 0, 3); w = 6 / (2 + 3·(1/3)) = 2; b = 5 - 2·2.
    w, b = ridge.with_intercept([[1.0], [2.0], [3.0]], [2.0, 5.0, 8.0], 1 / 3)
    assert_allclose([*w, b], [2.0, 1.0], rtol=1e-14)


# Arrays as they come


CALLS = {
    "closed_form": lambda X, y: ridge.closed_form(X, y, 0.1),
    "with_intercept": lambda X, y: ridge.with_intercept(X, y, 0.1)[0],
    "weighted": lambda X, y: ridge_tuning.weighted(X, y, 0.1, None)[0],
    "svd_path": lambda X, y: ridge.svd_path(X, y, [0.1, 1.0]),
    "augmented": lambda X, y: ridge.augmented(X, y, 0.1),
    "dual_coef": lambda X, y: ridge.dual_coef(X, y, 0.1),
    "leave_one_out": lambda X, y: ridge.leave_one_out(X, y, 0.1),
    "descent": lambda X, y: ridge.descent(X, y, 0.1, 1e-4, 20)[0],
}


@pytest.mark.parametrize("name", CALLS)
def test_memory_order_integers_lists_and_strides_do_not_matter(name):
    rng = np.random.default_rng(1)
    X, y = rng.integers(-9, 9, size=(7, 3)), rng.integers(-9, 9, size=7)
    expected = CALLS[name](X.astype(float), y.astype(float))
    wide, long = np.zeros((14, 6)), np.zeros(14)
    wide[::2, ::2], long[::2] = X, y
    for X_other, y_other in (
        (X, y),
        (X.tolist(), y.tolist()),
        (np.asfortranarray(X, dtype=float), y),
        (wide[::2, ::2], long[::2]),
        (X.astype(np.int8), y.astype(np.int8)),
        (X.astype(np.float16), y.astype(np.float16)),
    ):
        assert_allclose(CALLS[name](X_other, y_other), expected, rtol=1e-9)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_arrays_are_read_only_or_left_as_they_were(name, order):
    X, y = generic()
    X = np.array(X, order=order)
    X_before, y_before = X.copy(), y.copy()
    CALLS[name](X, y)
    assert_array_equal(X, X_before)
    assert_array_equal(y, y_before)
    X.flags.writeable = y.flags.writeable = False
    CALLS[name](X, y)


@pytest.mark.parametrize("name", CALLS)
def test_results_never_share_memory_with_the_arguments(name):
    X, y = generic(n=1, p=1)
    if name != "leave_one_out":
        result = CALLS[name](X, y)
        assert not np.shares_memory(result, X)
        assert not np.shares_memory(result, y)


@pytest.mark.parametrize("name", CALLS)
def test_single_precision_is_kept_and_is_close_to_double(name):
    X, y = generic()
    single = CALLS[name](X.astype(np.float32), y.astype(np.float32))
    assert single.dtype == np.float32
    assert_allclose(single, CALLS[name](X, y), rtol=2e-3, atol=2e-4)
    assert CALLS[name](X.astype(np.float32), y).dtype == np.float64


# What is refused, and how it is said


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(name, what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        CALLS[name](X, y)


@pytest.mark.parametrize(
    "function", ["closed_form", "with_intercept", "augmented", "dual_coef", "leave_one_out", "descent"]
)
@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(function, what):
    stop = (1e-6, 10) if function == "descent" else ()
    with pytest.raises(ValueError, match=r"^lam "):
        getattr(ridge, function)(X6, y6, BAD_LAMS[what], *stop)


@pytest.mark.parametrize("bad", [[-1.0], [np.nan], [[0.1]], 0.1, [], ["a"], [1j], None])
def test_lams_that_cannot_be_used_are_refused_by_name(bad):
    for call in (lambda: ridge.svd_path(X6, y6, bad), lambda: ridge.degrees_of_freedom(X6, bad)):
        with pytest.raises(ValueError, match=r"^lams "):
            call()


@pytest.mark.parametrize(
    ("d", "n", "lam", "message"),
    [
        ([-1.0], 2, 1.0, "d must be >= 0"),
        ([np.nan], 2, 1.0, "d holds NaN"),
        ([[1.0]], 2, 1.0, "d must be one-dimensional"),
        ([], 2, 1.0, "d is empty"),
        ([1.0], 0, 1.0, "n must be the number of rows"),
        ([1.0], 2.0, 1.0, "n must be the number of rows"),
        ([1.0], True, 1.0, "n must be the number of rows"),
        ([1.0], 2, -1.0, "lam must be a finite number"),
        (np.ones(1, np.float32), 10, 1e38, "n lam overflows float32"),
    ],
)
def test_filter_factors_refuse_by_name(d, n, lam, message):
    with pytest.raises(ValueError, match=message):
        ridge.filter_factors(d, n, lam)


@pytest.mark.parametrize(
    ("function", "X"),
    [
        (ridge.closed_form, np.ones((2, 3))),
        (ridge.closed_form, np.column_stack([X6, X6[:, 0]])),
        (ridge.closed_form, np.column_stack([X6, X6.sum(axis=1) / 3])),
        (ridge.closed_form, np.column_stack([X6, np.zeros(6)])),
        (ridge.with_intercept, np.column_stack([X6, np.full(6, 0.1)])),
        (ridge.with_intercept, X6[:2]),
        (ridge.dual_coef, X6),
    ],
)
@pytest.mark.parametrize("lam", [0.0, 1e-300])
def test_lam_zero_is_refused_by_name_where_it_leaves_many_solutions(function, X, lam):
    of = "XXᵀ" if function is ridge.dual_coef else "XᵀX"
    with pytest.raises(ValueError, match=rf"^lam = {lam:g} leaves {of} \+ n lam I singular.*svd_path"):
        function(X, y6[: len(X)], lam)


def test_lam_zero_is_least_squares_where_the_rank_is_full():
    X, y = generic()
    assert_allclose(ridge.closed_form(X, y, 0.0), np.linalg.lstsq(X, y)[0], rtol=1e-9)
    wide = X[:3]
    assert_allclose(wide.T @ ridge.dual_coef(wide, y[:3], 0.0), lstsq(wide, y[:3]), rtol=1e-9)


def test_squares_that_overflow_are_refused():
    with pytest.raises(ValueError, match="squares overflow float64"):
        ridge.closed_form([[1e200], [1e200]], [1.0, 2.0], 1.0)
    with pytest.raises(ValueError, match="squares overflow float32"):
        ridge.closed_form(np.array([[1e25]], np.float32), np.array([1.0], np.float32), 1.0)


def test_standardising_makes_the_units_of_the_columns_irrelevant():
    X, y = generic()
    units = np.array([1e-3, 1.0, 60.0, 1e5, 2.54])
    fitted = [
        (Z @ w + b for Z in [standardise(A)[0]] for w, b in [ridge.with_intercept(Z, y, 0.5)]) for A in (X, X * units)
    ]
    (one,), (other,) = fitted
    assert_allclose(one, other, rtol=1e-8)


def test_a_larger_lam_never_raises_the_degrees_of_freedom_of_standardised_columns():
    X, _ = generic()
    df = ridge.degrees_of_freedom(standardise(X)[0], [0.0, 0.1, 1.0, 10.0])
    assert all(later < earlier for earlier, later in pairwise(df))

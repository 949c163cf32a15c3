"""Laws of weighted ridge, leverages, leave-one-out, GCV and evidence for many lam, and what they must agree with."""

import cvxpy as cp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal
from shrinkage import ridge, ridge_tuning
from shrinkage.conversions import ridge_alpha
from shrinkage.least_squares import centre, weighted_rows
from sklearn.linear_model import BayesianRidge, Ridge, RidgeCV

from tests.shrinkage.problems import (
    BAD_DATA,
    BAD_WEIGHTS,
    EPS,
    X6,
    generic,
    lams,
    problems,
    weighted_problems,
    y6,
)

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)
grids = st.lists(lams, min_size=1, max_size=4)
two_rows = weighted_problems().filter(lambda problem: (problem[2] > 0).sum() > 1)


def augmented_fit(X, y, total, s):
    """(w, b) by least squares on √s (X, 1) over √total I: no centring, no scaling, and for each weight a meaning."""
    n, p = X.shape
    root = np.sqrt(np.asarray(s, float))
    rows = np.vstack([root[:, None] * np.column_stack([X, np.ones(n)]), np.sqrt(total) * np.eye(p, p + 1)])
    found = np.linalg.lstsq(rows, np.concatenate([root * y, np.zeros(p)]))[0]
    return found[:-1], found[-1]


def deleted(X, y, lam, s):
    """Errors of n refits, each with the same total penalty."""
    errors = []
    for i in range(len(y)):
        others = np.where(np.arange(len(y)) == i, 0, s)
        w, b = augmented_fit(X, y, lam * np.sum(s), others)
        errors.append(y[i] - X[i] @ w - b)
    return np.array(errors)


def hat_matrix(X, lam, s=None):
    """The fits of the unit vectors."""
    n = len(X)
    s = np.ones(n) if s is None else s
    fits = [augmented_fit(X, e, lam * np.sum(s), s) for e in np.eye(n)]
    return np.column_stack([X @ w + b for w, b in fits])


# Weighted ridge


def weighted_objective(X, y, s, w, b, lam):
    return np.sum(s * (y - X @ w - b) ** 2) / (2 * np.sum(s)) + lam / 2 * w @ w


@examples
@given(weighted_problems(), lams)
def test_gradient_of_the_weighted_objective_vanishes(problem, lam):
    X, y, s = problem
    w, b = ridge_tuning.weighted(X, y, lam, s)
    residual = s * (y - X @ w - b) / s.sum()
    assert_allclose(residual.sum(), 0, atol=1e-10)
    assert_allclose(lam * w, X.T @ residual, atol=1e-9)


@examples
@given(weighted_problems(), lams, st.integers(0, 10**6))
def test_no_other_point_has_a_smaller_weighted_objective(problem, lam, seed):
    X, y, s = problem
    w, b = ridge_tuning.weighted(X, y, lam, s)
    step = np.random.default_rng(seed).normal(size=len(w) + 1)
    best = weighted_objective(X, y, s, w, b, lam)
    assert best <= weighted_objective(X, y, s, w + step[1:], b + step[0], lam) + 1e-9 * (1 + best)


@examples
@given(weighted_problems(), lams)
def test_whole_weights_repeat_rows_and_zero_leaves_them_out(problem, lam):
    X, y, s = problem
    again = np.repeat(np.arange(len(y)), s)
    w, b = ridge_tuning.weighted(X, y, lam, s)
    w_again, b_again = ridge.with_intercept(X[again], y[again], lam)
    assert_allclose(w, w_again, atol=1e-8)
    assert_allclose(b, b_again, atol=1e-7)


@examples
@given(problems(), lams, st.sampled_from([None, 0.1, 3.0, 1e-300, 1e300]))
def test_equal_weights_are_no_weights(problem, lam, weight):
    X, y = problem
    w, b = ridge_tuning.weighted(X, y, lam, None if weight is None else np.full(len(y), weight))
    w_plain, b_plain = ridge.with_intercept(X, y, lam)
    assert_allclose(w, w_plain, atol=1e-8)
    assert_allclose(b, b_plain, atol=1e-7)


@examples
@given(weighted_problems(), lams)
def test_weighted_agrees_with_scikit_learn(problem, lam):
    X, y, s = problem
    model = Ridge(alpha=ridge_alpha(lam, s.sum()), solver="svd").fit(X, y, sample_weight=s)
    w, b = ridge_tuning.weighted(X, y, lam, s)
    assert_allclose(w, model.coef_, atol=1e-8)
    assert_allclose(b, model.intercept_, atol=1e-7)


@pytest.mark.parametrize(("n", "p"), [(20, 4), (8, 15)])
@pytest.mark.parametrize("lam", [0.01, 1.0])
def test_weighted_agrees_with_an_interior_point_method(n, p, lam):
    X, y = generic(n, p)
    s = np.arange(n) % 3
    w, b = cp.Variable(p), cp.Variable()
    loss = cp.sum(cp.multiply(s, cp.square(y - X @ w - b))) / (2 * s.sum())
    cp.Problem(cp.Minimize(loss + lam / 2 * cp.sum_squares(w))).solve(
        solver=cp.CLARABEL, tol_gap_abs=1e-12, tol_gap_rel=1e-12, tol_feas=1e-12
    )
    ours, intercept = ridge_tuning.weighted(X, y, lam, s)
    assert_allclose(ours, w.value, atol=1e-6)
    assert_allclose(intercept, b.value, atol=1e-5)


def test_weighted_at_lam_zero_is_the_weighted_least_squares_of_smallest_norm():
    for n, p in ((10, 3), (4, 7)):
        X, y = generic(n, p)
        s = np.arange(n)
        root = np.sqrt(s)
        Xc, yc, x_mean, y_mean = centre(X, y, s)
        expected = np.linalg.pinv(root[:, None] * Xc, rcond=1e-12) @ (root * yc)
        w, b = ridge_tuning.weighted(X, y, 0.0, s)
        assert_allclose(w, expected, rtol=1e-8)
        assert_allclose(b, y_mean - x_mean @ expected, rtol=1e-8)


def test_weighted_survives_offsets_of_1e9_and_extreme_weights():
    X, y = generic(n=10, p=3)
    X, y = np.round(X * 256) / 256, np.round(y * 256) / 256
    s = np.array([1e300, 1, 1e-300, 0, 1e299, 1e300, 1e300, 1e300, 1e300, 1e300])
    w, b = ridge_tuning.weighted(X, y, 0.1, s)
    moved, _ = ridge_tuning.weighted(X + 2.0**30, y - 2.0**30, 0.1, s)
    assert_allclose(moved, w, rtol=1e-10)
    heavy = s > 1e200
    assert_allclose(ridge_tuning.weighted(X[heavy], y[heavy], 0.1, s[heavy] / 1e300)[0], w, rtol=1e-12)
    assert_allclose(np.average(y - X @ w, weights=s / 1e300), b, rtol=1e-12)


def test_weighted_by_hand():
    # Weighted means 2 and 3, variance 3, covariance 3: slope 3/(3 + 1), and b = 3 - 2·3/4.
    X, y = np.array([[-1.0], [3.0], [50.0]]), np.array([0.0, 4.0, 7.0])
    w, b = ridge_tuning.weighted(X, y, 1.0, [1, 3, 0])
    assert_allclose([*w, b], [0.75, 1.5], rtol=1e-14)


@pytest.mark.parametrize("what", BAD_WEIGHTS)
def test_weights_that_ridge_cannot_use_are_refused_by_name(what):
    bad, message = BAD_WEIGHTS[what]
    with pytest.raises(ValueError, match=f"^sample_weight {message}"):
        ridge_tuning.weighted(X6, y6, 0.1, bad)


# Leverages


@examples
@given(problems(min_n=2), grids)
def test_leverages_are_the_diagonal_of_the_hat_matrix(problem, grid):
    X, _ = problem
    h = ridge_tuning.hat_diagonal(X, grid)
    for row, lam in zip(h, grid, strict=True):
        assert_allclose(row, np.diag(hat_matrix(X, lam)), atol=1e-9)


@examples
@given(weighted_problems(), lams)
def test_weighted_leverages_are_the_derivatives_of_the_weighted_fit(problem, lam):
    X, _, s = problem
    assert_allclose(ridge_tuning.hat_diagonal(X, [lam], s)[0], np.diag(hat_matrix(X, lam, s)), atol=1e-9)


def test_leverages_are_numerical_derivatives_of_the_fit_by_another_module():
    X, y = generic(n=8, p=3)
    for i, h_i in enumerate(ridge_tuning.hat_diagonal(X, [0.3])[0]):
        step = np.eye(8)[i]
        (w, b), (w2, b2) = (ridge.with_intercept(X, y + move * step, 0.3) for move in (-1, 1))
        assert_allclose((X[i] @ (w2 - w) + b2 - b) / 2, h_i, rtol=1e-9)


@examples
@given(weighted_problems(), grids)
def test_leverages_lie_between_zero_and_one_and_sum_to_the_degrees_of_freedom_and_one(problem, grid):
    X, y, s = problem
    h = ridge_tuning.hat_diagonal(X, grid, s)
    assert h.shape == (len(grid), len(X))
    assert ((h >= 0) & (h <= 1 + 1e-12)).all()
    assert not h[:, s == 0].any()
    rows = weighted_rows(centre(X, y, s)[0], y, s)[0]
    assert_allclose(h.sum(axis=1), ridge.degrees_of_freedom(rows, grid) + 1, rtol=1e-9)


@examples
@given(weighted_problems(), lams)
def test_a_row_of_weight_w_has_the_leverage_of_w_rows(problem, lam):
    X, _, s = problem
    again = np.repeat(np.arange(len(s)), s)
    copies = ridge_tuning.hat_diagonal(X[again], [lam])[0]
    assert_allclose(ridge_tuning.hat_diagonal(X, [lam], s)[0], np.bincount(again, copies, len(s)), atol=1e-9)


def test_leverages_keep_their_digits_under_an_enormous_penalty():
    X = centre(*generic())[0]
    h = ridge_tuning.hat_diagonal(X, [1e12])[0]
    assert_allclose(h, 1 / 30 + np.sum(X**2, axis=1) / (30 * 1e12), rtol=1e-14)


def test_leverages_of_least_squares_are_one_for_the_row_that_a_column_is_made_for():
    X = np.column_stack([generic(n=6, p=1)[0], np.arange(6) == 2])
    h = ridge_tuning.hat_diagonal(X, [0.0])[0]
    assert_allclose(h[2], 1, atol=1e-14)
    assert_allclose(h.sum(), 3, rtol=1e-14)


@pytest.mark.parametrize("lam", [0.0, 1.0])
def test_the_leverage_of_a_single_row_is_one(lam):
    assert ridge_tuning.hat_diagonal([[3.0, 1.0]], [lam]).tolist() == [[1]]
    assert ridge_tuning.hat_diagonal(X6, [lam], [0, 0, 7, 0, 0, 0]).tolist() == [[0, 0, 1, 0, 0, 0]]


# Leave one out


@examples
@given(problems(min_n=2), grids)
def test_leave_one_out_equals_deletion_for_every_lam(problem, grid):
    X, y = problem
    E = ridge_tuning.leave_one_out_path(X, y, grid)
    assert E.shape == (len(grid), len(y))
    for row, lam in zip(E, grid, strict=True):
        assert_allclose(row, deleted(X, y, lam, np.ones(len(y))), rtol=1e-7, atol=1e-7)


@examples
@given(two_rows, lams)
def test_weighted_leave_one_out_equals_deletion_and_predicts_rows_of_weight_zero(problem, lam):
    X, y, s = problem
    assert_allclose(ridge_tuning.leave_one_out_path(X, y, [lam], s)[0], deleted(X, y, lam, s), rtol=1e-7, atol=1e-7)


@examples
@given(two_rows, lams)
def test_a_row_of_whole_weight_leaves_with_all_its_copies(problem, lam):
    X, y, s = problem
    again = np.repeat(np.arange(len(s)), s)
    E = ridge_tuning.leave_one_out_path(X, y, [lam], s)[0]
    for i in range(len(s)):
        others = again[again != i]
        w, b = augmented_fit(X[others], y[others], lam * s.sum(), np.ones(len(others)))
        assert_allclose(E[i], y[i] - X[i] @ w - b, rtol=1e-7, atol=1e-7)


@examples
@given(problems(min_n=2), grids)
def test_leave_one_out_for_many_lam_is_that_for_each(problem, grid):
    X, y = problem
    one_by_one = [ridge.leave_one_out(X, y, lam) for lam in grid]
    assert_allclose(ridge_tuning.leave_one_out_path(X, y, grid), one_by_one, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize(("n", "p"), [(12, 4), (8, 20), (9, 9), (9, 8), (2, 1), (2, 7)])
@pytest.mark.parametrize("weights", [None, "light"])
def test_leave_one_out_equals_deletion_for_every_shape_and_small_lam(n, p, weights):
    X, y = generic(n, p)
    s = np.ones(n) if weights is None else 10.0 ** -np.arange(n)
    for lam in (1e-6, 1e-3, 1.0, 1e3):
        E = ridge_tuning.leave_one_out_path(X, y, [lam], None if weights is None else s)[0]
        assert_allclose(E, deleted(X, y, lam, s), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("lam", [1e-8, 1e-12, 1e-100, 1e-300])
def test_errors_keep_their_digits_where_every_row_is_nearly_met(lam):
    # As lam vanishes with p > n they tend to [K⁺y]_i / [K⁺]_ii, K the centred products of rows.
    X, y = generic(n=8, p=20)
    Xc, yc, _, _ = centre(X, y)
    K = np.linalg.pinv(Xc @ Xc.T, rcond=1e-12)
    assert_allclose(ridge_tuning.leave_one_out_path(X, y, [lam])[0], K @ yc / np.diag(K), rtol=1e-5)
    # What is left of each row is the average of these leverages.
    assert_allclose(ridge_tuning.gcv(X, y, [lam])[0], 8 * np.sum((K @ yc) ** 2) / np.trace(K) ** 2, rtol=1e-5)


def test_lam_zero_is_leave_one_out_of_least_squares():
    X, y = generic(n=15, p=3)
    A = np.column_stack([np.ones(15), X])
    hat = A @ np.linalg.pinv(A)
    assert_allclose(ridge_tuning.leave_one_out_path(X, y, [0.0])[0], (y - hat @ y) / (1 - np.diag(hat)), rtol=1e-9)


@examples
@given(two_rows, lams, st.integers(-100, 100), st.integers(-100, 100))
def test_shifts_of_X_and_y_change_neither_errors_nor_scores(problem, lam, of_x, of_y):
    X, y, s = problem
    for function in (ridge_tuning.leave_one_out_path, ridge_tuning.gcv):
        assert_allclose(function(X + of_x, y + of_y, [lam], s), function(X, y, [lam], s), rtol=1e-7, atol=1e-8)


def test_units_from_1e_minus_8_to_1e8_and_offsets_of_1e9_survive():
    X, y = generic(n=10, p=3)
    X, y = np.round(X * 256) / 256, np.round(y * 256) / 256
    for function in FUNCTIONS.values():
        assert_allclose(function(X + 2.0**30, y + 2.0**30, [0.1, 1.0]), function(X, y, [0.1, 1.0]), rtol=1e-9)
        for unit in (2.0**-27, 2.0**27):
            scaled = function(X * unit, y, np.array([0.1, 1.0]) * unit**2)
            assert_allclose(scaled, function(X, y, [0.1, 1.0]), rtol=1e-9)
    mixed = X * np.array([1e-8, 1.0, 1e8])
    for lam in (1e-10, 1e-3, 1.0, 1e10):
        E = ridge_tuning.leave_one_out_path(mixed, y, [lam])[0]
        # Rounding of the largest column is 1e-8 of the next; both sides have an error of that order.
        assert_allclose(E, deleted(mixed, y, lam, np.ones(10)), atol=2e-6)


@examples
@given(two_rows, lams, st.integers(0, 10**6))
def test_rotations_of_the_columns_change_nothing(problem, lam, seed):
    X, y, s = problem
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(X.shape[1],) * 2))[0]
    for function in (ridge_tuning.leave_one_out_path, ridge_tuning.gcv):
        assert_allclose(function(X @ Q, y, [lam], s), function(X, y, [lam], s), rtol=1e-7, atol=1e-8)


@examples
@given(two_rows, lams, st.integers(-60, 60))
def test_a_common_factor_of_the_weights_changes_nothing(problem, lam, power):
    X, y, s = problem
    for function in (ridge_tuning.leave_one_out_path, ridge_tuning.gcv):
        assert_array_equal(function(X, y, [lam], s * 2.0**power), function(X, y, [lam], s))


def test_permutations_zero_duplicated_negated_and_constant_columns():
    X, y = generic(n=9, p=3)
    X[:, 1] += 0.5 * X[:, 0]
    grid = [1e-2, 1.0]
    twice = np.column_stack([X, X[:, 0]])
    wider = np.column_stack([X[:, 0] * 2**0.5, X[:, 1:]])
    for function in FUNCTIONS.values():
        expected = function(X, y, grid)
        order = np.random.default_rng(0).permutation(9)
        moved = function(X[order][:, [2, 0, 1]] * [1, -1, 1], y[order], grid)
        assert_allclose(moved, expected if expected.ndim == 1 else expected[:, order], rtol=1e-9)
        assert_allclose(function(np.column_stack([X, np.full(9, 0.1), np.zeros(9)]), y, grid), expected, rtol=1e-9)
        # Two equal columns act as one that is penalised half as much.
        assert_allclose(function(twice, y, grid), function(wider, y, grid), rtol=1e-9)


def test_constant_columns_alone_leave_the_mean():
    y = np.array([1.0, 2.0, 6.0])
    X = np.full((3, 2), 1e9 + 0.1)
    for lam in (0.0, 1.0):
        assert_allclose(ridge_tuning.leave_one_out_path(X, y, [lam])[0], 1.5 * (y - 3), rtol=1e-14)
        assert_allclose(ridge_tuning.gcv(X, y, [lam])[0], np.var(y) * 9 / 4, rtol=1e-14)
        assert_allclose(ridge_tuning.hat_diagonal(X, [lam])[0], 1 / 3, rtol=1e-14)
    assert_allclose(ridge_tuning.evidence(X, y, [1.0])[0], -np.log(2 * np.pi * 7) - 1, rtol=1e-14)


@examples
@given(two_rows, lams)
def test_errors_and_scores_are_continuous_in_lam(problem, lam):
    X, y, s = problem
    for function in (ridge_tuning.leave_one_out_path, ridge_tuning.gcv):
        one, other = function(X, y, [lam, lam * (1 + 1e-9)], s)
        assert_allclose(one, other, rtol=1e-6, atol=1e-6)


# GCV


@examples
@given(two_rows, grids)
def test_gcv_is_its_formula_in_the_hat_matrix(problem, grid):
    X, y, s = problem
    m = (s > 0).sum()
    for score, lam in zip(ridge_tuning.gcv(X, y, grid, s), grid, strict=True):
        H = hat_matrix(X, lam, s)
        mean_square = np.sum(s * (y - H @ y) ** 2) / s.sum()
        assert_allclose(score, mean_square / (1 - np.trace(H) / m) ** 2, rtol=1e-6, atol=1e-9)


def test_gcv_is_leave_one_out_where_all_leverages_are_equal():
    # Rows in the corners of a regular polygon.
    angle = 2 * np.pi * np.arange(7) / 7
    X, y = np.column_stack([np.cos(angle), np.sin(angle)]), generic(n=7)[1]
    grid = [0.0, 0.1, 10.0]
    E = ridge_tuning.leave_one_out_path(X, y, grid)
    assert_allclose(ridge_tuning.gcv(X, y, grid), np.mean(E**2, axis=1), rtol=1e-12)


@pytest.mark.parametrize("p", [4, 40])
@pytest.mark.parametrize("weights", [False, True])
def test_leave_one_out_agrees_with_scikit_learn(p, weights):
    X, y = generic(n=25, p=p)
    s = np.random.default_rng(1).uniform(0.5, 2, 25) if weights else None
    grid = np.array([1e-3, 0.1, 1.0, 10.0])
    total = 25 if s is None else s.sum()
    alphas = [ridge_alpha(lam, total) for lam in grid]
    model = RidgeCV(alphas, scoring=None, store_cv_results=True, gcv_mode="svd").fit(X, y, sample_weight=s)
    E = ridge_tuning.leave_one_out_path(X, y, grid, s)
    # The squared errors that scikit-learn stores carry the weights of their rows.
    assert_allclose(E.T**2 * (1 if s is None else s[:, None]), model.cv_results_, rtol=1e-6)
    means = np.average(E**2, axis=1, weights=s)
    assert_allclose(model.alpha_, alphas[means.argmin()])


# Evidence


def contrasts(X, y, s):
    """√s X and √s y in coordinates across √s."""
    s = np.ones(len(y)) if s is None else s[s > 0] / s[s > 0].mean()
    root = np.sqrt(s)
    Q = np.linalg.svd(root[None])[2][1:]
    return Q @ (root[:, None] * X), Q @ (root * y)


@examples
@given(two_rows.filter(lambda problem: np.ptp(problem[1][problem[2] > 0]) > 0), lams)
def test_evidence_is_the_log_density_of_the_multivariate_normal_at_its_best_variance(problem, lam):
    X, y, s = problem
    A, c = contrasts(X[s > 0], y[s > 0], s)
    m = len(c) + 1
    shape = np.eye(m - 1) + A @ A.T / (m * lam)
    variance = c @ np.linalg.solve(shape, c) / (m - 1)
    found = ridge_tuning.evidence(X, y, [lam], s)[0]
    assert_allclose(found, multivariate_normal.logpdf(c, cov=variance * shape), rtol=1e-7, atol=1e-7)
    for other in (0.9, 1.1):
        assert multivariate_normal.logpdf(c, cov=other * variance * shape) < found


@pytest.mark.parametrize(("n", "p", "signal"), [(40, 3, 1.0), (20, 30, 0.5)])
@pytest.mark.parametrize("weights", [False, True])
def test_the_best_lam_meets_the_fixed_points_of_mackay_and_of_scikit_learn(n, p, signal, weights):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, p))
    y = signal * X @ rng.normal(size=p) + 2 * rng.normal(size=n) + 5
    s = rng.uniform(0.5, 2, n) if weights else None
    best = minimize_scalar(
        lambda e: -ridge_tuning.evidence(X, y, [10**e], s)[0], bounds=(-4, 3), options={"xatol": 1e-9}
    )
    lam = 10**best.x
    A, c = contrasts(X, y, s)
    w = ridge_tuning.weighted(X, y, lam, s)[0]
    df = ridge.degrees_of_freedom(A, [lam * n / (n - 1)])[0]
    variance = np.sum((c - A @ w) ** 2) / (n - 1 - df)
    assert_allclose(variance / (w @ w / df), n * lam, rtol=1e-4)
    flat = dict.fromkeys(("alpha_1", "alpha_2", "lambda_1", "lambda_2"), 0)
    model = BayesianRidge(fit_intercept=False, tol=1e-10, max_iter=10_000, **flat).fit(A, c)
    assert_allclose(model.lambda_ / model.alpha_, n * lam, rtol=1e-4)
    assert_allclose(model.coef_, w, rtol=1e-4, atol=1e-5)


@examples
@given(two_rows.filter(lambda problem: np.ptp(problem[1][problem[2] > 0]) > 0), grids, st.integers(-8, 8))
def test_a_factor_of_y_costs_its_logarithm_for_each_coordinate(problem, grid, power):
    X, y, s = problem
    moved = ridge_tuning.evidence(X + 7, y * 10.0**power - 3 * 10.0**power, grid, s)
    cost = ((s > 0).sum() - 1) * power * np.log(10)
    assert_allclose(moved, ridge_tuning.evidence(X, y, grid, s) - cost, rtol=1e-8, atol=1e-7)


@pytest.mark.parametrize("p", [3, 30])
def test_evidence_of_an_enormous_and_of_a_tiny_lam(p):
    X, y = generic(n=10, p=p)
    assert_allclose(ridge_tuning.evidence(X, y, [1e200])[0], -4.5 * (np.log(2 * np.pi * y.var() * 10 / 9) + 1))
    # Where p < n the penalty of a wide prior grows without bound; where every row is met it is compensated.
    one, other = ridge_tuning.evidence(X, y, [1e-200, 1e-210])
    assert_allclose(other - one, 0 if p == 30 else -5 * p * np.log(10), atol=1e-6)


# By hand


def test_two_rows_by_hand():
    # Centred x = ±1, y = ±2: d² = 2, n lam = 2, f = 1/2.  Each row is predicted by the other.
    X, y = np.array([[1.0], [3.0]]), np.array([0.0, 4.0])
    assert_allclose(ridge_tuning.hat_diagonal(X, [1.0]), [[0.75, 0.75]], rtol=1e-14)
    assert_allclose(ridge_tuning.leave_one_out_path(X, y, [1.0]), [[-4, 4]], rtol=1e-14)
    assert_allclose(ridge_tuning.gcv(X, y, [1.0]), [16], rtol=1e-14)
    # One coordinate, √8 in size, with Q = 8/2: the best variance is 4.
    assert_allclose(ridge_tuning.evidence(X, y, [1.0]), [-(np.log(8 * np.pi) + 1) / 2 - np.log(2) / 2], rtol=1e-14)


# Arrays as they come

FUNCTIONS = {
    "hat_diagonal": lambda X, y, lams, s=None: ridge_tuning.hat_diagonal(X, lams, s),
    "leave_one_out_path": ridge_tuning.leave_one_out_path,
    "gcv": ridge_tuning.gcv,
    "evidence": ridge_tuning.evidence,
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("shape", [(7, 3), (4, 9)])
def test_memory_order_integers_lists_and_read_only_arrays_do_not_matter(name, shape):
    rng = np.random.default_rng(1)
    X, y, s = rng.integers(-9, 9, shape), rng.integers(-9, 9, shape[0]), np.arange(shape[0])
    expected = FUNCTIONS[name](X.astype(float), y.astype(float), [0.1, 1.0], s)
    fortran = np.asfortranarray(X, dtype=float)
    before = fortran.copy()
    for array in (X, y, s, fortran):
        array.flags.writeable = False
    for X_other, y_other in ((X, y), (X.tolist(), y.tolist()), (fortran, y), (X.astype(np.int8), y)):
        assert_allclose(FUNCTIONS[name](X_other, y_other, (0.1, 1), s.tolist()), expected, rtol=1e-9)
    assert_array_equal(fortran, before)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("shape", [(30, 5), (10, 20)])
def test_single_precision_is_close_to_double_and_kept_where_there_is_one_number_a_row(name, shape):
    X, y = generic(*shape)
    s = np.arange(len(y)) % 3
    grid = [0.1, 1.0]
    single = FUNCTIONS[name](X.astype(np.float32), y.astype(np.float32), grid, s.astype(np.float32))
    assert single.dtype == (np.float64 if name in ("gcv", "evidence") else np.float32)
    assert_allclose(single, FUNCTIONS[name](X, y, grid, s), rtol=2e-3, atol=2e-4)


def test_extreme_weights_leave_finite_errors_that_are_those_of_deletion():
    X, y = generic(n=12, p=2)
    for light in (1e-300, 1e-20, 3e-16, 1e-12, 1e-9, 1e-6):
        s = np.where(np.arange(12) < 4, light, 1.0)
        E = ridge_tuning.leave_one_out_path(X, y, [0.1], s)[0]
        assert_allclose(E, deleted(X, y, 0.1, s), rtol=1e-11)
    E32 = ridge_tuning.leave_one_out_path(X.astype(np.float32), y.astype(np.float32), [0.1], s**30)[0]
    assert_allclose(E32, E, rtol=1e-2)


# What is refused


@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    for name, function in FUNCTIONS.items():
        if (message.startswith("X ") and "and y has" not in message) or name != "hat_diagonal":
            with pytest.raises(ValueError, match=message):
                function(X, y, [0.1])


@pytest.mark.parametrize("bad", [[-1.0], [np.nan], [[0.1]], 0.1, [], ["a"], [1j], None, [0.1, 1e308]])
def test_lams_and_weights_that_cannot_be_used_are_refused_by_name(bad):
    for function in FUNCTIONS.values():
        with pytest.raises(ValueError, match=r"^lams "):
            function(X6, y6, bad)


@pytest.mark.parametrize("what", BAD_WEIGHTS)
def test_weights_that_cannot_be_used_are_refused_by_name(what):
    bad, message = BAD_WEIGHTS[what]
    for function in FUNCTIONS.values():
        with pytest.raises(ValueError, match=f"^sample_weight {message}"):
            function(X6, y6, [0.1], bad)


@pytest.mark.parametrize("name", ["leave_one_out_path", "gcv", "evidence"])
def test_one_row_that_counts_is_refused(name):
    for X, y, s in (([[1.0]], [1.0], None), (X6, y6, [0, 0, 1, 0, 0, 0])):
        with pytest.raises(ValueError, match=r"^X has one row that counts"):
            FUNCTIONS[name](X, y, [1.0], s)


def test_a_row_of_leverage_one_is_refused():
    for X, y in (generic(n=4, p=7), generic(n=4, p=3)):
        with pytest.raises(ValueError, match=r"^lams = 0 leaves a row with leverage one"):
            ridge_tuning.leave_one_out_path(X, y, [1.0, 0.0])
        for lam in (0.0, 5e-324):
            with pytest.raises(ValueError, match=f"^lams = {lam:g} leaves the residuals no degree of freedom"):
                ridge_tuning.gcv(1e3 * X, y, [1.0, lam])
    alone = np.column_stack([X6[:, 0], np.arange(6) == 2])
    # At the third the leverage is one less 19 eps, of which rounding leaves nothing to divide by.
    for lam in (0.0, 1e-18, 6e-16):
        with pytest.raises(ValueError, match=f"^lams = {lam:g} leaves a row with leverage one"):
            ridge_tuning.leave_one_out_path(alone, y6, [1.0, lam])


def test_evidence_refuses_lam_zero_and_a_constant_target():
    with pytest.raises(ValueError, match=r"^lams must be > 0"):
        ridge_tuning.evidence(X6, y6, [1.0, 0.0])
    with pytest.raises(ValueError, match=r"^y is constant"):
        ridge_tuning.evidence(X6, np.full(6, 0.1), [1.0])


def test_cost_is_that_of_one_factorisation_for_many_columns():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 20_000)), rng.normal(size=30)
    E = ridge_tuning.leave_one_out_path(X, y, np.logspace(-3, 3, 200))
    assert E.shape == (200, 30)
    assert_allclose(E[100], ridge.leave_one_out(X, y, np.logspace(-3, 3, 200)[100]), rtol=1e-8)
    assert EPS < np.abs(E).max() < 100

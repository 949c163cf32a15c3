"""Laws of the solver without iterations: squares with a factor for each column, and least squares at lam = 0."""

import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.linalg import hilbert
from scipy.optimize import nnls
from shrinkage import ridge
from shrinkage.coordinate_descent import minimise
from shrinkage.direct import refusal, solve
from shrinkage.duality import gap
from shrinkage.fit import fit
from shrinkage.losses import QUADRATIC
from shrinkage.penalties import L1, L2, ElasticNet
from sklearn import linear_model

from tests.shrinkage.problems import (
    EPS,
    X6,
    certified,
    exact,
    generic,
    lams,
    problems,
    weighted_problems,
    y6,
)

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)


@st.composite
def cases(draw):
    """(X, y, lam, penalty): squares alone, with factors or without; lam may be 0."""
    X, y = draw(problems(max_p=4))
    p = X.shape[1]
    f = draw(st.none() | st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=p, max_size=p))
    return X, y, draw(st.just(0.0) | lams), L2(f)


def backward_error(X, y, w, lam, f, augmented=False):
    """Largest gradient of a column beside the sizes of the terms that cancel in it, for `X` or `X` with more rows."""
    n, norm = len(y), np.linalg.norm
    gradient = X.T @ (y - X @ w) / n - lam * f * w
    lengths = np.hypot(norm(X, axis=0), np.sqrt(n * lam * f) * augmented)
    terms = lengths * (norm(y) + norm(X * w)) / n + lam * f * np.abs(w)
    return np.abs(gradient[terms > 0] / terms[terms > 0]).max(initial=0.0)


# Laws


@examples
@given(cases())
def test_the_gradient_vanishes_up_to_rounding(case):
    X, y, lam, penalty = case
    w = solve(*case).w
    assert backward_error(X, y, w, lam, penalty.factors(len(w))) <= 50 * EPS * sum(X.shape)


@examples
@given(cases())
def test_the_objective_is_the_least_and_the_gap_is_rounding(case):
    X, y, lam, penalty = case
    result = solve(*case)
    value, _ = certified(X, y, result.w, 0.0, lam, penalty, fit_intercept=False)
    noise = 1e-11 * (1 + y @ y)
    assert abs(value - exact(X, y, lam, penalty)[0]) <= noise
    assert abs(result.gap) <= noise
    assert result.gap == result.history[-1] == gap(X, y, result.w, lam, penalty)
    assert result.history[0] == gap(X, y, 0 * result.w, lam, penalty)
    assert (result.n_iter, result.b, result.solver, result.converged) == (1, 0.0, "direct", True)


@examples
@given(cases(), st.sampled_from([1e-3, 1e3]), st.integers(0, 10**6))
def test_scales_orders_and_signs_move_the_answer_as_they_must(case, times, seed):
    X, y, lam, penalty = case
    f, rng = penalty.factors(X.shape[1]), np.random.default_rng(seed)
    order, flips, rows = rng.permutation(X.shape[1]), rng.choice([-1.0, 1.0], X.shape[1]), rng.permutation(len(y))
    w = solve(*case).w
    # Units of the columns go into the factors, squared; those without a penalty keep theirs, as the norm is theirs.
    c = np.where(f > 0, times, 1.0)
    moved = solve((X * flips * c)[rows][:, order], times * y[rows], lam, L2((f * c**2)[order])).w
    scale = 1 + np.abs(w).max() + np.abs(y).max() / min(1, lam or 1) ** 0.5
    assert_allclose(moved, (times * w * flips / c)[order], atol=1e-9 * times * scale, rtol=1e-6)


@examples
@given(cases())
def test_of_all_minimisers_it_is_the_one_of_smallest_norm_in_units_of_the_lengths(case):
    X, y, lam, _ = case
    w, lengths = solve(X, y, 0.0, L2()).w, np.linalg.norm(X, axis=0)
    unit = X / np.where(lengths > 0, lengths, 1)
    assert_allclose(w * lengths, np.linalg.lstsq(unit, y)[0], atol=1e-9 * (1 + np.abs(y).max()))
    assert (w[lengths == 0] == 0).all()
    # With a penalty on the others, of a free column given twice each half does half.
    twice = np.column_stack([X, X[:, 0], X[:, 0]])
    found = solve(twice, y, lam, L2([*np.ones(X.shape[1]), 0.0, 0.0])).w
    assert_allclose(found[-1], found[-2], atol=1e-9 * (1 + np.abs(y).max()))


@examples
@given(weighted_problems(max_p=4), st.sampled_from([L1(), L1([1.0, 0.0, 2.0, 1.0]), ElasticNet(0.3)]))
def test_at_lam_zero_any_penalty_is_none(problem, penalty):
    X, y, _ = problem
    if penalty.factor is not None:
        penalty = L1(penalty.factor[: X.shape[1]])
    assert_array_equal(solve(X, y, 0.0, penalty).w, solve(X, y, 0.0, L2()).w)


@examples
@given(problems(max_p=4), lams)
def test_a_column_without_a_penalty_is_an_intercept_if_it_is_constant(problem, lam):
    X, y = problem
    ones = solve(np.column_stack([X, np.ones(len(y))]), y, lam, L2([*np.ones(X.shape[1]), 0.0])).w
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    w = solve(Xc, yc, lam, L2()).w
    assert_allclose(ones[:-1], w, atol=1e-9 * (1 + np.abs(y).max()) / min(1, lam))
    assert_allclose(ones[-1], y.mean() - X.mean(axis=0) @ ones[:-1], atol=1e-9 * (1 + np.abs(y).max()))


# What must be survived


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("lam", [0.0, 1e-14, 1e-3])
@pytest.mark.parametrize("scale", ["lengths", "one", "rows"])
def test_columns_scaled_by_sixteen_powers_of_ten_keep_their_digits(scale, lam, free):
    X, y = generic(n=5 if scale == "rows" else 30)
    X = X * (1.0 if scale == "one" else 10.0 ** np.array([-8, 4, 0, 8, -3]))
    f = np.array([0.0 if free else 1.0, 1, 1, 1, 1])
    if scale == "lengths":
        f *= np.sum(X**2, axis=0)
    with warnings.catch_warnings():
        # Of columns this long the rounding of a product with the residual may be more than lam, and then is said.
        warnings.simplefilter("ignore", RuntimeWarning)
        result = solve(X, y, lam, L2(f))
    # Without factors a short column is all penalty, and errors are relative to the column that it is in part.
    assert backward_error(X, y, result.w, lam, f, augmented=scale == "rows") <= 1e3 * EPS


@pytest.mark.parametrize("shape", [(12, 12), (30, 10), (10, 30)])
@pytest.mark.parametrize("lam", [0.0, 1e-14, 1e-8])
def test_hilberts_matrix_meets_the_certificate(shape, lam):
    X = hilbert(30)[: shape[0], : shape[1]]
    y = X @ np.ones(shape[1]) + 1e-3 * np.cos(np.arange(shape[0]))
    with warnings.catch_warnings():
        # Products with a w as large as the condition number allows may leave a gap above 1e-12, which it then says.
        warnings.simplefilter("ignore", RuntimeWarning)
        result = solve(X, y, lam, L2())
    error = backward_error(X, y, result.w, lam, np.ones(shape[1]))
    assert error <= 100 * EPS * max(shape)
    assert result.converged == (result.gap <= 1e-12 * (y @ y) / (2 * len(y)))


@pytest.mark.parametrize("twin", [1.0, -1.0, 1e8, 1e-8])
def test_duplicated_and_negated_columns_share(twin):
    X, y = generic()
    X = np.column_stack([X, twin * X[:, 0]])
    w = solve(X, y, 0.1, L2([1.0] * 5 + [twin**2])).w
    assert_allclose(w[5] * twin, w[0], rtol=1e-9)


@pytest.mark.parametrize("p", [1, 3])
def test_one_row(p):
    X, y = np.arange(1.0, p + 1)[None], np.array([2.0])
    assert_allclose(solve(X, y, 0.5, L2()).w, 2 * X[0] / (X[0] @ X[0] + 0.5), rtol=1e-14)
    assert_allclose(X @ solve(X, y, 0.0, L2()).w, y, rtol=1e-14)


def test_zeros_everywhere():
    for X, y in ((np.zeros((3, 2)), np.ones(3)), (np.ones((3, 2)), np.zeros(3))):
        for penalty in (L2(), L2([0.0, 1.0]), L2([0.0, 0.0])):
            result = solve(X, y, 0.1, penalty)
            assert_array_equal(result.w, [0, 0])
            assert result.gap == 0


@pytest.mark.parametrize("n", [3, 30])
def test_least_squares_at_lam_zero_interpolates_wherever_it_can(n):
    X, y = generic(n=n)
    result = fit(X, y, QUADRATIC, L1(), 0.0)
    assert result.solver == "direct"
    best = np.column_stack([X, np.ones(n)])
    assert_allclose(X @ result.w + result.b, best @ np.linalg.lstsq(best, y)[0], atol=1e-10)


def test_where_signs_are_bound_least_squares_is_another_solver():
    X, y = generic()
    result = fit(X, y, QUADRATIC, L2(), 0.0, positive=True, fit_intercept=False, tol=1e-15)
    assert result.solver == "coordinate_descent"
    assert_allclose(result.w, nnls(X, y)[0], atol=1e-6)


def test_a_gap_that_is_asked_too_much_of_is_warned_of_and_is_that_of_the_point():
    warned = 0
    for seed in range(20):
        X, y = generic(seed=seed)
        with warnings.catch_warnings(record=True, action="always") as caught:
            result = solve(X, y, 0.1, L2([0.5, 1, 2, 0, 1]), tol=0.0)
        # Rounding gives the gap of a minimiser either sign.
        assert result.converged == (result.gap <= 0) == (not caught)
        assert abs(result.gap) <= 1e-12 * (y @ y)
        for one in caught:
            assert re.search(r"stopped after 1 steps with the gap .* raise tol$", str(one.message))
            warned += 1
    assert warned


def test_the_warning_points_at_the_line_of_whoever_asked_for_too_much():
    with warnings.catch_warnings(record=True, action="always") as caught:
        for seed in range(20):
            solve(*generic(seed=seed), 0.1, L2(), tol=0.0)
    assert {one.filename for one in caught} == {__file__}


# Agreement


@pytest.mark.parametrize("shape", [(30, 5), (5, 30), (6, 6)])
def test_agrees_with_scikit_learn_ridge_and_descent(shape):
    X, y = generic(*shape)
    w = solve(X, y, 0.2, L2()).w
    assert_allclose(
        w, linear_model.Ridge(alpha=0.2 * len(y), fit_intercept=False, solver="svd").fit(X, y).coef_, rtol=1e-8
    )
    assert_allclose(w, ridge.svd_path(X, y, [0.2])[0], rtol=1e-8)
    f = np.resize([0.0, 1.0, 2.0, 0.5], shape[1]) if shape[0] > shape[1] else np.ones(shape[1])
    assert_allclose(solve(X, y, 2.0, L2(f)).w, minimise(X, y, 2.0, L2(f), tol=1e-14, accelerate=True).w, atol=1e-5)


def test_by_hand():
    # Orthogonal columns: (xᵀy/n)/(‖x‖²/n + lam f) = 4/(1 + 1·3) and, free, 2/1.
    X, y = np.array([[1.0, 1.0], [-1.0, 1.0]]), np.array([6.0, -2.0])
    assert_allclose(solve(X, y, 1.0, L2([3.0, 0.0])).w, [1.0, 2.0], rtol=1e-14)


# Arrays as they come, and what is refused


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("factor", [None, [0.0, 1, 2, 1, 0]])
def test_callers_arrays_are_read_only_in_any_order(order, factor):
    X, y = generic()
    expected = solve(X, y, 0.3, L2(factor)).w
    X = np.array(X, order=order)
    X.flags.writeable = y.flags.writeable = False
    assert_allclose(solve(X, y, 0.3, L2(factor)).w, expected, rtol=1e-12)
    whole = np.round(10 * X).astype(int)
    assert_array_equal(solve(whole.tolist(), y, 0.3, L2(factor)).w, solve(whole.astype(float), y, 0.3, L2(factor)).w)


@pytest.mark.parametrize("lam", [0.0, 0.3])
@pytest.mark.parametrize("factor", [None, [0.0, 1, 2, 1, 0]])
def test_single_precision_is_kept(lam, factor):
    X, y = generic()
    single = solve(X.astype("f4"), y.astype("f4"), lam, L2(factor))
    assert single.w.dtype == np.float32
    assert_allclose(single.w, solve(X, y, lam, L2(factor)).w, atol=1e-3)
    assert single.converged


def test_it_says_what_it_cannot_take():
    columns = X6, sparse.csc_array(X6)
    assert refusal(columns[0], QUADRATIC, L2([0.0, 2.0]), 0.1) == ""
    assert refusal(columns[0], QUADRATIC, ElasticNet(0.5), 0.0) == ""
    reasons = {
        "the penalty is more than a sum of squares": [(L1(), 0.1), (ElasticNet(0.01), 0.1), (L2(positive=True), 0.1)],
        "the penalty is more than a sum of squares ": [(L2(positive=True), 0.0), (L1(positive=True), 0.0)],
    }
    for reason, taken in reasons.items():
        for penalty, lam in taken:
            assert refusal(columns[0], QUADRATIC, penalty, lam) == reason.strip()
            with pytest.raises(ValueError, match=r"^penalty cannot be taken by this solver: the penalty is more"):
                solve(X6, y6, lam, penalty)

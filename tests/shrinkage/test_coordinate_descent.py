"""Laws of coordinate descent beside those of every solver: its sweeps, other answers, and a problem by hand."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import sparse
from shrinkage import conversions, losses, penalties
from shrinkage.coordinate_descent import default_tol, minimise, refusal
from shrinkage.least_squares import centre
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.sparse import Centred
from sklearn import linear_model

from tests.shrinkage.problems import X6, cases, generic, quietly, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)


def objective(X, y, lam, penalty, w):
    return losses.objective(X, y, w, lam, penalty)


def run(*problem, **options):
    return quietly(minimise, *problem, **options)


# Laws


@examples
@given(cases(), st.integers(0, 10**6), st.booleans())
def test_no_sweep_raises_the_objective(case, seed, accelerate):
    X, y, _, _ = case
    start = np.random.default_rng(seed).normal(size=X.shape[1]) * 3
    values = [
        objective(*case, run(*case, w=start, max_iter=k, accelerate=accelerate).w)
        for k in (range(4, 9) if accelerate else range(5))
    ]
    for before, after in pairwise(values):
        assert after <= before + 1e-12 * (1 + y @ y) or before == np.inf


@examples
@given(cases())
def test_a_sweep_leaves_the_last_column_optimal_for_the_others(case):
    X, y, lam, penalty = case
    w = run(*case, max_iter=1).w
    gradient = X.T @ (X @ w - y) / len(y)
    assert penalty.subdifferential_distance(w, gradient, lam)[-1] <= 1e-9 * (1 + np.abs(y).max()) * (1 + lam)


# The certificate


def test_the_gap_that_is_asked_for_is_smaller_in_double_precision():
    assert default_tol(np.float32) == default_tol("float32") == default_tol(np.zeros(1, "f4").dtype) == 1e-6
    assert default_tol(np.float64) == default_tol(float) == 1e-12


# Extrapolation


def slow(p=6):
    """A problem of nearly dependent columns, on which plain sweeps creep."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 1)) + 0.1 * rng.normal(size=(40, p))
    return X, X @ np.linspace(-0.5, 1, p) + rng.normal(size=40)


@pytest.mark.parametrize("penalty", [L1(), ElasticNet(0.5, [0.0, 1.0, 2.0, 1.0, 0.5, 1.0]), L1(positive=True)])
def test_extrapolation_needs_far_fewer_sweeps_and_ends_at_the_same_point(penalty):
    X, y = slow()
    plain, fast = (minimise(X, y, 0.01, penalty, tol=1e-10, accelerate=accelerate) for accelerate in (False, True))
    assert_allclose(fast.w, plain.w, atol=1e-4)
    assert fast.gap <= 1e-10 * (y @ y) / (2 * len(y))
    assert fast.n_iter < plain.n_iter / 2
    assert minimise(X, y, 0.01, penalty, tol=1e-10).n_iter == plain.n_iter


def test_extrapolation_keeps_single_precision():
    X, y = (a.astype("f4") for a in slow())
    assert minimise(X, y, 1e-2, L1(), accelerate=True).w.dtype == np.float32


# Sparse columns


def centred_pair(X, weighted=False):
    """(A, D): the same centred matrix twice, with sparse columns and dense."""
    d = (np.arange(len(X)) + 1) % 4 + 0.0 if weighted else np.ones(len(X))
    d *= (len(X) / (d @ d)) ** 0.5
    m = X.T @ d / len(X)
    A = Centred(sparse.csc_array(X), m, d)
    # What rounding leaves of a multiple of d is no column.
    return A, np.where(A.squared_lengths() > 0, X - np.outer(d, m), 0)


@examples
@given(cases(), st.booleans())
def test_sparse_columns_take_the_sweeps_of_dense_ones(case, weighted):
    X, y, lam, penalty = case
    size = np.abs(y).max() * (1 + np.abs(X).max())
    for A, D in (centred_pair(X, weighted), (sparse.csr_matrix(X), X), (sparse.coo_array(X), X)):
        for sweeps in (1, 3):
            found, expected = (run(a, y, lam, penalty, max_iter=sweeps, tol=1e-9).w for a in (A, D))
            assert_allclose(found, expected, rtol=1e-9, atol=1e-11 * (1 + size))


def test_sparse_columns_far_from_zero_keep_the_digits_that_their_means_leave():
    X, y = generic()
    expected = minimise(centred_pair(X)[1], y, 0.3, L1()).w
    assert_allclose(minimise(centred_pair(X + 1e6)[0], y, 0.3, L1(), tol=1e-10).w, expected, atol=1e-5)


# Agreement


def test_with_centred_data_agrees_with_the_lasso_of_scikit_learn_with_an_intercept():
    X, y = generic()
    Xc, yc, x_mean, y_mean = centre(X, y)
    model = linear_model.Lasso(alpha=conversions.lasso_alpha(0.3), tol=1e-14, max_iter=10**6).fit(X, y)
    w = minimise(Xc, yc, 0.3, L1(), tol=1e-14).w
    assert_allclose([*w, y_mean - x_mean @ w], [*model.coef_, model.intercept_], atol=1e-6)
    assert penalties.kkt_residual(X, y, w, 0.3, L1(), y_mean - x_mean @ w) < 1e-6


# By hand


def test_two_sweeps_by_hand():
    # n = 2, both columns of squared length n, their product ½n; z = (2, 1), lam = ½.
    # First sweep: S(2) = 1.5, then S(1 − ¾) = 0; it stays.
    X = 2.0**0.5 * np.array([[1.0, 0.5], [0.0, 0.75**0.5]])
    y = 2 * np.linalg.solve(X.T, [2.0, 1.0])
    result = minimise(X, y, 0.5, L1())
    assert_allclose(result.w, [1.5, 0.0], rtol=1e-14)
    assert (result.w[1], result.n_iter) == (0.0, 1)


# Arrays as they come


@pytest.mark.parametrize("power", [-8, 8])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_columns_of_any_scale_are_solved(power, share):
    X, y = generic(p=4)
    units = 10.0 ** np.array([power, 0, -power, power / 2])
    factor = units if share else units**2
    w = minimise(X, y, 0.3, ElasticNet(share), tol=1e-14).w
    assert_allclose(minimise(X * units, y, 0.3, ElasticNet(share, factor), tol=1e-14).w * units, w, atol=1e-6)


# What is refused, and how it is said

TOO_SHORT = "X has a column too short for lam: lam over its squared length, times the factor of the penalty, overflows"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"X": X6 * 1e-160}, "X has a column so small"),
        ({"X": X6 * 1e-150, "lam": 1e10}, TOO_SHORT),
        ({"X": X6 * [1.0, 1e-150], "lam": 1e10}, TOO_SHORT),
        ({"lam": 1e300, "penalty": L2([1.0, 1e10]), "w": [1.0, 1.0]}, TOO_SHORT),
        ({"lam": 1e300, "penalty": L1([1.0, 1e10]), "w": [1.0, 1.0]}, TOO_SHORT),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        minimise(**{"X": X6, "y": y6, "lam": 0.1, "penalty": L1()} | options)


def test_a_price_within_the_range_is_taken_however_long_the_other_columns_are():
    # A column of zeros has no price, and a factor of 0 makes none larger.
    X = np.column_stack([X6 * [1e150, 1e-100], np.zeros(6)])
    assert not minimise(X, y6, 1e100, L1([1e100, 0.5, 0.0]), w=[0.0, 1.0, 1.0]).w.any()


def test_it_says_which_problems_it_does_not_take():
    loss = losses.QUADRATIC
    assert refusal(X6, loss, ElasticNet(0.5, [0.0, 1.0], positive=True), 0.0) == ""
    assert refusal(sparse.csc_array(X6), loss, L2(), 0.1) == ""
    assert refusal(X6, SimpleNamespace(), L1(), 0.1) == "the loss is not quadratic"
    assert refusal(X6, loss, SimpleNamespace(), 0.1) == "the penalty is no sum over the coefficients"

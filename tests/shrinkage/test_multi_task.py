"""Laws of several targets that share their columns: a certificate, symmetry, and what it is of one target."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array
from shrinkage import coordinate_descent
from shrinkage.multi_task import minimise
from shrinkage.penalties import ElasticNet
from shrinkage.plain import plain_problem
from sklearn import linear_model

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, generic, lams, problems, quietly

pytestmark = pytest.mark.filterwarnings("error")


def several(n=30, p=5, K=3, seed=0):
    X, _ = generic(n, p, seed)
    Y = X @ np.random.default_rng(seed).normal(size=(p, K)) + 2 * np.random.default_rng(1).normal(size=(n, K))
    return X - X.mean(axis=0), Y - Y.mean(axis=0)


def violation(X, Y, W, l1, l2):
    """How far the slopes of each row are from those of its penalty."""
    S = X.T @ (Y - X @ W) / len(Y) - l2 * W
    lengths = np.linalg.norm(W, axis=1, keepdims=True)
    used = lengths[:, 0] > 0
    away = np.linalg.norm(S[used] - l1 * W[used] / lengths[used], axis=1)
    return max(away.max(initial=0), (np.linalg.norm(S[~used], axis=1) - l1).max(initial=0))


def objective(X, Y, W, l1, l2):
    return np.sum((Y - X @ W) ** 2) / (2 * len(Y)) + l1 * np.linalg.norm(W, axis=1).sum() + l2 / 2 * np.sum(W**2)


@pytest.mark.parametrize("shape", [(30, 5), (12, 30), (6, 6), (1, 3)])
@pytest.mark.parametrize("K", [1, 2, 4])
@pytest.mark.parametrize("l2", [0.0, 0.5])
@pytest.mark.parametrize("share", [0.5, 0.05, 0.02])
@pytest.mark.parametrize("dependent", [False, True])
def test_no_slope_is_left_but_that_of_the_penalty(shape, K, l2, share, dependent):
    X, Y = several(*shape, K)
    if dependent:
        X = np.hstack([X, -X[:, :2], X[:, :1] + X[:, 1:2], 0 * X[:, :1]])
    l1 = share * np.linalg.norm(X.T @ Y / len(Y), axis=1).max() or 1.0
    result = minimise(X, Y, l1, l2 * l1)
    assert violation(X, Y, result.w, l1, l2 * l1) <= 1e-11 * l1
    assert (result.converged, result.solver, result.b) == (True, "multi_task", 0)
    # Where columns do not depend on each other Newton's method needs few rounds, and descent would need many.
    assert dependent or shape[1] > shape[0] or result.n_iter < 10


def test_tol_is_relative_to_the_objective_at_zero():
    X, Y = several()
    first = minimise(X, Y, 0.3, 0.1).history[0] / (np.sum(Y**2) / (2 * len(Y)))
    assert minimise(X, Y, 0.3, 0.1, tol=first * 1.01).n_iter == 0
    assert minimise(X, Y, 0.3, 0.1, tol=first * 0.99).n_iter > 0


def test_from_the_minimiser_nothing_is_left_to_do_and_single_precision_is_kept():
    X, Y = several()
    W = minimise(X, Y, 0.3, 0.1).w
    assert minimise(X, Y, 0.3, 0.1, W=W).n_iter == 0
    single = minimise(X.astype(np.float32), Y.astype(np.float32), 0.3, 0.1, tol=1e-5, W=W)
    assert single.w.dtype == np.float32
    np.testing.assert_allclose(single.w, W, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(problems(max_p=4), lams, st.sampled_from([0.0, 0.7]), st.integers(0, 9))
def test_the_gap_bounds_what_any_other_point_could_gain(problem, l1, l2, seed):
    X, y = problem
    Y = np.column_stack([y, np.random.default_rng(seed).integers(-3, 4, len(y))])
    result = quietly(minimise, X, Y, l1, l2, max_iter=200)
    value, null = objective(X, Y, result.w, l1, l2), np.sum(Y**2) / (2 * len(Y))
    for k in range(20):
        other = result.w + np.random.default_rng(k).normal(size=result.w.shape) * 10.0 ** -(k % 7)
        assert objective(X, Y, other, l1, l2) >= value - result.gap - 1e-12 * (1 + null)
    assert result.gap <= 1e-8 * (1 + null)


def test_a_mixture_of_the_targets_mixes_their_coefficients_alike():
    X, Y = several()
    Q, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))
    np.testing.assert_allclose(minimise(X, Y @ Q, 0.4, 0.1).w, minimise(X, Y, 0.4, 0.1).w @ Q, atol=1e-10)


def test_from_the_longest_slope_on_all_rows_are_zero_and_no_sooner():
    X, Y = several()
    critical = np.linalg.norm(X.T @ Y / len(Y), axis=1).max()
    assert not minimise(X, Y, critical * (1 + 1e-9), 0.0).w.any()
    assert minimise(X, Y, critical * (1 - 1e-4), 0.0).w.any()


def test_of_one_target_it_is_the_elastic_net():
    X, Y = several(K=1)
    result = minimise(X, Y, 0.3, 0.2)
    swept = coordinate_descent.minimise(X, Y[:, 0], 0.5, ElasticNet(0.6))
    np.testing.assert_allclose(result.w[:, 0], swept.w, atol=1e-6)


@pytest.mark.parametrize("share", [1.0, 0.3])
def test_agrees_with_scikit_learn(share):
    X, Y = several(20, 40)
    theirs = linear_model.MultiTaskElasticNet(0.5, l1_ratio=share, fit_intercept=False, tol=1e-13, max_iter=10**5)
    np.testing.assert_allclose(minimise(X, Y, 0.5 * share, 0.5 * (1 - share)).w, theirs.fit(X, Y).coef_.T, atol=1e-7)


def test_sparse_columns_are_dense_ones_and_nothing_is_written_to():
    X, Y = several(40, 8)
    X[np.abs(X) < 1] = 0
    Y.flags.writeable = False
    dense = plain_problem(X, Y[:, 0])
    sparse = plain_problem(csc_array(X), Y[:, 0])
    np.testing.assert_allclose(minimise(sparse.X, Y, 0.3, 0.1).w, minimise(dense.X, Y, 0.3, 0.1).w, atol=1e-10)


def test_by_hand():
    # Orthogonal columns: each row of slopes, (3, 4) and (0.3, 0.4), is shortened by 1.
    X = np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    Y = X @ np.array([[3.0, 4.0], [0.3, 0.4]])
    np.testing.assert_allclose(minimise(X, Y, 1.0, 0.0).w, [[2.4, 3.2], [0, 0]], atol=1e-13)
    np.testing.assert_allclose(minimise(X, Y, 1.0, 1.0).w, [[1.2, 1.6], [0, 0]], atol=1e-13)


def test_what_stops_early_says_how_large_the_gap_is():
    X, Y = several(20, 40)
    with pytest.warns(RuntimeWarning, match="^stopped after 1 steps"):
        result = minimise(X, Y, 0.01, 0.0, max_iter=1)
    assert not result.converged


@pytest.mark.parametrize("what", sorted(BAD_DATA.keys() - {"X sparse", "y a column", "y a number", "X empty"}))
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=re.sub("^y ", "Y ", message)):
        minimise(X, np.asarray(y)[:, None], 0.1, 0.0)


@pytest.mark.parametrize("what", sorted(BAD_LAMS))
def test_weights_that_cannot_be_used_are_refused(what):
    X, Y = several()
    for weights in ((BAD_LAMS[what], 0.1), (0.1, BAD_LAMS[what])):
        with pytest.raises(ValueError, match=r"^lam"):
            minimise(X, Y, *weights)


@pytest.mark.parametrize(
    ("l1", "W", "said"),
    [
        (0.0, None, "^l1 must be > 0"),
        (0.1, np.zeros((2, 3)), "^W must have"),
        (0.1, np.full((5, 3), np.nan), "^W holds NaN"),
    ],
)
def test_what_else_is_refused_by_name(l1, W, said):
    X, Y = several()
    with pytest.raises(ValueError, match=said):
        minimise(X, Y, l1, 0.0, W=W)

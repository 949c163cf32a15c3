"""Laws of the last digits: what no gap shows is right too, whatever the penalty and however the columns lie."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls
from scipy.sparse import csc_array
from shrinkage import coordinate_descent
from shrinkage.duality import gap
from shrinkage.losses import objective
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.polish import conjugate_gradients, minimise, polish
from shrinkage.sparse import Centred

from tests.shrinkage.problems import exact, generic, lams, mixes, problems

pytestmark = pytest.mark.filterwarnings("error")


def distance(X, y, w, lam, penalty):
    """How far `w` is from the optimality conditions, beside the largest derivative at zero."""
    n = len(y)
    left = penalty.subdifferential_distance(w, -X.T @ (y - X @ w) / n, lam).max()
    return left / np.abs(X.T @ y / n).max()


def swept(X, y, lam, penalty, sweeps):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return coordinate_descent.minimise(X, y, lam, penalty, max_iter=sweeps).w


def centred(n, p, seed=0):
    X, y = generic(n, p, seed)
    return X - X.mean(axis=0), y - y.mean()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_polish_never_leads_away_from_the_minimum(data):
    X, y = data.draw(problems(max_p=4))
    penalty, lam = data.draw(mixes(X.shape[1])), data.draw(lams)
    w = swept(X, y, lam, penalty, data.draw(st.integers(0, 5)))
    before, after = (objective(X, y, v, lam, penalty) for v in (w, polish(X, y, w, lam, penalty)))
    assert after <= before + 1e-13 * (y @ y)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_least_objective_is_that_of_the_formulas(data):
    X, y = data.draw(problems(max_p=4))
    penalty, lam = data.draw(mixes(X.shape[1])), data.draw(lams)
    result = minimise(X, y, lam, penalty)
    least = exact(X, y, lam, penalty)[0]
    null = y @ y / (2 * len(y))
    assert objective(X, y, result.w, lam, penalty) <= least + 1e-9 * null
    assert result.converged
    assert result.gap == gap(X, y, result.w, lam, penalty)
    assert len(result.history) == result.n_iter + 1


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("shape", [(30, 5), (20, 60), (200, 30)])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.01, 0.0])
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("lam", [1e-4, 1e-2, 1.0])
def test_optimality_holds_to_the_last_digits_where_sweeps_alone_would_take_thousands(
    sparse, shape, l1_ratio, positive, lam
):
    X, y = centred(*shape)
    penalty = ElasticNet(l1_ratio, None, positive)
    result = minimise(csc_array(X) if sparse else X, y, lam, penalty)
    assert result.converged
    assert result.n_iter < 500
    assert distance(X, y, result.w, lam, penalty) < 1e-11


def test_sweeps_alone_leave_digits_that_the_gap_does_not_show():
    X, y = centred(30, 5)
    penalty = ElasticNet(0.5, None, positive=True)
    w = coordinate_descent.minimise(X, y, 0.01, penalty).w
    assert distance(X, y, w, 0.01, penalty) > 1e-10
    assert distance(X, y, polish(X, y, w, 0.01, penalty), 0.01, penalty) < 1e-13


@pytest.mark.parametrize("lam", [1e-4, 1.0])
def test_non_negative_ridge_is_that_of_lawson_and_hanson(lam):
    X, y = centred(20, 60)
    rows = np.vstack([X, np.sqrt(20 * lam) * np.eye(60)])
    w = nnls(rows, np.append(y, np.zeros(60)))[0]
    np.testing.assert_allclose(minimise(X, y, lam, L2(positive=True)).w, w, rtol=1e-8, atol=1e-9)


def test_sparse_columns_are_centred_without_filling_them():
    X, y = generic(30, 6)
    X[np.abs(X) < 2] = 0
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    sparse = Centred(csc_array(X), X.mean(axis=0))
    for penalty in (L1(), L2(), ElasticNet(0.5)):
        w = minimise(sparse, yc, 0.1, penalty).w
        np.testing.assert_allclose(w, minimise(Xc, yc, 0.1, penalty).w, rtol=1e-11, atol=1e-12)


def test_ridge_needs_no_sweep():
    X, y = centred(50, 20)
    result = minimise(X, y, 0.1, L2())
    w = np.linalg.solve(X.T @ X + 5 * np.eye(20), X.T @ y)
    np.testing.assert_allclose(result.w, w, rtol=1e-9, atol=1e-11)
    assert result.n_iter == 1


def test_started_at_the_minimum_it_stays_there():
    X, y = centred(30, 5)
    w = minimise(X, y, 0.1, L1()).w
    again = minimise(X, y, 0.1, L1(), w=w)
    assert again.n_iter == 1
    np.testing.assert_allclose(again.w, w, rtol=1e-13)


def test_out_of_sweeps_it_says_so():
    X, y = centred(20, 60)
    with pytest.warns(RuntimeWarning, match="stopped after"):
        result = minimise(X, y, 1e-4, L1(), max_iter=3)
    assert not result.converged
    assert result.n_iter <= 3


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 3))
def test_conjugate_gradients_solve_the_equation(problem, exponent):
    X, c = problem[0], np.resize(problem[1], problem[0].shape[1])
    d = np.full(len(c), 10.0**-exponent)
    matrix = X.T @ X / len(X) + np.diag(d)
    np.testing.assert_allclose(matrix @ conjugate_gradients(X, c, d), c, atol=1e-9 * (1 + np.abs(c).max()))


@pytest.mark.parametrize("kind", [np.asfortranarray, lambda X: X.astype(int), csc_array, np.ndarray.tolist])
def test_arrays_as_they_come(kind):
    X, y = np.array([[1.0, 0], [-1, 2], [3, -2]]), np.array([1.0, 2, -3])
    np.testing.assert_allclose(minimise(kind(X), y, 0.1, L1()).w, minimise(X, y, 0.1, L1()).w, atol=1e-12)
    X.flags.writeable = y.flags.writeable = False
    w = np.zeros(2)
    w.flags.writeable = False
    assert minimise(X, y, 0.1, L1(), w=w).converged


def test_single_precision_stays_single():
    X, y = (a.astype(np.float32) for a in centred(30, 5))
    result = minimise(X, y, 0.1, ElasticNet(0.5))
    assert result.w.dtype == np.float32
    assert distance(X, y, result.w, 0.1, ElasticNet(0.5)) < 1e-5


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"X": [[np.nan, 1.0]]}, "X holds NaN"),
        ({"y": [[1.0]]}, "y must be one-dimensional"),
        ({"lam": -1.0}, "lam must be a finite number >= 0"),
        ({"w": [1.0]}, "w must have one number a column"),
    ],
)
def test_refuses_by_name(changed, said):
    given = {"X": [[1.0, 2.0]], "y": [1.0], "w": [0.0, 0.0], "lam": 1.0, "penalty": L1()} | changed
    with pytest.raises(ValueError, match=said):
        polish(**given)
    with pytest.raises(ValueError, match=said):
        minimise(**given)


def test_by_hand():
    # One column of length √2, n = 2: the covariance is 2, and lam takes 0.5 of it.
    X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])
    assert polish(X, y, np.array([0.3]), 0.5, L1()) == pytest.approx([1.5])
    assert polish(X, y, np.array([0.3]), 1.0, L2()) == pytest.approx([1.0])
    assert conjugate_gradients(X, np.array([3.0]), np.array([0.5])) == pytest.approx([2.0])

"""Laws of the centred sparse matrix: it is the filled one in all that solvers ask of it."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage.columns import squared_lengths
from shrinkage.coordinate_descent import minimise
from shrinkage.duality import dual_point, gap, surely_zero
from shrinkage.losses import objective
from shrinkage.penalties import L1, ElasticNet
from shrinkage.sparse import Centred

from tests.shrinkage.problems import generic, lams, mixes, weighted_problems

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)


def made(X, s=None):
    """(centred, filled): weighted rows of `X` less their means, never formed and formed."""
    n = len(X)
    s = np.ones(n) if s is None else np.asarray(s, float)
    X, d = X[s > 0], np.sqrt(np.count_nonzero(s) * s[s > 0] / s.sum())
    mean = d**2 @ X / len(X)
    return Centred(sparse.csc_array(d[:, None] * X), mean, d), d[:, None] * (X - mean)


@st.composite
def matrices(draw):
    """(centred, filled, y) of small whole numbers, many of them zero, with whole weights; `y` is centred too."""
    X, y, s = draw(weighted_problems(max_n=8))
    centred, filled = made(np.where(np.abs(X) > 3, X, 0.0), s)
    return centred, filled, centred.d * (y - s @ y / s.sum())[s > 0]


# Laws


@examples
@given(matrices(), st.integers(0, 10**6))
def test_products_columns_and_lengths_are_those_of_the_filled_matrix(case, seed):
    A, filled, _ = case
    rng = np.random.default_rng(seed)
    w, r = rng.normal(size=A.shape[1]), rng.normal(size=A.shape[0])
    assert A.shape == filled.shape
    assert_allclose(A @ w, filled @ w, atol=1e-12)
    assert_allclose(A.T @ r, filled.T @ r, atol=1e-12)
    assert_allclose(A.squared_lengths(), np.sum(filled**2, axis=0), atol=1e-12)
    assert_array_equal(squared_lengths(A), A.squared_lengths())
    some = rng.random(A.shape[1]) < 0.5
    assert_allclose(A.dense(some), filled[:, some], atol=1e-13)
    for j in range(A.shape[1]):
        rows, entries = A.column(j)
        whole = -A.d * A.m[j]
        whole[rows] += entries
        assert_allclose(whole, filled[:, j], atol=1e-13)


@examples
@given(matrices(), st.integers(0, 10**6))
def test_transposing_is_the_adjoint(case, seed):
    A, rng = case[0], np.random.default_rng(seed)
    w, r = rng.normal(size=A.shape[1]), rng.normal(size=A.shape[0])
    assert_allclose(r @ (A @ w), (A.T @ r) @ w, atol=1e-11)


@examples
@given(matrices(), lams, st.data())
def test_gap_dual_point_objective_and_screening_are_those_of_the_filled_matrix(case, lam, data):
    A, filled, y = case
    penalty = data.draw(mixes(A.shape[1]))
    w = np.abs(np.arange(A.shape[1]) - 1.0)
    noise = 1e-9 * (1 + y @ y + objective(filled, y, w, lam, penalty))
    for function in (gap, objective):
        assert abs(function(A, y, w, lam, penalty) - function(filled, y, w, lam, penalty)) <= noise
    scale = 1e-9 * (1 + np.abs(y).max() + np.abs(filled @ w).max())
    assert_allclose(dual_point(A, y, w, lam, penalty), dual_point(filled, y, w, lam, penalty), atol=scale)
    # Two bounds that differ by rounding can only differ on columns at the edge of both.
    sure = surely_zero(A, y, w, lam, penalty), surely_zero(filled, y, w, lam, penalty)
    looser = surely_zero(filled, y, w, lam * (1 + 1e-9), penalty), surely_zero(filled, y, w, lam * (1 - 1e-9), penalty)
    assert np.array_equal(*sure) or not np.array_equal(*looser)


@examples
@given(matrices(), lams, st.data())
def test_a_sweep_of_descent_is_that_of_the_filled_matrix(case, lam, data):
    A, filled, y = case
    penalty = data.draw(mixes(A.shape[1]))
    # The filled one has columns of rounding where the other knows that they are constant.
    filled = np.where(A.squared_lengths() > 0, filled, 0.0)
    for sweeps in (1, 3):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            a, b = (minimise(X, y, lam, penalty, max_iter=sweeps, tol=0.0) for X in (A, filled))
        assert_allclose(a.w, b.w, atol=1e-9 * (1 + np.abs(y).max()))
        assert abs(a.gap - b.gap) <= 1e-9 * (1 + y @ y)


# Lengths of columns that are constant or nearly


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("value", [0.1, 1.0, 1e9, 1e-9])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_constant_column_has_the_length_zero_exactly_and_no_other(dtype, value, weighted):
    n = 50
    s = np.arange(1.0, n + 1) if weighted else np.ones(n)
    d = np.sqrt(n * s / s.sum()).astype(dtype)
    X = np.full((n, 2), value, dtype)
    eps = np.finfo(dtype).eps
    X[0, 1] *= 1 + 1e4 * eps
    m = (s / s.sum() @ X).astype(dtype)
    lengths = Centred(sparse.csc_array(d[:, None] * X), m, d).squared_lengths()
    assert lengths.dtype == dtype
    assert lengths[0] == 0
    expected = np.sum((d[:, None] * (X.astype("f8") - s / s.sum() @ X.astype("f8"))) ** 2, axis=0)
    assert_allclose(lengths[1], expected[1], rtol=1e-2)


def test_a_column_of_stored_zeros_and_one_of_none_have_the_length_zero():
    X = sparse.csc_array((np.zeros(3), [0, 1, 2], [0, 3, 3]), shape=(3, 2))
    assert_array_equal(Centred(X, np.zeros(2)).squared_lengths(), [0, 0])


def test_one_entry_of_very_many_rows_by_hand():
    # One 1 in n rows: n − 1 entries of −1/n and one of 1 − 1/n have the squared length 1 − 1/n.
    n = 10**6
    X = sparse.csc_array(([1.0], [7], [0, 1]), shape=(n, 1))
    assert_allclose(Centred(X, np.array([1 / n])).squared_lengths(), 1 - 1 / n, rtol=1e-12)


# Cost and precision


def test_it_stores_no_more_than_its_entries_and_a_vector_each_way():
    X = sparse.random_array((10**5, 10**4), density=1e-6, rng=0, format="csc")
    A = Centred(X, np.ones(10**4) * 1e-6)
    y = A @ np.ones(10**4)
    assert A.X is X
    assert (len(y), len(A.T @ y), len(A.squared_lengths())) == (10**5, 10**4, 10**4)  # 8 GB if it were filled


def test_another_precision_is_another_matrix():
    A, _ = made(generic()[0])
    B = A.astype("f4")
    assert (A.dtype, B.dtype) == (np.float64, np.float32)
    assert {a.dtype.name for a in (B.X, B.m, B.d, B.squared_lengths())} == {"float32"}
    assert (B @ np.ones(5, "f4")).dtype == (B.T @ np.ones(30, "f4")).dtype == np.float32


def test_solvers_do_not_change_it():
    X, y = generic()
    A, filled = made(np.where(np.abs(X) > 2, X, 0))
    data, m = A.X.data.copy(), A.m.copy()
    A.X.data.flags.writeable = A.m.flags.writeable = A.d.flags.writeable = False
    for penalty in (L1(), ElasticNet(0.5, [0.0, 1, 1, 1, 1])):
        w = minimise(A, y - y.mean(), 0.3, penalty, tol=1e-14).w
        assert_allclose(w, minimise(filled, y - y.mean(), 0.3, penalty, tol=1e-14).w, atol=1e-6)
    assert_array_equal(A.X.data, data)
    assert_array_equal(A.m, m)


def test_products_by_hand():
    # (1, 0) and (3, 2) less their means 2 and 1 are −1, 1 and −1, 1.
    A = Centred(sparse.csc_array([[1.0, 0.0], [3.0, 2.0]]), np.array([2.0, 1.0]))
    assert_array_equal(A @ [1.0, 2.0], [-3.0, 3.0])
    assert_array_equal(A.T @ np.array([1.0, 3.0]), [2.0, 2.0])
    assert_array_equal(A.squared_lengths(), [2.0, 2.0])
    assert_array_equal(A.dense([False, True]), [[-1.0], [1.0]])


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_one_missing_entry_among_very_many_makes_a_column(dtype):
    n = 10**6
    entries = np.ones(n, dtype)
    entries[5] = 0
    A = Centred(sparse.csc_array(entries[:, None]), np.array([1 - 1 / n], dtype))
    assert_allclose(A.squared_lengths(), [1 - 1 / n], rtol=0.1 if dtype == "f4" else 1e-9)

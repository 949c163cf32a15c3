"""Laws of leaving out rows: each error is that of the refit which never saw the row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array
from shrinkage.gram import gather
from shrinkage.leave_one_out import errors_of_others
from shrinkage.plain import plain_problem
from shrinkage.ridge_tuning import leave_one_out_path

from tests.shrinkage.problems import generic, problems

pytestmark = pytest.mark.filterwarnings("error")


def all_errors(X, Y, lams, g=None, G=None):
    return np.concatenate([E for _, E in errors_of_others(X, Y, lams, g, G)], axis=1)


def refits(X, Y, lam, intercept, s):
    """√s_i (y_i − prediction of the fit to the other rows), each fit by least squares; total penalty kept."""
    n, p = X.shape
    A = np.hstack([X, np.ones((n, 1))]) if intercept else X
    price = np.sqrt(s.sum() * lam) * np.eye(p, A.shape[1])
    E = np.empty_like(Y)
    for i in range(n):
        roots = np.sqrt(np.delete(s, i))[:, None]
        rows = np.vstack([np.delete(A, i, axis=0) * roots, price])
        targets = np.vstack([np.delete(Y, i, axis=0) * roots, np.zeros((p, Y.shape[1]))])
        E[i] = np.sqrt(s[i]) * (Y[i] - A[i] @ np.linalg.lstsq(rows, targets)[0])
    return E


@pytest.mark.parametrize("kind", [np.asarray, csc_array, "gathered"])
@pytest.mark.parametrize("shape", [(25, 4), (8, 20), (12, 11)])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_is_what_refitting_gives(kind, shape, intercept, weighted):
    X, _ = generic(*shape)
    X[np.abs(X) < 1] = 0
    Y = np.random.default_rng(1).normal(size=(shape[0], 3)) + 2
    s = np.arange(shape[0]) % 4 + 0.5 if weighted else np.ones(shape[0])
    s /= s.mean()
    # The squares of sparse data, which are not filled, do not know a lam as small as can be.
    lams = [0.01, 1.0, 100.0] if kind is csc_array else [1e-10, 0.01, 1.0, 100.0]
    if kind == "gathered":
        data = gather(X, Y, intercept, s if weighted else None)
        data, targets, G = data.X, data.Y, data.G
    else:
        data, G = plain_problem(kind(X), Y[:, 0], intercept, False, s).X, None
        targets = np.sqrt(s)[:, None] * (Y - s @ Y / len(s) * intercept)
    E = all_errors(data, targets, lams, np.sqrt(s / len(s)) if intercept else None, G)
    for errors, lam in zip(E, lams, strict=True):
        np.testing.assert_allclose(errors, refits(X, Y, lam, intercept, s), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("intercept", [True, False])
def test_of_more_columns_than_rows_the_errors_have_a_limit_without_a_penalty(intercept):
    X, Y = generic(8, 20)
    if intercept:
        X, Y = X - X.mean(axis=0), Y - Y.mean()
    E = all_errors(X, Y[:, None], [1e-9, 1e-17], np.full(8, 8**-0.5) if intercept else None)
    assert np.isfinite(E).all()
    np.testing.assert_allclose(E[1], E[0], rtol=1e-6)


@settings(max_examples=50, deadline=None)
@given(problems(min_n=2), st.floats(-2, 2))
def test_is_the_path_of_one_target_whatever_the_rank(problem, exponent):
    X, y = problem
    Xc, yc, g = X - X.mean(axis=0), y - y.mean(), np.full(len(y), len(y) ** -0.5)
    expected = leave_one_out_path(X, y, [10.0**exponent])[0]
    for kind in (np.asarray, csc_array):
        np.testing.assert_allclose(
            all_errors(kind(Xc), yc[:, None], [10.0**exponent], g)[0, :, 0], expected, rtol=1e-6, atol=1e-7
        )


def test_a_tiny_penalty_on_unlike_columns_keeps_its_digits():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 4)) * [1e6, 1.0, 1.0, 1.0]
    y = X @ [1e-6, 1, 1, 1] + rng.normal(size=30)
    Xc, yc, g = X - X.mean(axis=0), y - y.mean(), np.full(30, 30**-0.5)
    E = all_errors(Xc, yc[:, None], [1e-6], g)[0, :, 0]
    np.testing.assert_allclose(E, refits(X, y[:, None], 1e-6, True, np.ones(30))[:, 0], rtol=1e-6, atol=1e-7)


def test_rows_come_in_blocks_and_are_the_same():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(9000, 3))
    y = rng.normal(size=(9000, 2))
    found = list(errors_of_others(X, y, [0.1, 1.0]))
    assert [E.shape for _, E in found] == [(2, 4096, 2), (2, 4096, 2), (2, 808, 2)]
    S = np.linalg.inv(X.T @ X + 900 * np.eye(3))
    H = np.einsum("ij,jk,ik->i", X, S, X)
    np.testing.assert_allclose(
        np.concatenate([E[0] for _, E in found]), (y - X @ (S @ (X.T @ y))) / (1 - H)[:, None], rtol=1e-9
    )


def test_a_row_that_the_others_say_nothing_about_has_an_infinite_error():
    X, y = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.array([[1.0], [2.0], [3.0]])
    E = all_errors(X, y, [0.0])[0, :, 0]
    assert np.isinf(E[0])
    np.testing.assert_allclose(E[1:], [-1.0, 1.0])


@pytest.mark.parametrize("kind", [np.asarray, csc_array])
def test_nor_do_the_others_say_anything_about_a_row_that_has_a_column_of_its_own(kind):
    X, y = generic(10, 4)
    X[:, 1], X[:, 2] = np.arange(10) == 3, X[:, 0]
    E = all_errors(kind(X), y[:, None], [0.0])[0, :, 0]
    assert np.isinf(E[3])
    np.testing.assert_allclose(
        np.delete(E, 3),
        refits(np.delete(X, [1, 2], 1)[np.arange(10) != 3], np.delete(y, 3)[:, None], 0.0, False, np.ones(9))[:, 0],
    )


def test_by_hand():
    # Of one row of three the other two have the mean; an enormous penalty leaves nothing else.
    E = all_errors(np.array([[-2.0], [-1.0], [3.0]]), np.array([[-3.0], [0.0], [3.0]]), [1e12], np.full(3, 3**-0.5))
    np.testing.assert_allclose(E.ravel(), [-4.5, 0.0, 4.5], atol=1e-9)


@pytest.mark.parametrize(("X", "lams", "said"), [([[np.nan]], [1.0], "X holds NaN"), ([[1.0]], [-1.0], "lams must be")])
def test_refuses_by_name(X, lams, said):
    with pytest.raises(ValueError, match=said):
        next(errors_of_others(X, np.ones((1, 1)), lams))

"""Newton's step: whichever way it is found, it solves its system, and never needs what it says it does not need."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import sparse
from shrinkage import newton_step
from shrinkage.losses import Logistic, Multinomial, Poisson
from shrinkage.newton_step import Blocks, NewtonStep, rooted, roots
from shrinkage.sparse import Centred

pytestmark = pytest.mark.filterwarnings("error")
LOSSES = {"logistic": Logistic(), "poisson": Poisson(), "multinomial": Multinomial(3)}
SHAPES = {"more rows": (30, 4), "more columns": (6, 40)}


def problem(name, shape, free=1, seed=0):
    """(X, d, y, w): columns whose last `free` have no penalty, a target that the loss takes, and some point."""
    rng, loss, (n, p) = np.random.default_rng(seed), LOSSES[name], SHAPES[shape]
    X = rng.normal(size=(n, p)) * (rng.random((n, p)) < 0.5) + (np.arange(p) >= p - free)
    X, d = np.kron(X, np.eye(loss.K)), np.repeat(np.where(np.arange(p) < p - free, rng.uniform(0.01, 1, p), 0), loss.K)
    y = np.eye(3)[rng.integers(3, size=n)].ravel() if name == "multinomial" else rng.integers(2, size=n).astype(float)
    return X, d, y, rng.normal(size=len(d)) / 5


def second_derivative(loss, y, eta):
    """By the definition, one prediction after another."""
    e = 1e-6
    return np.stack([(loss.gradient(y, eta + v) - loss.gradient(y, eta - v)) / (2 * e) for v in e * np.eye(len(eta))])


def as_sparse(X):
    return Centred(sparse.csc_array(X), np.zeros(X.shape[1]))


@pytest.mark.parametrize("name", LOSSES)
def test_blocks_are_the_second_derivative(name):
    X, _, y, w = problem(name, "more rows")
    R, C = roots(LOSSES[name], y, X @ w), second_derivative(LOSSES[name], y, X @ w)
    assert_allclose(R.squared() @ np.eye(len(y)), C, atol=1e-8)
    assert_allclose(R.T @ (R @ eta_like(y)), C @ eta_like(y), atol=1e-8)
    assert_allclose(R.squared().diagonal(), np.diag(C), atol=1e-8)


def eta_like(y):
    return np.cos(np.arange(len(y)))


def test_a_transpose_is_that_of_the_matrix():
    A = Blocks(np.random.default_rng(0).normal(size=(4, 3, 3)))
    assert_allclose(A.T @ np.eye(12), (A @ np.eye(12)).T)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_rooted_columns_have_the_second_derivative_as_their_squares(name, scale):
    X, _, y, w = problem(name, "more rows")
    dense = rooted(X, LOSSES[name], y, X @ w, scale)
    expected = scale**2 * X.T @ second_derivative(LOSSES[name], y, X @ w) @ X
    assert_allclose(dense.T @ dense, expected, atol=1e-6)
    assert_allclose(rooted(as_sparse(X), LOSSES[name], y, X @ w, scale).X.toarray(), dense, atol=1e-14)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("free", [0, 1])
@pytest.mark.parametrize(
    ("kind", "steps"), [(np.asarray, 300), (as_sparse, 300), (as_sparse, 3)], ids=["dense", "sparse", "formed"]
)
def test_the_step_solves_its_system(name, shape, free, kind, steps, monkeypatch):
    monkeypatch.setattr(newton_step, "STEPS", steps)
    X, d, y, w = problem(name, shape, free)
    loss, eta = LOSSES[name], X @ w
    step = NewtonStep(kind(X), d, loss, y).from_point(w, eta)
    H = X.T @ (roots(loss, y, eta).squared() @ X) + np.diag(d)
    slope = X.T @ loss.gradient(y, eta) + d * w
    assert_allclose(H @ step, -slope, atol=1e-9 * np.abs(slope).max())


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("kind", [np.asarray, as_sparse], ids=["dense", "sparse"])
def test_at_the_minimum_it_stays_and_from_there_on_steps_are_as_good(name, kind):
    X, d, y, w = problem(name, "more rows")
    loss = LOSSES[name]
    steps = NewtonStep(kind(X), d, loss, y)
    for _ in range(30):
        w = w + steps.from_point(w, X @ w)
    assert_allclose(X.T @ loss.gradient(y, X @ w) + d * w, 0, atol=1e-13)
    # Far from where its matrix was factored the step is that of one that was factored there.
    far = w + 3 * np.cos(np.arange(len(w)))
    found = [X @ each.from_point(far, X @ far) for each in (steps, NewtonStep(kind(X), d, loss, y))]
    here, fresh = (apart(eta, loss.K) for eta in found)
    assert_allclose(here, fresh, atol=1e-7 * np.abs(fresh).max())


def apart(eta, K):
    """Predictions without what all classes have in common, which is nobody's."""
    H = eta.reshape(-1, K)
    return H if K == 1 else H - H.mean(axis=1, keepdims=True)


@pytest.mark.parametrize("enough", [1e-2, 1e-4])
def test_a_share_of_the_slope_is_left_where_it_may_be(enough):
    X, d, y, w = problem("logistic", "more columns", free=0)
    steps = NewtonStep(as_sparse(X), d, Logistic(), y)
    H = X.T @ (roots(Logistic(), y, X @ w).squared() @ X) + np.diag(d)
    slope, units = X.T @ Logistic().gradient(y, X @ w) + d * w, 1 / np.diag(H)
    left = slope + H @ steps.from_point(w, X @ w, enough)
    assert 0 < left @ (units * left) <= enough * (slope @ (units * slope))


def test_a_sparse_matrix_with_many_columns_is_never_multiplied_with_itself(monkeypatch):
    X, d, y, w = problem("logistic", "more rows", free=0)
    monkeypatch.setattr(newton_step, "STEPS", 2)
    monkeypatch.setattr(newton_step, "MOST_COLUMNS", 3)
    monkeypatch.setattr(newton_step, "rooted", None)
    step = NewtonStep(as_sparse(X), d, Logistic(), y).from_point(w, X @ w)
    slope = X.T @ Logistic().gradient(y, X @ w) + d * w
    assert step @ slope < 0, "unfinished, it still leads downhill"


def test_where_rows_are_fewer_no_matrix_of_the_columns_is_formed(monkeypatch):
    X, d, y, w = problem("logistic", "more columns")
    monkeypatch.setattr(newton_step, "rooted", None)
    assert NewtonStep(X, d, Logistic(), y).from_point(w, X @ w).any()


@pytest.mark.parametrize(("kind", "steps"), [(np.asarray, 300), (as_sparse, 300), (as_sparse, 1)])
def test_a_column_of_zeros_without_a_penalty_stays_where_it_is(kind, steps, monkeypatch):
    monkeypatch.setattr(newton_step, "STEPS", steps)
    X, d, y, w = problem("logistic", "more rows")
    X[:, 1], d[1] = 0, 0
    found = NewtonStep(kind(X), d, Logistic(), y).from_point(w, X @ w)
    others = np.arange(4) != 1
    without = NewtonStep(X[:, others], d[others], Logistic(), y).from_point(w[others], X @ w)
    assert found[1] == 0
    assert steps == 1 or np.allclose(found[others], without, rtol=0, atol=1e-9)

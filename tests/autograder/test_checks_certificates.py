"""Certificates are zero at the optimum, whatever the data's shape and scale, and grow with the error."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from autograder.checks import certificates as cert
from autograder.checks.draws import regression

SHAPES = [(30, 4), (6, 20), (12, 12), (9, 1)]
SCALES = [1.0, 1e-6, 1e6]


def optimum(X, y, lam):
    """Least squares on augmented rows: shares no line with the reference or the certificates."""
    n, p = X.shape
    rows = np.vstack([X, np.sqrt(n * lam) * np.eye(p)])
    return np.linalg.lstsq(rows, np.concatenate([y, np.zeros(p)]), rcond=None)[0]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("lam", [1e-8, 0.3, 1e3])
def test_the_ridge_gradient_is_zero_at_the_optimum_and_only_there(shape, scale, lam):
    X, y = regression(np.random.default_rng(3), *shape)
    X, lam = scale * X, scale**2 * lam
    w = optimum(X, y, lam)
    assert cert.ridge_gradient(X, y, w, lam) < 1e-13
    assert cert.ridge_gradient(X, y, 1.01 * w, lam) > 1e-7
    assert cert.ridge_gradient(X, y, np.zeros_like(w), lam) > 1e-3


def test_the_ridge_gradient_is_zero_for_almost_dependent_columns():
    X, y = regression(np.random.default_rng(4), 20, 5)
    X[:, 4] = X[:, 0] + 1e-7 * X[:, 1]
    w = optimum(X, y, 1e-10)
    assert cert.ridge_gradient(X, y, w, 1e-10) < 1e-13


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("offset", [0.0, 5.0, 1e4])
def test_gradient_and_mean_residual_vanish_with_the_free_intercept(shape, offset):
    X, y = regression(np.random.default_rng(5), *shape, centred=False, offset=offset)
    n, lam = len(y), 0.4
    w = optimum(X - X.mean(axis=0), y - y.mean(), lam)
    b = y.mean() - X.mean(axis=0) @ w
    assert cert.ridge_gradient(X - X.mean(axis=0), y - y.mean(), w, lam) < 1e-13
    assert cert.mean_residual(X, y, w, b) < 1e-13
    assert cert.mean_residual(X, y, w, b + 0.01 * np.std(y)) > 1e-9
    assert n == len(X)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", SCALES)
def test_the_dual_residual_is_zero_at_the_scaled_residual_of_the_optimum(shape, scale):
    X, y = regression(np.random.default_rng(6), *shape)
    X, lam = scale * X, scale**2 * 0.2
    a = (y - X @ optimum(X, y, lam)) / (len(y) * lam)
    assert cert.ridge_dual(X, y, a, lam) < 1e-12
    assert cert.ridge_dual(X, y, 1.01 * a, lam) > 1e-6


@pytest.mark.parametrize(("n", "p"), [(10, 3), (7, 12)])
def test_deleted_residuals_are_those_of_refitting_by_scikit_learn(n, p):
    X, y = regression(np.random.default_rng(7), n, p, centred=False)
    lam = 0.3
    left = np.empty(n)
    for i in range(n):
        rest = np.arange(n) != i
        left[i] = y[i] - Ridge(alpha=n * lam, solver="svd").fit(X[rest], y[rest]).predict(X[i : i + 1])[0]
    np.testing.assert_allclose(cert.deleted_residuals(X, y, lam), left, rtol=1e-9)


def test_without_a_slope_the_deleted_residual_is_the_distance_to_the_mean_of_the_others():
    y = np.array([3.0, 6.0, 9.0])
    np.testing.assert_allclose(cert.deleted_residuals(np.zeros((3, 1)), y, 1.0), [-4.5, 0.0, 4.5], atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("share", [0.3, 1.0, 1.9])
@pytest.mark.parametrize("steps", [1, 7, 60])
def test_no_descent_has_taken_fewer_steps_than_the_fewest_that_lead_to_its_point(shape, share, steps):
    X, y = regression(np.random.default_rng(8), *shape)
    lam, n = 0.3, len(y)
    size = share / (np.linalg.norm(X, 2) ** 2 / n + lam)
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - size * (X.T @ (X @ w - y) / n + lam * w)
    assert cert.ridge_fewest(X, y, w, lam) <= steps


def test_a_solved_system_would_take_many_steps():
    X, y = regression(np.random.default_rng(9), 24, 4)
    assert cert.ridge_fewest(X, y, optimum(X, y, 0.1), 0.1) > 50

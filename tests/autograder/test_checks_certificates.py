"""Certificates are zero at the optimum, whatever the data's shape and scale, and grow with the error."""

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, Ridge

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


MIXES = [(1.0, 1.0), (1e-6, 1.0), (1e6, 1.0), (1.0, 0.5), (1.0, 0.01)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("scale", "l1_ratio"), MIXES)
@pytest.mark.parametrize("share", [0.0, 0.05, 0.4, 0.9])
def test_the_lasso_distance_is_zero_at_a_minimiser_and_only_there(shape, scale, l1_ratio, share):
    X, y = regression(np.random.default_rng(10), *shape)
    X = scale * X
    lam = share * np.abs(X.T @ y).max() / (len(y) * l1_ratio)
    w = cert.lasso_exact(X, y, lam, l1_ratio)
    assert cert.lasso_distance(X, y, w, lam, l1_ratio) < 1e-13
    assert cert.lasso_distance(X, y, 1.01 * w, lam, l1_ratio) > 1e-5
    assert cert.lasso_distance(X, y, np.zeros_like(w), lam, l1_ratio) > 1e-3
    # What is almost zero is not zero.
    if share and np.any(w == 0):
        assert cert.lasso_distance(X, y, np.where(w == 0, 1e-200, w), lam, l1_ratio) > 1e-3


@pytest.mark.parametrize("l1_ratio", [1.0, 0.7])
def test_from_the_largest_correlation_on_zero_is_the_minimiser(l1_ratio):
    X, y = regression(np.random.default_rng(11), 20, 5)
    largest = np.abs(X.T @ y).max() / (20 * l1_ratio)
    assert cert.lasso_distance(X, y, np.zeros(5), largest, l1_ratio) < 1e-15
    assert not cert.lasso_exact(X, y, 1.0001 * largest, l1_ratio).any()
    assert np.sum(cert.lasso_exact(X, y, 0.9999 * largest, l1_ratio) != 0) == 1


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("share", [0.05, 0.4])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.5])
def test_the_exact_minimiser_is_the_one_that_scikit_learn_comes_near(shape, share, l1_ratio):
    X, y = regression(np.random.default_rng(12), *shape, correlation=0.5)
    lam = share * np.abs(X.T @ y).max() / (len(y) * l1_ratio)
    near = ElasticNet(alpha=lam, l1_ratio=l1_ratio, fit_intercept=False, tol=1e-14, max_iter=10**6).fit(X, y).coef_
    np.testing.assert_allclose(cert.lasso_exact(X, y, lam, l1_ratio), near, atol=1e-6)


def test_dependent_columns_have_a_certified_minimiser_all_the_same():
    X, y = regression(np.random.default_rng(13), 15, 6)
    # A copy, a copy turned round, a sum, nothing at all.
    X[:, 1], X[:, 2], X[:, 3], X[:, 5] = X[:, 0], -X[:, 0], X[:, 0] + X[:, 4], 0.0
    for share in np.linspace(0, 1, 9):
        lam = share * np.abs(X.T @ y).max() / 15
        assert cert.lasso_distance(X, y, cert.lasso_exact(X, y, lam), lam) < 1e-12


def test_half_of_what_is_beyond_the_penalty_is_left_by_a_column_of_curvature_two():
    X, y = np.array([[2.0], [0.0], [-2.0], [0.0]]), np.array([3.0, 1.0, -3.0, -1.0])
    assert cert.lasso_exact(X, y, 1.0).tolist() == [1.0]

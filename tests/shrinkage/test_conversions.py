"""Every conversion, proved by running the other library and looking at the optimality conditions here.

A solution of scikit-learn's at the converted weight must satisfy the conditions of *our* objective
at `lam`, and must not satisfy them at another `lam`: so no test passes by looseness.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from shrinkage import conversions as convert
from shrinkage import ridge
from shrinkage.least_squares import standardise
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge

from tests.shrinkage.problems import generic

pytestmark = pytest.mark.filterwarnings("error")

X, y = generic(n=40, p=4, seed=5)
X = standardise(X)[0]
n = len(y)
labels = np.where(y > np.median(y) + np.random.default_rng(2).normal(size=n) * 2, 1.0, -1.0)
weights = np.random.default_rng(1).integers(1, 5, size=n).astype(float)
LAMS = [0.01, 0.1, 0.5]


def squares_gradient(w, b, s=None):
    """Gradient of 1/(2 Σs) Σ s (y − Xw − b)², in w and in b."""
    s = np.ones(n) if s is None else s
    residual = s * (y - X @ w - b) / s.sum()
    return -X.T @ residual, -residual.sum()


def logistic_gradient(w, b):
    """Gradient of 1/n Σ log(1 + exp(−y (Xw + b))), in w and in b."""
    slope = -labels / (1 + np.exp(labels * (X @ w + b))) / n
    return X.T @ slope, slope.sum()


def violation(w, gradient, lam, l1_ratio):
    """Distance of minus the gradient to the subdifferential of the penalty at w: zero at the minimiser."""
    of_w, of_b = gradient
    smooth = of_w + lam * (1 - l1_ratio) * w
    l1 = lam * l1_ratio
    distance = np.where(w != 0, np.abs(smooth + l1 * np.sign(w)), np.maximum(np.abs(smooth) - l1, 0))
    return max(distance.max(), abs(of_b))


def assert_optimal_only_at(lam, l1_ratio, w, gradient, tol):
    assert violation(w, gradient, lam, l1_ratio) < tol
    for other in (lam / n, lam / 2, 2 * lam, n * lam):
        assert violation(w, gradient, other, l1_ratio) > 100 * tol


@pytest.mark.parametrize("lam", LAMS)
def test_ridge_of_scikit_learn_is_optimal_here(lam):
    model = Ridge(alpha=convert.ridge_alpha(lam, n)).fit(X, y)
    gradient = squares_gradient(model.coef_, model.intercept_)
    assert_optimal_only_at(lam, 0.0, model.coef_, gradient, 1e-10)
    assert ridge.kkt_residual(X, y, model.coef_, lam, model.intercept_) < 1e-10


@pytest.mark.parametrize("lam", LAMS)
def test_weighted_ridge_of_scikit_learn_is_optimal_here_with_n_the_sum_of_weights(lam):
    model = Ridge(alpha=convert.ridge_alpha(lam, weights.sum())).fit(X, y, sample_weight=weights)
    gradient = squares_gradient(model.coef_, model.intercept_, weights)
    assert_optimal_only_at(lam, 0.0, model.coef_, gradient, 1e-10)


@pytest.mark.parametrize("lam", LAMS)
def test_lasso_of_scikit_learn_is_optimal_here(lam):
    model = Lasso(alpha=convert.lasso_alpha(lam), tol=1e-14, max_iter=100_000).fit(X, y)
    assert_optimal_only_at(lam, 1.0, model.coef_, squares_gradient(model.coef_, model.intercept_), 1e-6)


@pytest.mark.parametrize("lam", LAMS)
def test_weighted_lasso_of_scikit_learn_is_optimal_here_at_the_same_number(lam):
    model = Lasso(alpha=convert.lasso_alpha(lam), tol=1e-14, max_iter=100_000).fit(X, y, sample_weight=weights)
    gradient = squares_gradient(model.coef_, model.intercept_, weights)
    assert_optimal_only_at(lam, 1.0, model.coef_, gradient, 1e-6)


@pytest.mark.parametrize("lam", LAMS)
@pytest.mark.parametrize("l1_ratio", [0.1, 0.5, 0.9])
def test_elastic_net_of_scikit_learn_is_optimal_here(lam, l1_ratio):
    alpha, mix = convert.elastic_net_alpha(lam, l1_ratio)
    model = ElasticNet(alpha=alpha, l1_ratio=mix, tol=1e-14, max_iter=100_000).fit(X, y)
    assert_optimal_only_at(lam, l1_ratio, model.coef_, squares_gradient(model.coef_, model.intercept_), 1e-6)


@pytest.mark.parametrize("lam", [0.01, 0.1])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5, 1.0])
def test_logistic_regression_of_scikit_learn_is_optimal_here(lam, l1_ratio):
    model = LogisticRegression(
        C=convert.logistic_C(lam, n),
        l1_ratio=l1_ratio,
        solver="saga" if l1_ratio else "newton-cholesky",
        tol=1e-10,
        max_iter=100_000,
        random_state=0,
    ).fit(X, labels)
    w, b = model.coef_[0], model.intercept_[0]
    assert_optimal_only_at(lam, l1_ratio, w, logistic_gradient(w, b), 1e-6)


def as_glmnet_minimises(lambda_, alpha):
    """What glmnet's manual says it does: scale y, minimise, scale back; solved by scikit-learn.

    glmnet itself needs R, so its steps are followed here one by one.
    """
    s = np.sqrt(np.mean((y - y.mean()) ** 2))
    inner = lambda_ / s
    if alpha == 0:
        model = Ridge(alpha=n * inner).fit(X, y / s)
    else:
        model = ElasticNet(alpha=inner, l1_ratio=alpha, tol=1e-14, max_iter=100_000).fit(X, y / s)
    return s * model.coef_, s * model.intercept_


@pytest.mark.parametrize("lam", LAMS)
@pytest.mark.parametrize("l1_ratio", [0.0, 0.3, 1.0])
def test_glmnets_steps_end_at_the_optimum_here(lam, l1_ratio):
    w, b = as_glmnet_minimises(*convert.glmnet_lambda(lam, l1_ratio, y))
    assert_optimal_only_at(lam, l1_ratio, w, squares_gradient(w, b), 1e-6)


def test_glmnets_ridge_lambda_is_not_lam_unless_the_target_is_standardised():
    w, b = as_glmnet_minimises(0.5, 0.0)
    assert violation(w, squares_gradient(w, b), 0.5, 0.0) > 0.1
    standard = (y - y.mean()) / y.std()
    assert_allclose(convert.glmnet_lambda(0.5, 0.3, standard), (0.5, 0.3), rtol=1e-12)


@pytest.mark.parametrize("lam", LAMS)
def test_both_lambdas_of_the_elements_of_statistical_learning_are_n_lam(lam):
    big = convert.esl_lambda(lam, n)
    w, b = ridge.with_intercept(X, y, lam)
    # (3.41): the gradient of ‖y − Xw − b‖² + λ‖w‖².
    assert_allclose(-2 * X.T @ (y - X @ w - b) + 2 * big * w, 0, atol=1e-9)
    # (3.52): of ½‖y − Xw − b‖² + λ‖w‖₁, where no coefficient is zero.
    model = Lasso(alpha=lam, tol=1e-14, max_iter=100_000).fit(X, y)
    on = model.coef_ != 0
    gradient = -X.T @ (y - X @ model.coef_ - model.intercept_) + big * np.sign(model.coef_)
    assert_allclose(gradient[on], 0, atol=1e-5)


positive = st.floats(1e-6, 1e6)


@given(positive, positive, st.floats(0, 1, allow_subnormal=False))
def test_every_conversion_is_undone_by_its_inverse(lam, rows, share):
    pairs = [
        (convert.lam_from_ridge_alpha(convert.ridge_alpha(lam, rows), rows), lam),
        (convert.lam_from_lasso_alpha(convert.lasso_alpha(lam)), lam),
        (convert.lam_from_elastic_net_alpha(*convert.elastic_net_alpha(lam, share)), (lam, share)),
        (convert.lam_from_logistic_C(convert.logistic_C(lam, rows), rows), lam),
        (convert.lam_from_glmnet(*convert.glmnet_lambda(lam, share, y), y), (lam, share)),
        (convert.lam_from_esl_lambda(convert.esl_lambda(lam, rows), rows), lam),
    ]
    for there_and_back, start in pairs:
        assert_allclose(there_and_back, start, rtol=1e-12, atol=1e-300)


def test_lam_zero_is_no_penalty_everywhere():
    assert convert.ridge_alpha(0, n) == convert.lasso_alpha(0) == convert.esl_lambda(0, n) == 0
    assert convert.glmnet_lambda(0, 0.5, y)[0] == 0
    assert convert.logistic_C(0, n) == np.inf
    assert convert.lam_from_logistic_C(np.inf, n) == 0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda bad: convert.ridge_alpha(bad, n), "lam"),
        (lambda bad: convert.ridge_alpha(1.0, bad), "n"),
        (lambda bad: convert.lam_from_ridge_alpha(bad, n), "alpha"),
        (lambda bad: convert.lasso_alpha(bad), "lam"),
        (lambda bad: convert.lam_from_lasso_alpha(bad), "alpha"),
        (lambda bad: convert.elastic_net_alpha(1.0, bad), "l1_ratio"),
        (lambda bad: convert.lam_from_elastic_net_alpha(1.0, bad), "l1_ratio"),
        (lambda bad: convert.logistic_C(1.0, bad), "n"),
        (lambda bad: convert.lam_from_logistic_C(bad, n), "C"),
        (lambda bad: convert.glmnet_lambda(bad, 0.5, y), "lam"),
        (lambda bad: convert.lam_from_glmnet(bad, 0.5, y), "lambda_"),
        (lambda bad: convert.lam_from_glmnet(1.0, bad, y), "alpha"),
        (lambda bad: convert.lam_from_esl_lambda(bad, n), "lambda_"),
    ],
)
@pytest.mark.parametrize("bad", [-1.0, np.nan, -np.inf, "1", None, [1.0, 2.0]])
def test_numbers_that_cannot_be_used_are_refused_by_name(call, named, bad):
    with pytest.raises(ValueError, match=rf"^{named} must be"):
        call(bad)


@pytest.mark.parametrize("bad", [[], [[1.0, 2.0]], [np.nan, 1.0], [3.0, 3.0], [0.1] * 3, ["a", "b"], [1j, 2j], 3.0])
def test_targets_that_glmnet_cannot_scale_are_refused_by_name(bad):
    with pytest.raises(ValueError, match=r"^y "):
        convert.glmnet_lambda(1.0, 0.5, bad)


def test_shares_above_one_rows_of_none_and_a_C_of_zero_are_refused():
    with pytest.raises(ValueError, match="l1_ratio must be from 0 to 1"):
        convert.glmnet_lambda(1.0, 1.5, y)
    with pytest.raises(ValueError, match="n must be > 0"):
        convert.lam_from_ridge_alpha(1.0, 0)
    with pytest.raises(ValueError, match="C must be > 0"):
        convert.lam_from_logistic_C(0.0, n)

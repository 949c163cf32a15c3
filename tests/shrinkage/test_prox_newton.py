"""Laws of Newton's method under a penalty: logistic, Poisson and multinomial losses, certified."""

import warnings
from types import SimpleNamespace

import cvxpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage import newton_step
from shrinkage.coordinate_descent import minimise as descend
from shrinkage.duality import gap
from shrinkage.likelihood import Weighted
from shrinkage.losses import QUADRATIC, Logistic, Multinomial, Poisson, as_shares, objective
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.prox_newton import minimise, refusal
from sklearn import linear_model

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=25, deadline=None)
LOSSES = {"logistic": Logistic(), "poisson": Poisson(), "multinomial": Multinomial(3)}


def data(name, n=40, p=4, seed=0):
    """(X, y, factors): columns with an intercept's last, a target as the loss takes it, and factors 0 for the last."""
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=(n, p)), np.ones(n)])
    eta, factor = X @ np.resize([1.0, -1.0, 0.5, 0.0], p + 1), np.append(np.ones(p), 0)
    if name == "poisson":
        return X, rng.poisson(np.exp(eta / 2)).astype(float), factor
    labels = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int)
    if name == "logistic":
        return X, labels.astype(float), factor
    labels[rng.random(n) < 0.3] = 2
    return np.kron(X, np.eye(3)), np.eye(3)[labels].ravel(), np.repeat(factor, 3)


PENALTIES = {
    "L1": lambda f: L1(f),
    "mix": lambda f: ElasticNet(0.5, f),
    "L2": lambda f: L2(f),
    "positive": lambda f: ElasticNet(0.7, f + 0.5, positive=True),
    "uneven": lambda f: L1(f * np.resize([1, 2, 0.5, 0], len(f))),
}


def settled(w, name):
    """Coefficients whose intercepts add up to zero: without a penalty their common part is nobody's."""
    return np.append(w[:-3], w[-3:] - w[-3:].mean()) if name == "multinomial" else w


def distance(X, y, w, lam, penalty, loss):
    """How far the point is from meeting its conditions, in the largest coefficient."""
    return penalty.subdifferential_distance(w, X.T @ loss.gradient(y, X @ w), lam).max()


# Certificates


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("kind", PENALTIES)
@pytest.mark.parametrize("lam", [0.1, 1e-3])
def test_the_gap_is_that_of_the_point_and_its_conditions_hold(name, kind, lam):
    loss, (X, y, factor) = LOSSES[name], data(name)
    penalty = PENALTIES[kind](factor)
    result = minimise(X, y, lam, penalty, loss=loss)
    assert result.converged
    assert result.solver == "prox_newton"
    assert result.gap == gap(X, y, result.w, lam, penalty, loss)
    assert abs(result.gap) <= 1e-12 * loss.value(y, 0 * y)
    assert distance(X, y, result.w, lam, penalty, loss) < 2e-6


@examples
@given(st.sampled_from([*LOSSES]), st.sampled_from([*PENALTIES]), st.integers(0, 50), st.floats(1e-3, 0.3))
def test_no_other_point_is_better_by_more_than_the_gap(name, kind, seed, lam):
    loss, (X, y, factor) = LOSSES[name], data(name, seed=seed)
    penalty = PENALTIES[kind](factor)
    with warnings.catch_warnings(action="ignore"):
        result = minimise(X, y, lam, penalty, loss=loss, max_iter=3, tol=1e-3)
    best = minimise(X, y, lam, penalty, loss=loss)
    found, least = (objective(X, y, r.w, lam, penalty, loss=loss) for r in (result, best))
    assert -1e-12 <= found - least <= result.gap + 1e-12


@pytest.mark.parametrize("name", LOSSES)
def test_zero_is_certified_at_the_critical_lam_and_not_below(name):
    loss, (X, y, factor) = LOSSES[name], data(name)
    start = minimise(X[:, factor == 0], y, 0.0, L2(), loss=loss).w
    w = np.zeros(len(factor))
    w[factor == 0] = start
    lam = L1(factor).lam_max(X.T @ loss.gradient(y, X @ w))
    at, below = (minimise(X, y, share * lam, L1(factor), loss=loss).w[factor > 0] for share in (1 + 1e-5, 0.99))
    assert not at.any()
    assert below.any()


def test_the_squared_loss_is_solved_in_a_few_steps_as_descent_solves_it():
    X, y, factor = data("poisson")
    result = minimise(X, y, 0.1, L1(factor), loss=QUADRATIC)
    assert_allclose(result.w, descend(X, y, 0.1, L1(factor)).w, atol=1e-6)
    assert result.n_iter <= 6


# Laws


@pytest.mark.parametrize("name", LOSSES)
def test_whole_weights_repeat_rows(name):
    loss, (X, y, factor) = LOSSES[name], data(name)
    K = loss.K
    times = np.resize([1, 3, 0, 2], len(y) // K)
    rows = np.repeat(np.arange(len(y)).reshape(-1, K), times, axis=0).ravel()
    kept = np.repeat(times > 0, K)
    share = as_shares(times[times > 0], int((times > 0).sum()))
    weighted = minimise(X[kept], y[kept], 0.05, L1(factor), loss=Weighted(loss, share, np.zeros(kept.sum())))
    repeated = minimise(X[rows], y[rows], 0.05, L1(factor), loss=loss)
    assert_allclose(settled(weighted.w, name), settled(repeated.w, name), atol=1e-5)


@pytest.mark.parametrize("name", ["logistic", "poisson"])
def test_an_offset_is_a_column_whose_coefficient_is_known(name):
    loss, (X, y, _) = LOSSES[name], data(name)
    offset = 0.3 * X[:, 0]
    shifted = Weighted(loss, as_shares(None, len(y)), offset)
    found = minimise(X, y, 0.0, L2(), loss=shifted).w
    assert_allclose(found + 0.3 * np.eye(5)[0], minimise(X, y, 0.0, L2(), loss=loss).w, atol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_sparse_columns_are_dense_ones(name):
    loss, (X, y, factor) = LOSSES[name], data(name)
    X[np.abs(X) < 0.5] = 0
    dense = minimise(X, y, 0.03, L1(factor), loss=loss)
    for form in (sparse.csc_array, sparse.csr_matrix):
        A = form(X)
        thin = minimise(A, y, 0.03, L1(factor), loss=loss)
        assert thin.converged
        assert_allclose(settled(thin.w, name), settled(dense.w, name), atol=1e-6)
        assert_array_equal(A.toarray(), X)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("steps", [0, 300])
def test_sparse_columns_under_squares_have_the_digits_of_dense_ones(name, steps, monkeypatch):
    monkeypatch.setattr(newton_step, "STEPS", steps)
    X, y, factor = data(name, n=15, p=30)
    for lam in np.geomspace(1e-5, 1e2, 6):
        found = [minimise(A, y, lam, L2(factor), loss=LOSSES[name], tol=1e-14).w for A in (sparse.csc_array(X), X)]
        dense, sparsely = (settled(w, name) for w in found)
        assert_allclose(sparsely, dense, atol=1e-10 * np.abs(dense).max())


@pytest.mark.parametrize("name", LOSSES)
def test_permuted_and_flipped_columns_permute_and_flip_the_coefficients(name):
    loss, (X, y, factor) = LOSSES[name], data(name)
    rng = np.random.default_rng(0)
    order, sign = rng.permutation(len(factor)), rng.choice([-1.0, 1.0], len(factor))
    found = minimise((X * sign)[:, order], y, 0.03, ElasticNet(0.5, factor[order]), loss=loss).w
    back = np.empty_like(found)
    back[order] = found
    expected = minimise(X, y, 0.03, ElasticNet(0.5, factor), loss=loss).w
    assert_allclose(settled(back * sign, name), settled(expected, name), atol=1e-5)


def test_separable_classes_are_solved_under_a_penalty():
    X, y, factor = data("logistic")
    y = (X[:, 0] > 0).astype(float)
    for lam in (0.1, 1e-4, 1e-7):
        for penalty in (L1(factor), L2(factor)):
            result = minimise(X, y, lam, penalty, loss=Logistic())
            assert result.converged
            assert distance(X, y, result.w, lam, penalty, Logistic()) < 1e-6


def test_two_classes_of_the_multinomial_loss_share_the_coefficients_of_the_logistic_one():
    X, y, factor = data("logistic")
    both = minimise(
        np.kron(X, np.eye(2)), np.column_stack([1 - y, y]).ravel(), 0.1, L2(np.repeat(factor, 2)), loss=Multinomial(2)
    )
    W = both.w.reshape(-1, 2)
    # Each class bears half of the difference, which therefore costs half.
    assert_allclose(W[:, 1] - W[:, 0], minimise(X, y, 0.05, L2(factor), loss=Logistic()).w, atol=1e-6)


# Agreement


def cone(X, y, w, name):
    """The objective's loss in the language of cones."""
    eta = X @ w
    if name == "logistic":
        return cvxpy.sum(cvxpy.logistic(eta) - cvxpy.multiply(y, eta)) / len(y)
    if name == "poisson":
        return cvxpy.sum(cvxpy.exp(eta) - cvxpy.multiply(y, eta)) / len(y)
    rows = cvxpy.reshape(eta, (len(y) // 3, 3), order="C")
    return (cvxpy.sum(cvxpy.log_sum_exp(rows, axis=1)) - y @ eta) / (len(y) / 3)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("kind", ["mix", "positive"])
def test_agrees_with_an_interior_point_method(name, kind):
    X, y, factor = data(name, n=25, p=3)
    penalty = PENALTIES[kind](factor)
    f, r, w = penalty.factors(len(factor)), penalty.l1_ratio, cvxpy.Variable(len(factor))
    cost = f @ (r * cvxpy.abs(w) + (1 - r) / 2 * cvxpy.square(w))
    problem = cvxpy.Problem(cvxpy.Minimize(cone(X, y, w, name) + 0.05 * cost), [w >= 0] if penalty.positive else [])
    problem.solve(cvxpy.CLARABEL)
    found = minimise(X, y, 0.05, penalty, loss=LOSSES[name]).w
    assert_allclose(settled(found, name), settled(w.value, name), atol=1e-4)


def test_agrees_with_scikit_learn():
    X, y, factor = data("logistic")
    n = len(y)
    model = linear_model.LogisticRegression(C=1 / (n * 0.05), tol=1e-10, max_iter=1000).fit(X[:, :4], y)
    assert_allclose(
        minimise(X, y, 0.05, L2(factor), loss=Logistic()).w, [*model.coef_[0], *model.intercept_], atol=1e-6
    )
    X, y, factor = data("poisson")
    model = linear_model.PoissonRegressor(alpha=0.05, tol=1e-10, max_iter=1000).fit(X[:, :4], y)
    assert_allclose(minimise(X, y, 0.05, L2(factor), loss=Poisson()).w, [*model.coef_, model.intercept_], atol=1e-6)


# Arrays as they come, and what is refused


@pytest.mark.parametrize("name", LOSSES)
def test_single_precision_is_kept_and_near_double(name):
    loss, (X, y, factor) = LOSSES[name], data(name)
    single = minimise(X.astype("f4"), y.astype("f4"), 0.05, L1(factor), loss=loss)
    assert single.w.dtype == np.float32
    assert single.converged
    double = minimise(X, y, 0.05, L1(factor), loss=loss)
    assert_allclose(settled(single.w, name), settled(double.w, name), atol=1e-3)


def test_the_callers_arrays_are_left_as_they_were():
    X, y, factor = data("logistic")
    start = np.ones(5)
    for a in (X, y, factor, start):
        a.flags.writeable = False
    for form in (np.asfortranarray, np.ascontiguousarray):
        assert minimise(form(X), y, 0.05, L1(factor), loss=Logistic(), w=start).converged


def test_out_of_steps_it_says_how_large_the_gap_is():
    X, y, factor = data("poisson")
    with pytest.warns(RuntimeWarning, match=r"^stopped after 1 steps with the gap .*: raise max_iter$"):
        result = minimise(X, y, 0.01, L1(factor), loss=Poisson(), max_iter=1)
    assert not result.converged
    assert result.gap == gap(X, y, result.w, 0.01, L1(factor), Poisson())


def test_it_says_which_problems_it_does_not_take():
    X, y, factor = data("logistic")
    assert refusal(X, Logistic(), L1(), 0.1) == ""
    assert refusal(X, SimpleNamespace(), L1(), 0.1) == "the loss has no root of its curvature"
    assert refusal(X, Logistic(), SimpleNamespace(), 0.1) == "the penalty is no sum over the coefficients"
    with pytest.raises(ValueError, match=r"^loss or penalty cannot be taken by this solver: the loss has no root"):
        minimise(X, y, 0.1, L1(), loss=SimpleNamespace())
    for options, message in (
        ({"tol": -1.0}, "tol must"),
        ({"max_iter": 0.5}, "max_iter must"),
        ({"w": [0.0]}, "w must"),
    ):
        with pytest.raises(ValueError, match=f"^{message}"):
            minimise(X, y, 0.1, L1(factor), loss=Logistic(), **options)

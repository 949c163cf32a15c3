"""Laws of fits of classes and counts as they come: intercept, weights, scales and offsets around a likelihood."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage.fit import critical_lam, fit
from shrinkage.losses import Logistic, Multinomial, Poisson
from shrinkage.penalties import L1, L2, ElasticNet
from sklearn import linear_model

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=20, deadline=None)
LOSSES = {"logistic": Logistic(), "poisson": Poisson(), "multinomial": Multinomial(3)}
PENALTIES = {"L1": L1(), "mix": ElasticNet(0.5), "L2": L2(), "positive": ElasticNet(0.5, positive=True)}


def data(name, n=40, p=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * np.resize([1.0, 3.0, 0.5], p) + np.resize([0.0, 5.0], p)
    eta = (X - X.mean(axis=0)) @ np.resize([1.0, -0.5, 0.0, 1.0], p) - 0.5
    if name == "poisson":
        return X, rng.poisson(np.exp(eta / 2)).astype(float)
    y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)
    if name == "multinomial":
        y[rng.random(n) < 0.3] = 2
    return X, y


def slope(X, y, result, name, share=None, offset=0.0):
    """Slopes of the likelihood in each coefficient and intercept, of shapes (p, K) and (K,)."""
    loss = LOSSES[name]
    n, K = len(y), loss.K
    w, b = result.w.reshape(-1, K), np.broadcast_to(result.b, K)
    eta = X @ w + b + np.reshape(offset, (-1, 1))
    y = np.eye(3)[y.astype(int)].ravel() if K == 3 else y
    g = loss.gradient(y, eta.ravel(), np.full(n, 1 / n) if share is None else share).reshape(-1, K)
    return X.T @ g, g.sum(axis=0)


cases = st.tuples(st.sampled_from([*LOSSES]), st.sampled_from([*PENALTIES]), st.integers(0, 30), st.floats(1e-3, 0.2))


# Certificates


@examples
@given(cases, st.booleans(), st.booleans(), st.booleans())
def test_conditions_hold_on_the_data_as_they_came(case, weighted, shifted, intercept):
    name, kind, seed, lam = case
    X, y = data(name, seed=seed)
    n, penalty = len(y), PENALTIES[kind]
    s = np.arange(n) % 3 + 1.0 if weighted else np.ones(n)
    # Offsets of classes are one for each; one for all of them is none.
    offset = 0.2 * X[:, 0] if shifted and name != "multinomial" else None
    result = fit(X, y, LOSSES[name], penalty, lam, sample_weight=s, offset=offset, fit_intercept=intercept)
    assert result.converged
    assert result.solver == "prox_newton"
    g, at_b = slope(X, y, result, name, s / s.sum(), 0.0 if offset is None else offset)
    for w, each in zip(result.w.reshape(len(g), -1).T, g.T, strict=True):
        assert penalty.subdifferential_distance(w, each, lam).max() < 2e-5
    assert (np.abs(at_b).max() if intercept else np.abs(result.b).max()) < 1e-6


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("form", [np.asarray, sparse.csc_array])
@pytest.mark.parametrize("factor", [None, [1.0, 2.0, 0.0, 1.0]])
@pytest.mark.parametrize("standardize", [False, True])
def test_zero_is_found_at_the_critical_lam_and_not_below(name, form, factor, standardize):
    X, y = data(name)
    options = {"penalty_factor": factor, "standardize": standardize}
    lam = critical_lam(form(X), y, L1(), loss=LOSSES[name], **options)
    penalised = np.ones(4, bool) if factor is None else np.array(factor) > 0
    above, below = (fit(form(X), y, LOSSES[name], L1(), c * lam, **options).w[penalised] for c in (1 + 1e-4, 0.98))
    assert not above.any()
    assert below.any()


# Laws


@examples
@given(cases)
def test_whole_weights_repeat_rows_and_zero_leaves_them_out(case):
    name, kind, seed, lam = case
    X, y = data(name, seed=seed)
    times = np.resize([1, 2, 0, 3], len(y))
    if name != "poisson" and len(np.unique(y[times > 0])) < len(np.unique(y)):
        return
    weighted = fit(X, y, LOSSES[name], PENALTIES[kind], lam, sample_weight=times)
    rows = np.repeat(np.arange(len(y)), times)
    repeated = fit(X[rows], y[rows], LOSSES[name], PENALTIES[kind], lam)
    assert_allclose(weighted.w, repeated.w, atol=2e-5)
    assert_allclose(weighted.b, repeated.b, atol=1e-4)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("options", [{}, {"standardize": True}, {"positive": True}, {"fit_intercept": False}])
def test_sparse_columns_are_dense_ones(name, options):
    X, y = data(name)
    X[np.abs(X) < 0.7] = 0
    dense = fit(X, y, LOSSES[name], ElasticNet(0.8), 0.02, **options)
    for form in (sparse.csc_array, sparse.csr_matrix):
        A = form(X)
        thin = fit(A, y, LOSSES[name], ElasticNet(0.8), 0.02, **options)
        assert thin.converged
        assert_allclose(thin.w, dense.w, atol=1e-5)
        assert_allclose(thin.b, dense.b, atol=1e-4)
        assert_array_equal(A.toarray(), X)


@pytest.mark.parametrize("name", LOSSES)
def test_offsets_of_columns_move_the_intercept_alone(name):
    X, y = data(name)
    here, there = (fit(X + shift, y, LOSSES[name], L1(), 0.02) for shift in (0.0, 100.0))
    assert_allclose(there.w, here.w, atol=1e-5)
    moved = here.b - 100 * here.w.sum(axis=0)
    assert_allclose(there.b, moved - moved.mean() * (name == "multinomial"), atol=1e-3)


@pytest.mark.parametrize("name", LOSSES)
def test_standardised_columns_have_no_units(name):
    X, y = data(name)
    units = np.array([1e-6, 1.0, 1e5, 2.0])
    one, other = (fit(A, y, LOSSES[name], L1(), 0.02, standardize=True).w for A in (X, X * units))
    assert_allclose((other.T * units).T, one, atol=1e-5)


@pytest.mark.parametrize("name", ["logistic", "poisson"])
def test_an_intercept_may_be_negative_where_coefficients_may_not(name):
    X, y = data(name)
    X = X - X.mean(axis=0)
    y = np.where(np.arange(40) % 4, 0.0, 1.0)
    result = fit(X, y, LOSSES[name], L1(), 10.0, positive=True)
    assert not result.w.any()
    assert_allclose(result.b, np.log(0.25 / 0.75) if name == "logistic" else np.log(0.25), atol=1e-5)


def test_classes_have_a_row_of_offsets_each():
    X, y = data("multinomial")
    offset = np.column_stack([0.1 * X[:, 0], 0 * y, -0.2 * X[:, 0]])
    shifted, plain = (fit(X, y, Multinomial(3), L2(), 0.0, offset=o) for o in (offset, None))
    moved = shifted.w[0] + [0.1, 0, -0.2]
    assert_allclose(moved - moved.mean(), plain.w[0], atol=1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_a_start_is_taken_in_the_units_of_the_result(name):
    X, y = data(name)
    result = fit(X, y, LOSSES[name], L1(), 0.02, standardize=True)
    again = fit(X, y, LOSSES[name], L1(), 0.02, standardize=True, w=result.w)
    assert again.n_iter <= result.n_iter
    assert_allclose(again.w, result.w, atol=1e-5)


# Agreement


def test_agrees_with_scikit_learn():
    for name in ("logistic", "multinomial"):
        X, y = data(name)
        model = linear_model.LogisticRegression(C=1 / (40 * 0.05), tol=1e-10, max_iter=10_000).fit(X, y)
        result = fit(X, y, LOSSES[name], L2(), 0.05)
        coef = model.coef_[0] if name == "logistic" else model.coef_.T
        assert_allclose(result.w, coef, atol=1e-5)
        assert_allclose(result.b, model.intercept_ - model.intercept_.mean() * (name != "logistic"), atol=1e-4)
    X, y = data("poisson")
    model = linear_model.PoissonRegressor(alpha=0.05, tol=1e-10, max_iter=1000).fit(X, y)
    result = fit(X, y, Poisson(), L2(), 0.05)
    assert_allclose([*result.w, result.b], [*model.coef_, model.intercept_], atol=1e-5)


def test_without_columns_that_tell_the_intercept_is_the_logit_or_the_log_of_the_mean():
    y = np.array([0.0, 1.0, 1.0, 1.0])
    for loss, expected in ((Logistic(), np.log(3)), (Poisson(), np.log(0.75))):
        result = fit(np.zeros((4, 1)), y, loss, L1(), 0.1)
        assert_allclose([*result.w, result.b], [0, expected], atol=1e-5)
    b = fit(np.zeros((4, 1)), np.array([0.0, 1, 2, 2]), Multinomial(3), L1(), 0.1).b
    assert_allclose(b, np.log([1, 1, 2]) - np.log(2) / 3, atol=1e-5)


# Arrays as they come, and what is refused


@pytest.mark.parametrize("name", LOSSES)
def test_single_precision_is_kept(name):
    X, y = (a.astype("f4") for a in data(name))
    for form in (np.asarray, sparse.csc_array):
        result = fit(form(X), y, LOSSES[name], L1(), 0.02)
        assert result.w.dtype == np.float32
        assert_allclose(result.w, fit(X.astype(float), y.astype(float), LOSSES[name], L1(), 0.02).w, atol=1e-2)


@pytest.mark.parametrize(
    ("loss", "y", "options", "message"),
    [
        (Logistic(), [1.0, 1, 1, 1], {}, "y is 1 in every row that counts, so the intercept has no finite best value"),
        (Logistic(), [1.0, 1, 1, 0], {"sample_weight": [1, 1, 1, 0]}, "y is 1 in every row that counts"),
        (Logistic(), [1.0, 2, 1, 2], {}, "y must be 0 or 1 in every row, for the logistic loss; it is 2"),
        (Poisson(), [1.0, -1, 0, 0], {}, "y must be >= 0 in every row, for the Poisson loss; the smallest is -1"),
        (Poisson(), [0.0, 0, 0, 0], {}, "y is 0 in every row that counts"),
        (Multinomial(3), [0.0, 1, 1, 0], {}, "y has no row of class 2 that counts"),
        (Multinomial(3), [0.0, 1, 2, 3], {}, "y must be a class from 0 to 2 in every row; it is 3"),
        (Multinomial(3), [0.0, 1, 2, 0.5], {}, "y must be a class from 0 to 2 in every row; it is 0.5"),
        (Multinomial(3), [0.0, 1, 2, 0], {"offset": np.ones((4, 2))}, "offset must have 3 numbers a row of X"),
        (Logistic(), [0.0, 1, 0, 0], {"offset": np.ones(3)}, "offset must have one number a row of X"),
        (Logistic(), [0.0, 1, 0, 0], {"w": [1.0, 2.0]}, "w must have 1 for each of 1 columns; it has 2 numbers"),
        (Logistic(), [0.0, 1, 0, 0], {"solver": "direct"}, "solver cannot take this problem .direct: the loss is not"),
        (Logistic(), [0.0, 1, 0, 0], {"positive": 1}, "positive must be True or False"),
    ],
)
def test_refusals_say_what_is_wrong(loss, y, options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        fit(np.arange(4.0)[:, None], np.array(y), loss, L1(), 0.1, **options)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("form", [np.asarray, sparse.csc_array])
def test_what_is_separated_without_a_penalty_is_refused_and_solved_with_one(name, form):
    X, y = data(name)
    # The last column is 1 in some rows of one class, or of no count, and 0 in all others.
    alone = (y == y.max()) if name != "poisson" else (y == 0)
    X[:, 3] = alone & (np.arange(40) % 2 == 0)
    X[:, 3] *= 5
    for lam, factor in ((0.0, None), (0.1, [1.0, 1.0, 1.0, 0.0])):
        with pytest.raises(ValueError, match=r"^y is separated by columns without a penalty"):
            fit(form(X), y, LOSSES[name], L1(), lam, penalty_factor=factor)
    with pytest.raises(ValueError, match=r"^y is separated by columns without a penalty"):
        critical_lam(form(X), y, L1([1.0, 1.0, 1.0, 0.0]), loss=LOSSES[name])
    assert fit(form(X), y, LOSSES[name], L1(), 0.01).converged
    X[:, 3] = np.arange(40) % 3 == 0
    assert fit(form(X), y, LOSSES[name], L1(), 0.1, penalty_factor=[1.0, 1.0, 1.0, 0.0]).converged


def test_without_an_intercept_one_class_will_do():
    assert fit(np.ones((3, 1)), np.ones(3), Logistic(), L2(), 0.1, fit_intercept=False).converged

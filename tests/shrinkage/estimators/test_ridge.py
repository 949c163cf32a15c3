"""Laws of `shrinkage.Ridge`: the minimiser, in scikit-learn's clothes."""

import pickle

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import nnls
from shrinkage import Ridge
from sklearn import linear_model
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

from tests.shrinkage.estimators.kinds import KINDS, data, unchanged

pytestmark = pytest.mark.filterwarnings("error", "ignore::sklearn.exceptions.SkipTestWarning")
SOLVERS = ["auto", "svd", "cholesky", "lsqr", "sparse_cg", "sag", "saga"]


def theirs(X, y, sample_weight=None, **settings):
    return linear_model.Ridge(solver="svd", **settings).fit(unchanged(X), y, sample_weight)


def slope(X, y, model, alpha, s):
    """Largest derivative of Σ s_i (y_i − x_i·w − b)² + alpha ‖w‖² at a model of one target, and of b."""
    X = unchanged(X)
    residual = s * (y - X @ model.coef_ - model.intercept_)
    return np.abs(alpha * model.coef_ - X.T @ residual).max(), abs(residual.sum())


@parametrize_with_checks([Ridge()])
def test_every_check_of_scikit_learn_passes(estimator, check):
    check(estimator)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("shape", [(40, 6), (8, 20)])
def test_no_derivative_is_left_at_the_answer(kind, weighted, shape):
    X, y = data(*shape)
    s = np.arange(len(y)) % 3 + 0.5 if weighted else np.ones(len(y))
    for alpha in (0.01, 1.0, 100.0):
        model = Ridge(alpha).fit(KINDS[kind](X), y, s if weighted else None)
        assert max(slope(X, y, model, alpha, s)) < 1e-9


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("targets", [0, 1, 3])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("alpha", [0.1, 10.0])
def test_is_scikit_learn_s(kind, targets, fit_intercept, weighted, alpha):
    X, y = data(targets=targets)
    s = np.arange(len(y)) % 4 * 0.7 if weighted else None
    given = KINDS[kind](X)
    model = Ridge(alpha, fit_intercept=fit_intercept).fit(given, y, s)
    other = theirs(X, y, s, alpha=alpha, fit_intercept=fit_intercept)
    np.testing.assert_array_equal(unchanged(given), X)
    for name in ("coef_", "intercept_"):
        ours, expected = getattr(model, name), getattr(other, name)
        assert (np.shape(ours), type(ours)) == (np.shape(expected), type(expected))
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(model.predict(given), other.predict(X), rtol=1e-9, atol=1e-9)
    assert model.n_iter_.shape == (max(targets, 1),)
    assert model.n_iter_.min() >= 1


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("kind", ["C", "csr"])
@pytest.mark.parametrize("weighted", [False, True])
def test_forbidding_negative_coefficients_is_non_negative_least_squares(kind, fit_intercept, weighted):
    X, y = data(targets=2)
    s = np.arange(len(y)) % 3 + 0.5 if weighted else np.ones(len(y))
    model = Ridge(2.0, positive=True, fit_intercept=fit_intercept).fit(KINDS[kind](X), y, s if weighted else None)
    x_mean, y_mean = (s @ X / s.sum(), s @ y / s.sum()) if fit_intercept else (0.0, 0.0)
    roots = np.sqrt(s)[:, None]
    rows = np.vstack([roots * (X - x_mean), np.sqrt(2.0) * np.eye(6)])
    for w, target in zip(model.coef_, (roots * (y - y_mean)).T, strict=True):
        np.testing.assert_allclose(w, nnls(rows, np.append(target, np.zeros(6)))[0], rtol=1e-9, atol=1e-9)


def test_every_target_may_have_its_own_alpha():
    X, y = data(targets=3)
    model = Ridge([0.1, 1.0, 10.0]).fit(X, y)
    for k, alpha in enumerate([0.1, 1.0, 10.0]):
        one = Ridge(alpha).fit(X, y[:, k])
        np.testing.assert_allclose(model.coef_[k], one.coef_, rtol=1e-12)
    with pytest.raises(ValueError, match=r"^alpha .*Number of targets and number of penalties do not correspond: 2"):
        Ridge([0.1, 1.0]).fit(X, y)


@pytest.mark.parametrize("kind", ["C", "csr", "csc"])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("shape", [(8, 20), (20, 20), (20, 8)])
@pytest.mark.parametrize("alpha", [0.0, 1e-18, 1e-16])
def test_without_a_penalty_it_is_the_least_squares_solution_of_smallest_norm(kind, fit_intercept, shape, alpha):
    X, y = data(*shape)
    model = Ridge(alpha, fit_intercept=fit_intercept).fit(KINDS[kind](X), y)
    Xc, yc = (X - X.mean(axis=0), y - y.mean()) if fit_intercept else (X, y)
    np.testing.assert_allclose(model.coef_, np.linalg.pinv(Xc, rcond=1e-12) @ yc, rtol=1e-9, atol=1e-9)


def test_sparse_data_in_single_precision_lose_no_digits_to_it():
    X, y = data(60, 6)
    X, y = (X * [1, 1, 1, 1, 30, 30]).astype(np.float32), (1000 * y).astype(np.float32)
    for alpha in (1.0, 1e-16):
        expected = Ridge(alpha).fit(X.astype(np.float64), y.astype(np.float64)).coef_.astype(np.float32)
        np.testing.assert_allclose(Ridge(alpha).fit(sparse.csr_array(X), y).coef_, expected, rtol=2e-7)


@pytest.mark.parametrize("shape", [(80, 300), (300, 80)])
def test_many_sparse_columns_of_unlike_lengths_are_solved(shape, monkeypatch):
    # As where rows and columns are too many for a matrix of their products.
    monkeypatch.setattr("shrinkage.estimators.ridge.MOST", 0)
    X, y = data(*shape)
    X = X * np.geomspace(0.01, 100, shape[1])
    for alpha in (1.0, 1e-3):
        model = Ridge(alpha).fit(sparse.csr_array(X), y)
        dense = Ridge(alpha).fit(X, y)
        np.testing.assert_allclose(model.predict(X), dense.predict(X), rtol=1e-9, atol=1e-9 * np.abs(y).max())
        # Of dense data the products are never more than the data.
        assert dense.solver_ == "gram" != model.solver_


def test_a_whole_number_as_weight_repeats_its_row_and_one_number_for_all_divides_alpha():
    X, y = data()
    s = np.arange(len(y)) % 3
    weighted, repeated = Ridge().fit(X, y, s), Ridge().fit(np.repeat(X, s, axis=0), np.repeat(y, s))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, rtol=1e-10)
    np.testing.assert_allclose(Ridge().fit(X, y, 4.0).coef_, Ridge(0.25).fit(X, y).coef_, rtol=1e-10)


@pytest.mark.parametrize("kind", ["C", "F", "csr", "csc"])
@pytest.mark.parametrize("targets", [0, 2])
def test_single_precision_stays_single(kind, targets):
    X, y = data(targets=targets)
    model = Ridge().fit(KINDS[kind](X.astype(np.float32)), y)
    assert (model.coef_.dtype, model.intercept_.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(model.coef_, Ridge().fit(X, y).coef_, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("settings", [{}, {"max_iter": 1}, {"tol": 0.5}, {"random_state": 3}, {"copy_X": False}])
def test_what_steers_only_the_search_changes_nothing(solver, settings):
    X, y = data()
    np.testing.assert_array_equal(Ridge(solver=solver, **settings).fit(X, y).coef_, Ridge().fit(X, y).coef_)


@pytest.mark.parametrize("solver", [*SOLVERS, "lbfgs", "qr", None])
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("kind", ["C", "csr"])
@pytest.mark.parametrize("fit_intercept", [False, True])
def test_refuses_the_solvers_that_scikit_learn_refuses(solver, positive, kind, fit_intercept):
    X, y = data()
    settings = {"solver": solver, "positive": positive, "fit_intercept": fit_intercept}
    refused = []
    for kind_of_ridge in (linear_model.Ridge, Ridge):
        try:
            kind_of_ridge(**settings).fit(KINDS[kind](X), y)
            refused.append(None)
        except Exception as problem:
            refused.append(type(problem))
            said = str(problem)
    assert refused[0] is refused[1]
    # What is no name of a solver is refused as any wrong parameter is.
    assert refused[1] is None or solver in ("qr", None) or "use solver='auto'" in said


@pytest.mark.parametrize(
    "settings",
    [
        {"alpha": -1.0},
        {"alpha": np.nan},
        {"alpha": np.inf},
        {"alpha": "1"},
        {"alpha": None},
        {"alpha": [np.nan]},
        {"fit_intercept": 1.5},
        {"max_iter": 0},
        {"tol": -1.0},
        {"positive": "yes"},
        {"random_state": "seed"},
        {"copy_X": None},
    ],
    ids=str,
)
def test_refuses_the_parameters_that_scikit_learn_refuses(settings):
    X, y = data()
    with pytest.raises(ValueError, match=r"alpha|parameter|infs or NaNs") as expected:
        linear_model.Ridge(**settings).fit(X, y)
    with pytest.raises(expected.type):
        Ridge(**settings).fit(X, y)


def test_sparse_data_are_refused_to_a_decomposition_in_scikit_learn_s_words():
    X, y = data()
    for kind in (linear_model.Ridge, Ridge):
        with pytest.raises(TypeError, match=r"^SVD solver does not support sparse inputs"):
            kind(solver="svd", fit_intercept=False).fit(sparse.csr_array(X), y)


def test_whole_numbers_are_taken():
    X, y = data()
    X, y = np.rint(3 * X).astype(int), np.rint(y).astype(int)
    np.testing.assert_array_equal(Ridge().fit(X, y).coef_, Ridge().fit(X + 0.0, y + 0.0).coef_)


def test_sparse_data_are_said_to_be_taken_and_other_columns_are_refused():
    X, y = data()
    tags = get_tags(Ridge())
    assert (tags.input_tags.sparse, tags.array_api_support) == (True, False)
    with pytest.raises(ValueError, match="X has 3 features"):
        Ridge().fit(X, y).predict(X[:, :3])


def test_refuses_a_negative_alpha_for_one_target_and_negative_weights():
    X, y = data(targets=2)
    with pytest.raises(ValueError, match="alpha must be a finite number >= 0"):
        Ridge([1.0, -1.0]).fit(X, y)
    with pytest.raises(ValueError, match="Negative values"):
        Ridge().fit(X, y, np.arange(len(y)) - 1.0)


def test_sparse_columns_are_never_filled(monkeypatch):
    X, y = data()
    given = sparse.csr_array(X)

    for kind in (sparse.csr_array, sparse.csc_array):

        def products_alone(self, *args, plain=kind.toarray, **kwargs):
            assert self.shape not in ((40, 6), (6, 40))
            return plain(self, *args, **kwargs)

        monkeypatch.setattr(kind, "toarray", products_alone)
        monkeypatch.setattr(kind, "todense", products_alone)
    Ridge().fit(given, y).predict(given)
    Ridge(positive=True).fit(given, y).predict(given)


def test_parameters_are_scikit_learn_s():
    assert Ridge().get_params() == linear_model.Ridge().get_params()
    assert clone(Ridge(3.0, positive=True)).get_params() == Ridge(3.0, positive=True).get_params()


def test_survives_pickling_and_works_in_pipelines_and_searches():
    X, y = data()
    model = Ridge().fit(X, y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))
    alphas = {"ridge__alpha": [0.01, 1.0, 100.0]}
    searches = [
        GridSearchCV(make_pipeline(StandardScaler(), kind()), alphas, cv=4).fit(X, y)
        for kind in (Ridge, linear_model.Ridge)
    ]
    scores = [search.cv_results_["mean_test_score"] for search in searches]
    np.testing.assert_allclose(*scores, rtol=1e-9)
    assert searches[0].best_params_ == searches[1].best_params_
    np.testing.assert_allclose(*(cross_val_score(kind(), X, y) for kind in (Ridge, linear_model.Ridge)), rtol=1e-9)


def test_by_hand():
    # Two rows at −1 and 1 around the mean: least squares has the slope 2, alpha = 2 halves it.
    model = Ridge(alpha=2.0).fit([[1.0], [3.0]], [0.0, 4.0])
    assert model.coef_ == pytest.approx([1.0])
    assert model.intercept_ == pytest.approx(0.0)

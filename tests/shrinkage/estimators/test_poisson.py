"""Laws of `shrinkage.PoissonRegressor`: the minimiser, in scikit-learn's clothes."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import PoissonRegressor
from sklearn import linear_model
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

from tests.shrinkage.estimators.kinds import KINDS, data, unchanged

pytestmark = pytest.mark.filterwarnings("error", "ignore::sklearn.exceptions.SkipTestWarning")


def counts(n=40, p=6):
    X, y = data(n, p)
    return X, np.random.default_rng(1).poisson(np.exp((y - y.mean()) / 5)).astype(float)


def theirs(X, y, sample_weight=None, **settings):
    model = linear_model.PoissonRegressor(solver="newton-cholesky", tol=1e-12, max_iter=1000, **settings)
    return model.fit(unchanged(X), y, sample_weight)


@parametrize_with_checks([PoissonRegressor()])
@pytest.mark.filterwarnings("default")
def test_every_check_of_scikit_learn_passes(estimator, check):
    check(estimator)


@pytest.mark.parametrize("alpha", [0.0, 0.01, 1.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_no_derivative_is_left_at_the_answer(alpha, weighted):
    X, y = counts()
    s = np.arange(40) % 3 + 0.5 if weighted else np.ones(40)
    model = PoissonRegressor(alpha=alpha).fit(X, y, s if weighted else None)
    r = s / s.sum() * (model.predict(X) - y)
    assert np.abs(X.T @ r + alpha * model.coef_).max() < 1e-9
    assert abs(r.sum()) < 1e-9


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
def test_is_scikit_learn_s(kind, fit_intercept, weighted):
    X, y = counts()
    s = np.arange(40) % 4 * 0.7 if weighted else None
    given = KINDS[kind](X)
    before = unchanged(given)
    model = PoissonRegressor(alpha=0.1, fit_intercept=fit_intercept).fit(given, y, s)
    other = theirs(X, y, s, alpha=0.1, fit_intercept=fit_intercept)
    assert (model.coef_.shape, model.coef_.dtype) == (other.coef_.shape, other.coef_.dtype)
    assert_allclose(model.coef_, other.coef_, atol=1e-7)
    assert_allclose(model.intercept_, other.intercept_, atol=1e-7)
    assert_allclose(model.predict(given), other.predict(X), rtol=1e-6)
    assert_allclose(model.score(given, y, s), other.score(X, y, s), rtol=1e-6)
    assert_array_equal(unchanged(given), before)


def test_single_precision_is_kept_and_near_double():
    X, y = counts()
    model = PoissonRegressor().fit(X.astype("f4"), y)
    assert model.coef_.dtype == np.float32
    assert_allclose(model.coef_, PoissonRegressor().fit(X, y).coef_, atol=1e-5)


def test_a_warm_start_ends_at_the_same_place():
    X, y = counts()
    model = PoissonRegressor(alpha=0.5, warm_start=True).fit(X, y).set_params(alpha=0.51).fit(X, y)
    cold = PoissonRegressor(alpha=0.51).fit(X, y)
    assert_allclose(model.coef_, cold.coef_, atol=1e-8)
    assert 1 <= model.fit(X, y).n_iter_ < cold.n_iter_


def test_whole_numbers_are_taken():
    X, y = counts()
    X = np.rint(3 * X).astype(int)
    model = PoissonRegressor().fit(X, y.astype(int))
    assert_array_equal(model.coef_, PoissonRegressor().fit(X + 0.0, y).coef_)
    assert_array_equal(model.predict(X), model.predict(X + 0.0))


def test_tags_and_parameters_are_scikit_learn_s():
    ours, other = (get_tags(kind()) for kind in (PoissonRegressor, linear_model.PoissonRegressor))
    assert (ours.target_tags, ours.input_tags.sparse) == (other.target_tags, other.input_tags.sparse)
    names = PoissonRegressor().get_params()
    assert names == linear_model.PoissonRegressor().get_params()
    given = {name: object() for name in names}
    assert PoissonRegressor(**given).get_params(deep=False) == given


@pytest.mark.parametrize(
    "settings", [{"alpha": -1.0}, {"solver": "magic"}, {"tol": 0.0}, {"max_iter": 0}, {"fit_intercept": "yes"}]
)
def test_what_scikit_learn_rejects_is_rejected_with_the_same_type(settings):
    X, y = counts()
    with pytest.raises(Exception) as theirs_:  # noqa: PT011
        linear_model.PoissonRegressor(**settings).fit(X, y)
    with pytest.raises(theirs_.type):
        PoissonRegressor(**settings).fit(X, y)


def test_what_steers_scikit_learn_s_search_changes_nothing():
    X, y = counts()
    steered = PoissonRegressor(solver="newton-cholesky", tol=0.1, max_iter=1, verbose=0).fit(X, y)
    assert_array_equal(steered.coef_, PoissonRegressor().fit(X, y).coef_)


def test_works_in_pipelines_searches_clones_and_pickles():
    X, y = counts()
    model = make_pipeline(StandardScaler(), PoissonRegressor())
    search = GridSearchCV(model, {"poissonregressor__alpha": [0.1, 1.0]}, cv=3).fit(X, y)
    assert_array_equal(pickle.loads(pickle.dumps(search)).predict(X), search.predict(X))
    assert_array_equal(clone(search.best_estimator_).fit(X, y).predict(X), search.predict(X))


def test_negative_counts_and_weights_and_other_columns_are_refused():
    X, y = counts()
    with pytest.raises(ValueError, match=r"^y must be >= 0 in every row, for the Poisson loss"):
        PoissonRegressor().fit(X, y - 1)
    with pytest.raises(ValueError, match="Negative values"):
        PoissonRegressor().fit(X, y, np.arange(40) - 1.0)
    with pytest.raises(ValueError, match="X has 3 features"):
        PoissonRegressor().fit(X, y).predict(X[:, :3])

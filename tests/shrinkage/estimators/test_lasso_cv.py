"""Laws of `shrinkage.LassoCV` and `shrinkage.ElasticNetCV`: the best of exact paths, in scikit-learn's clothes."""

import pickle

import numpy as np
import pytest
from shrinkage import ElasticNet, ElasticNetCV, Lasso, LassoCV
from sklearn import config_context, linear_model
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, DataConversionWarning
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tests.shrinkage.estimators.kinds import KINDS, data, unchanged

pytestmark = pytest.mark.filterwarnings("error", "ignore::sklearn.exceptions.SkipTestWarning")
PAIRS = [
    pytest.param(LassoCV, linear_model.LassoCV, {}, id="LassoCV"),
    pytest.param(ElasticNetCV, linear_model.ElasticNetCV, {}, id="ElasticNetCV"),
    pytest.param(ElasticNetCV, linear_model.ElasticNetCV, {"l1_ratio": [0.2, 0.9]}, id="ElasticNetCV of two mixes"),
]


# A short grid: with the default of a hundred weights the same checks take minutes.
@parametrize_with_checks([LassoCV(alphas=4), ElasticNetCV(alphas=4)])
def test_every_check_of_scikit_learn_passes(estimator, check):
    check(estimator)


def same(ours, theirs):
    for name in ("alpha_", "alphas_", "l1_ratio_", "mse_path_", "coef_", "intercept_"):
        assert hasattr(ours, name) == hasattr(theirs, name)
        if hasattr(theirs, name):
            mine, expected = getattr(ours, name), getattr(theirs, name)
            assert np.shape(mine) == np.shape(expected)
            np.testing.assert_allclose(mine, expected, rtol=1e-7, atol=1e-8)
    assert {k for k in vars(ours) if k.endswith("_")} == {k for k in vars(theirs) if k.endswith("_")}
    assert ours.n_iter_ >= 1


@pytest.mark.parametrize(("ours", "theirs", "mixes"), PAIRS)
@pytest.mark.parametrize("kind", ["C", "F", "list", "csr", "csc matrix"])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("settings", [{}, {"fit_intercept": False}, {"positive": True, "alphas": [0.1, 1.0]}], ids=str)
def test_is_scikit_learn_s(ours, theirs, mixes, kind, weighted, settings):
    X, y = data(30, 5)
    s = np.arange(len(y)) % 4 + 0.5 if weighted else None
    given, settings = KINDS[kind](X), {"alphas": 5, "cv": 3} | mixes | settings
    model = ours(**settings).fit(given, y, s)
    np.testing.assert_array_equal(unchanged(given), X)
    same(model, theirs(tol=1e-12, max_iter=100_000, **settings).fit(X, y, s))


@pytest.mark.parametrize(("ours", "one"), [(LassoCV, Lasso), (ElasticNetCV, ElasticNet)])
def test_is_a_search_over_single_fits(ours, one):
    X, y = data(30, 5)
    model = ours(alphas=6, cv=KFold(4)).fit(X, y)
    search = GridSearchCV(one(), {"alpha": model.alphas_}, cv=KFold(4), scoring="neg_mean_squared_error").fit(X, y)
    assert model.alpha_ == search.best_params_["alpha"]
    np.testing.assert_allclose(model.mse_path_.mean(axis=1), -search.cv_results_["mean_test_score"], rtol=1e-8)
    np.testing.assert_allclose(model.coef_, search.best_estimator_.coef_, rtol=1e-10)


@pytest.mark.parametrize("kind", ["C", "csr"])
def test_single_precision_stays_single(kind):
    X, y = data(30, 5)
    model = LassoCV(alphas=5).fit(KINDS[kind](X.astype(np.float32)), y)
    assert {model.coef_.dtype, model.intercept_.dtype} == {np.dtype(np.float32)}
    np.testing.assert_allclose(model.coef_, LassoCV(alphas=5).fit(X, y).coef_, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "settings",
    [{"precompute": True}, {"copy_X": False}, {"n_jobs": 2}, {"verbose": 1}, {"selection": "random"}, {"tol": 0.5}],
    ids=str,
)
def test_what_steers_only_the_search_changes_nothing(settings):
    X, y = data(30, 5)
    np.testing.assert_array_equal(LassoCV(alphas=4, **settings).fit(X, y).coef_, LassoCV(alphas=4).fit(X, y).coef_)


@pytest.mark.parametrize(
    "settings",
    [
        {"eps": 0.0},
        {"alphas": 0},
        {"alphas": [-1.0]},
        {"alphas": ["a"]},
        {"precompute": "yes"},
        {"max_iter": None},
        {"tol": -1.0},
        {"cv": "three"},
        {"n_jobs": 1.5},
        {"l1_ratio": 1.5},
        {"l1_ratio": 0.0},
    ],
    ids=str,
)
def test_refuses_what_scikit_learn_refuses(settings):
    X, y = data(30, 5)
    raised = []
    for kind in (linear_model.ElasticNetCV, ElasticNetCV):
        with pytest.raises((ValueError, TypeError)) as problem:
            kind(**settings).fit(X, y)
        raised.append(problem.type)
    assert raised[0] is raised[1]


def test_several_targets_are_refused_as_scikit_learn_does():
    X, y = data(30, 5, targets=2)
    with pytest.raises(ValueError, match="For multi-task outputs, use MultiTaskLassoCV"):
        LassoCV(alphas=3).fit(X, y)


def test_groups_reach_the_splitter_where_metadata_are_routed():
    X, y = data(30, 5)
    groups = np.arange(30) % 5
    with config_context(enable_metadata_routing=True):
        fits = [
            kind(alphas=4, cv=GroupKFold(3).set_split_request(groups=True)).fit(X, y, groups=groups).mse_path_
            for kind in (LassoCV, linear_model.LassoCV)
        ]
    np.testing.assert_allclose(*fits, rtol=1e-2)
    with pytest.raises(ValueError, match=r"LassoCV\.fit"):
        LassoCV(alphas=4).fit(X, y, groups=groups)


def test_the_splitter_sees_columns_and_target():
    (X, y), seen = data(30, 5), []

    class Watching(KFold):
        def split(self, X, y=None, groups=None):
            seen.append((X, y))
            return super().split(X, y, groups)

    LassoCV(alphas=3, cv=Watching(3)).fit(X, y)
    np.testing.assert_array_equal(seen[0][0], X)
    np.testing.assert_array_equal(seen[0][1], y)


def test_out_of_sweeps_it_warns_of_a_gap_above_tol():
    X, y = data(40, 200)
    with pytest.warns(ConvergenceWarning, match="after 1 sweeps the duality gap is"):
        LassoCV(alphas=[0.001], cv=2, max_iter=1).fit(X, y)


def test_one_target_in_a_column_is_warned_of_and_taken():
    X, y = data(30, 5)
    with pytest.warns(DataConversionWarning, match="column-vector"):
        model = LassoCV(alphas=3).fit(X, y[:, None])
    np.testing.assert_array_equal(model.coef_, LassoCV(alphas=3).fit(X, y).coef_)


def test_weights_and_lengths_and_alphas_that_cannot_be_used_are_refused():
    X, y = data(30, 5)
    with pytest.raises(ValueError, match="Negative values"):
        LassoCV(alphas=3).fit(X, y, np.arange(30) - 1.0)
    for kind in (linear_model.LassoCV, LassoCV):
        with pytest.raises(ValueError, match="inconsistent numbers of samples"):
            kind(alphas=3).fit(X, y[:-1])
        with pytest.raises(ValueError, match=r"^alphas\[1\] == -1"):
            kind(alphas=[1.0, -1.0]).fit(X, y)


@pytest.mark.parametrize(("ours", "theirs", "mixes"), PAIRS)
def test_parameters_are_scikit_learn_s_and_it_survives_pickling_and_pipelines(ours, theirs, mixes):
    X, y = data(30, 5)
    assert list(ours().get_params().items()) == list(theirs().get_params().items())
    assert clone(ours(eps=0.1, **mixes)).get_params() == ours(eps=0.1, **mixes).get_params()
    model = make_pipeline(StandardScaler(), ours(alphas=3, **mixes)).fit(X, y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))

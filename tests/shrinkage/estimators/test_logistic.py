"""Laws of `shrinkage.LogisticRegression`: the minimiser, in scikit-learn's clothes."""

import pickle
import re
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import LogisticRegression
from sklearn import linear_model
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

from tests.shrinkage.estimators.kinds import KINDS, data, unchanged

pytestmark = pytest.mark.filterwarnings("error", "ignore::sklearn.exceptions.SkipTestWarning")
KS = [2, 3]


def classes(K, n=40, p=6):
    X, y = data(n, p)
    return X, np.array(["no", "perhaps", "yes"])[np.digitize(y, np.quantile(y, [0.4, 0.7][: K - 1]))]


def theirs(X, y, sample_weight=None, **settings):
    with warnings.catch_warnings(action="ignore"):
        model = linear_model.LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=1000, **settings)
        return model.fit(unchanged(X), y, sample_weight)


def slopes(X, y, model, s):
    """Derivatives of Σ s_i ℓ_i in the coefficients and intercepts, by class."""
    P = model.predict_proba(X)
    Y = y[:, None] == model.classes_
    R = s[:, None] * (P - Y)
    G, g = R.T @ unchanged(X), R.sum(axis=0)
    return (G, g) if len(G) > 2 else (G[1:], g[1:])


@parametrize_with_checks([LogisticRegression()])
@pytest.mark.filterwarnings("default")
def test_every_check_of_scikit_learn_passes(estimator, check):
    check(estimator)


@pytest.mark.parametrize("K", KS)
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_no_derivative_is_left_at_the_answer(K, l1_ratio, weighted):
    X, y = classes(K)
    s = np.arange(40) % 3 + 0.5 if weighted else np.ones(40)
    for C in (0.05, 1.0, 20.0):
        model = LogisticRegression(C=C, l1_ratio=l1_ratio, solver="saga").fit(X, y, s if weighted else None)
        G, g = slopes(X, y, model, s)
        w = model.coef_
        smooth = C * G + (1 - l1_ratio) * w
        left = np.where(w != 0, np.abs(smooth + l1_ratio * np.sign(w)), np.maximum(np.abs(smooth) - l1_ratio, 0))
        assert left.max() < 1e-6
        assert np.abs(g).max() < 1e-6


@pytest.mark.parametrize("K", KS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_is_scikit_learn_s(K, kind, fit_intercept):
    X, y = classes(K)
    given = KINDS[kind](X)
    before = unchanged(given)
    model = LogisticRegression(C=0.7, fit_intercept=fit_intercept).fit(given, y)
    other = theirs(X, y, C=0.7, fit_intercept=fit_intercept)
    for name in ("classes_", "coef_", "intercept_", "n_iter_"):
        ours, expected = getattr(model, name), getattr(other, name)
        assert (ours.shape, ours.dtype) == (expected.shape, expected.dtype)
    assert_allclose(model.coef_, other.coef_, atol=1e-6)
    assert_allclose(model.predict_proba(given), other.predict_proba(X), atol=1e-6)
    assert_allclose(np.exp(model.predict_log_proba(given)), other.predict_proba(X), atol=1e-6)
    assert_allclose(model.decision_function(given), other.decision_function(X), atol=1e-5)
    assert_array_equal(model.predict(given), other.predict(X))
    assert_array_equal(unchanged(given), before)


@pytest.mark.parametrize("K", KS)
@pytest.mark.parametrize("class_weight", ["balanced", {"no": 3.0}])
def test_weights_of_classes_and_rows_are_scikit_learn_s(K, class_weight):
    X, y = classes(K)
    s = np.arange(40) % 4 * 0.7
    model = LogisticRegression(class_weight=class_weight).fit(X, y, s)
    assert_allclose(model.coef_, theirs(X, y, s, class_weight=class_weight).coef_, atol=1e-6)


def test_an_infinite_C_is_no_penalty_and_separated_classes_then_are_refused():
    X, y = classes(2, n=200, p=3)
    y = y.copy()
    y[::5] = "no"
    y[1::5] = "perhaps"
    model = LogisticRegression(C=np.inf).fit(X, y)
    assert_allclose(model.coef_, theirs(X, y, C=np.inf).coef_, atol=1e-5)
    separated = np.where(X[:, 0] > 0.3, "no", "yes")
    with pytest.raises(ValueError, match=r"^y is separated by columns without a penalty"):
        LogisticRegression(C=np.inf).fit(X, separated)
    assert LogisticRegression(C=1e6).fit(X, separated).score(X, separated) == 1


@pytest.mark.parametrize("K", KS)
def test_single_precision_is_kept_and_near_double(K):
    X, y = classes(K)
    model = LogisticRegression().fit(X.astype("f4"), y)
    assert model.coef_.dtype == model.intercept_.dtype == np.float32
    assert_allclose(model.coef_, LogisticRegression().fit(X, y).coef_, atol=1e-5)


@pytest.mark.parametrize("K", KS)
def test_a_warm_start_ends_at_the_same_place_sooner(K):
    X, y = classes(K)
    model = LogisticRegression(C=0.5, warm_start=True).fit(X, y)
    model.set_params(C=0.51).fit(X, y)
    cold = LogisticRegression(C=0.51).fit(X, y)
    assert_allclose(model.coef_, cold.coef_, atol=1e-7)
    assert model.fit(X, y).n_iter_ < cold.n_iter_


@pytest.mark.parametrize("K", KS)
def test_whole_numbers_are_taken(K):
    X, y = classes(K)
    X = np.rint(3 * X).astype(int)
    assert_array_equal(LogisticRegression().fit(X, y).coef_, LogisticRegression().fit(X + 0.0, y).coef_)


@pytest.mark.parametrize("K", KS)
@pytest.mark.parametrize("dual", [False, True])
@pytest.mark.parametrize("solver", ["lbfgs", "liblinear", "sag", "newton-cg", "saga", "newton-cholesky"])
@pytest.mark.parametrize("settings", [{}, {"l1_ratio": 0.5}, {"l1_ratio": 1.0}, {"C": np.inf}], ids=str)
def test_a_solver_is_refused_where_scikit_learn_refuses_it_and_what_would_do_is_named(K, dual, solver, settings):
    X, y = classes(K, n=200, p=2)
    y = y.copy()
    y[::3], y[1::3] = "no", "perhaps"
    refused = []
    for kind in (linear_model.LogisticRegression, LogisticRegression):
        try:
            with warnings.catch_warnings(action="ignore"):
                kind(solver=solver, dual=dual, max_iter=2, **settings).fit(X, y)
            refused.append(None)
        except ValueError as problem:
            refused.append(str(problem))
    assert (refused[0] is None) == (refused[1] is None), refused
    if refused[1]:
        assert re.search(f"^solver='{solver}' .*; use (solver='(saga|lbfgs|liblinear)'|dual=False)$", refused[1])


@pytest.mark.parametrize("solver", ["lbfgs", "liblinear"])
def test_tags_and_parameters_are_scikit_learn_s(solver):
    ours, other = (get_tags(kind(solver=solver)) for kind in (LogisticRegression, linear_model.LogisticRegression))
    assert (ours.classifier_tags, ours.input_tags.sparse) == (other.classifier_tags, other.input_tags.sparse)
    names = LogisticRegression().get_params()
    assert names == linear_model.LogisticRegression().get_params()
    given = {name: object() for name in names}
    assert LogisticRegression(**given).get_params(deep=False) == given


@pytest.mark.parametrize(
    "settings",
    [
        {"l1_ratio": 1.0},
        {"l1_ratio": 0.5, "solver": "liblinear"},
        {"dual": True},
        {"C": np.inf, "solver": "liblinear"},
        {"C": 0.0},
        {"C": -1.0},
        {"l1_ratio": 2.0},
        {"solver": "magic"},
        {"tol": -1.0},
        {"class_weight": "heavy"},
        {"max_iter": 0.5},
        {"fit_intercept": "yes"},
    ],
)
def test_what_scikit_learn_rejects_is_rejected_with_the_same_type(settings):
    X, y = classes(2)
    with pytest.raises(Exception) as theirs_:  # noqa: PT011
        linear_model.LogisticRegression(**settings).fit(X, y)
    with pytest.raises(theirs_.type):
        LogisticRegression(**settings).fit(X, y)


@pytest.mark.parametrize("solver", ["lbfgs", "liblinear", "sag", "newton-cg", "saga", "newton-cholesky"])
def test_what_steers_scikit_learn_s_search_changes_nothing(solver):
    X, y = classes(2)
    settings = {"solver": solver, "tol": 0.1, "max_iter": 1, "random_state": 3, "intercept_scaling": 2.0, "verbose": 0}
    assert_array_equal(LogisticRegression(**settings).fit(X, y).coef_, LogisticRegression().fit(X, y).coef_)


def test_penalty_by_its_old_name_is_the_penalty():
    X, y = classes(2)
    y = np.where(np.arange(40) % 4, y, "no")
    for name, settings in (
        ("l1", {"l1_ratio": 1.0}),
        ("l2", {"l1_ratio": 0.0}),
        ("elasticnet", {"l1_ratio": 0.3}),
        (None, {"C": np.inf}),
    ):
        with pytest.warns(FutureWarning, match=r"give l1_ratio, and C=np\.inf for none$"):
            old = LogisticRegression(penalty=name, l1_ratio=settings.get("l1_ratio", 0.0), solver="saga").fit(X, y)
        new = LogisticRegression(solver="saga", **settings).fit(X, y)
        assert_array_equal(old.coef_, new.coef_)


def test_a_mix_that_is_not_given_is_refused_to_the_elastic_net_alone():
    X, y = classes(2)
    for kind in (linear_model.LogisticRegression, LogisticRegression):
        with warnings.catch_warnings(action="ignore"):
            kind(penalty="l2", l1_ratio=None).fit(X, y)
            with pytest.raises(ValueError, match=r"^l1_ratio must be specified when penalty is elasticnet"):
                kind(penalty="elasticnet", l1_ratio=None, solver="saga").fit(X, y)


@pytest.mark.parametrize(
    "settings",
    [
        {"penalty": penalty, "l1_ratio": l1_ratio, "C": C, "solver": "saga"}
        for penalty in ("l1", "l2", "elasticnet", None, "deprecated")
        for l1_ratio in (0.0, 0.3, 1.0, None)
        for C in (1.0, 2.0, np.inf)
        # Where scikit-learn itself takes no None.
        if l1_ratio is not None or (penalty != "elasticnet" and (penalty != "deprecated" or np.isfinite(C)))
    ]
    + [{"n_jobs": 1}],
)
def test_warnings_begin_as_scikit_learn_s_do_and_name_the_caller(settings):
    X, y = classes(2)
    said = {}
    for kind in (linear_model.LogisticRegression, LogisticRegression):
        with warnings.catch_warnings(record=True, action="always") as caught:
            kind(**settings, tol=0.1).fit(X, y)
        caught = [each for each in caught if not issubclass(each.category, ConvergenceWarning)]
        said[kind] = sorted((each.category.__name__, str(each.message)[:35]) for each in caught)
    assert {each.filename for each in caught} <= {__file__}
    assert said[LogisticRegression] == said[linear_model.LogisticRegression]


def test_works_in_pipelines_searches_clones_and_pickles():
    X, y = classes(3)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    search = GridSearchCV(model, {"logisticregression__C": [0.1, 1.0]}, cv=3).fit(X, y)
    again = pickle.loads(pickle.dumps(search))
    assert_array_equal(again.predict(X), search.predict(X))
    assert_array_equal(clone(search.best_estimator_).fit(X, y).predict(X), search.predict(X))
    assert LogisticRegression().fit(X, y).sparsify().coef_.shape == (3, 6)


def test_columns_that_depend_on_each_other_have_a_minimiser_under_hardly_any_l1():
    X, y = make_classification(500, random_state=0)
    rows = np.random.default_rng(0).permutation(500)[:400]
    for C in (1e6, 1e10):
        model = LogisticRegression(C=C, l1_ratio=1.0, solver="saga").fit(X[rows], y[rows])
        G, g = slopes(X[rows], y[rows], model, np.ones(400))
        assert np.abs(G).max() <= 1 / C + 1e-9
        assert np.abs(g).max() < 1e-9


def test_the_weaker_the_penalty_the_likelier_the_labels_however_weak():
    X, y = classes(2, p=60)
    chances = []
    for C in 10.0 ** np.array([0, 5, 10, 15, 20]):
        model = LogisticRegression(C=C).fit(X, y)
        chances.append(model.predict_proba(X)[np.arange(len(y)), (y == model.classes_[1]).astype(int)])
    values = np.array([np.log(each).sum() for each in chances])
    assert np.all(np.diff(values) > -1e-9)
    assert values[-1] > -1e-9


def test_one_class_is_refused_and_so_are_negative_weights():
    X, y = classes(2)
    for given, s in ((np.full(40, "no"), None), (y, (y == "no").astype(float))):
        with pytest.raises(ValueError, match=r"^y holds one class alone"):
            LogisticRegression().fit(X, given, s)
    with pytest.raises(ValueError, match="Negative values"):
        LogisticRegression().fit(X, y, np.arange(40) - 1.0)

"""Laws of `shrinkage.LogisticRegressionCV`: the best of exact paths, in scikit-learn's clothes."""

import pickle
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import LogisticRegression, LogisticRegressionCV
from sklearn import config_context, linear_model
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss, make_scorer
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tests.shrinkage.estimators.kinds import KINDS, data, unchanged

pytestmark = pytest.mark.filterwarnings("error", "ignore::sklearn.exceptions.SkipTestWarning")
KS = [2, 3]
# What is asked for in so many words, nothing warns of.
NEW = {"l1_ratios": (0.0,), "scoring": None, "use_legacy_attributes": False}
EXACT = {"solver": "newton-cholesky", "tol": 1e-10, "max_iter": 500}
NAMES = ("classes_", "C_", "l1_ratio_", "Cs_", "l1_ratios_", "coef_", "intercept_", "scores_", "coefs_paths_")


def classes(K, n=60, p=4):
    """Classes that no plane separates."""
    X, y = data(n, p)
    codes = np.digitize(y, np.quantile(y, [0.4, 0.7][: K - 1]))
    codes[::4] = np.arange(len(codes[::4])) % K
    return X, np.array(["no", "perhaps", "yes"])[codes]


def same(ours, theirs, atol=1e-6):
    assert {k for k in vars(ours) if k.endswith("_")} == {k for k in vars(theirs) if k.endswith("_")}
    for name in NAMES:
        mine, expected = getattr(ours, name), getattr(theirs, name)
        assert type(mine) is type(expected), name
        if not isinstance(mine, dict):
            mine, expected = {"": mine}, {"": expected}
        assert list(mine) == list(expected)
        for key, value in mine.items():
            assert np.shape(value) == np.shape(expected[key]), name
            if np.asarray(value).dtype.kind == "f":
                assert_allclose(value, expected[key], rtol=1e-6, atol=atol, err_msg=name)
            else:
                assert_array_equal(value, expected[key])
    assert ours.n_iter_.shape == theirs.n_iter_.shape
    assert ours.n_iter_.dtype == theirs.n_iter_.dtype
    assert ours.n_iter_.min() >= 1


@parametrize_with_checks([LogisticRegressionCV()])
def test_every_check_of_scikit_learn_passes(estimator, check):
    # All defaults warn of changes to come.
    with warnings.catch_warnings(action="ignore"):
        check(estimator)


@pytest.mark.parametrize("K", KS)
@pytest.mark.parametrize(("refit", "weighted"), [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"fit_intercept": False, "scoring": "neg_log_loss"},
        {"class_weight": "balanced", "scoring": "neg_brier_score"},
        {"class_weight": {"no": 3.0}, "Cs": [10.0, 0.01, 1.0]},
    ],
    ids=str,
)
def test_is_scikit_learn_s(K, refit, weighted, settings):
    X, y = classes(K)
    s = np.arange(len(y)) % 4 + 0.5 if weighted else None
    settings = NEW | {"Cs": 3, "cv": 3, "refit": refit, "use_legacy_attributes": refit is weighted} | settings
    model = LogisticRegressionCV(**settings).fit(X, y, s)
    other = linear_model.LogisticRegressionCV(**EXACT, **settings).fit(X, y, s)
    same(model, other)
    assert_array_equal(model.predict(X), other.predict(X))
    assert_allclose(model.predict_proba(X), other.predict_proba(X), atol=1e-6)
    if settings["scoring"] != "neg_brier_score":
        assert_allclose(model.score(X, y, sample_weight=s), other.score(X, y, sample_weight=s), rtol=1e-9)


@pytest.mark.parametrize("K", KS)
@pytest.mark.parametrize("legacy", [True, False])
def test_mixes_are_scikit_learn_s(K, legacy):
    X, y = classes(K)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    # Where all coefficients are zero, scikit-learn stops before the intercept is there.
    settings = {"l1_ratios": np.array([0.0, 0.6, 1.0]), "Cs": [0.5, 2.0], "cv": 3, "solver": "saga"}
    settings |= {"scoring": "neg_log_loss", "use_legacy_attributes": legacy}
    other = linear_model.LogisticRegressionCV(**settings, tol=1e-9, max_iter=20_000, random_state=0)
    for refit in (True, False):
        settings["refit"] = refit
        same(LogisticRegressionCV(**settings).fit(X, y), other.set_params(refit=refit).fit(X, y), 1e-5)


@pytest.mark.parametrize("K", KS)
@pytest.mark.parametrize("kind", KINDS)
def test_data_of_every_kind_give_the_same_and_stay_as_they_are(K, kind):
    X, y = classes(K)
    given, model = KINDS[kind](X), LogisticRegressionCV(**NEW, Cs=2, cv=2)
    found = model.fit(given, y).coefs_paths_
    assert_array_equal(unchanged(given), X)
    assert_allclose(found, model.fit(X, y).coefs_paths_, atol=1e-9)


@pytest.mark.parametrize("K", KS)
def test_is_a_search_over_single_fits(K):
    X, y = classes(K)
    cv, mixes, Cs = StratifiedKFold(3), [0.0, 0.5, 1.0], [0.01, 0.3, 9.0]
    settings = NEW | {"l1_ratios": mixes, "scoring": "neg_log_loss"}
    model = LogisticRegressionCV(**settings, Cs=Cs, cv=cv, solver="saga").fit(X, y)
    grid = {"C": Cs, "l1_ratio": mixes}
    search = GridSearchCV(LogisticRegression(solver="saga"), grid, scoring="neg_log_loss", cv=cv).fit(X, y)
    assert search.best_params_ == {"C": model.C_, "l1_ratio": model.l1_ratio_}
    scores = np.stack([search.cv_results_[f"split{k}_test_score"] for k in range(3)])
    assert_allclose(np.moveaxis(model.scores_, 1, 2).reshape(3, -1), scores, rtol=1e-9)
    assert_allclose(model.coef_, search.best_estimator_.coef_, atol=1e-9)
    for k, (train, _) in enumerate(cv.split(X, y)):
        for at in np.ndindex(3, 3):
            one = LogisticRegression(C=Cs[at[1]], l1_ratio=mixes[at[0]], solver="saga").fit(X[train], y[train])
            assert_allclose(model.coefs_paths_[k][at][:, :-1], one.coef_, atol=1e-9)
            assert_allclose(model.coefs_paths_[k][at][:, -1], one.intercept_, atol=1e-9)


def test_of_several_best_the_first_is_taken_as_by_scikit_learn():
    X, y = classes(2)
    constant = make_scorer(lambda *_: 1.0)
    for refit in (True, False):
        model = LogisticRegressionCV(**NEW | {"scoring": constant}, Cs=[3.0, 0.1], refit=refit).fit(X, y)
        assert model.C_ == 3.0


def test_one_number_is_a_weight_for_every_row():
    X, y = classes(2)
    models = [LogisticRegressionCV(Cs=3, **NEW).fit(X, y, s) for s in (2.5, np.full(len(y), 2.5))]
    same(*models)


def test_all_defaults_warn_as_scikit_learn_s_do_and_mean_the_same():
    X, y = classes(2)
    said = []
    for kind in (linear_model.LogisticRegressionCV, LogisticRegressionCV):
        with pytest.warns(FutureWarning) as caught:
            model = kind(Cs=3).fit(X, y)
        # By how they begin warnings are filtered.
        said.append([(w.category, str(w.message)[:35]) for w in caught])
        assert model.l1_ratios_.tolist() == model.l1_ratio_.tolist() == [None]
        assert model.scores_["perhaps"].shape == (5, 3)
        assert {w.filename for w in caught} == {__file__} or kind is not LogisticRegressionCV
    assert said[0] == said[1]


@pytest.mark.parametrize("penalty", ["l1", "l2", "elasticnet"])
def test_penalty_by_its_old_name_warns_as_scikit_learn_does_and_is_kept(penalty):
    X, y = classes(2)
    settings = NEW | {"Cs": [1.0], "solver": "saga"}
    said = []
    for kind in (linear_model.LogisticRegressionCV, LogisticRegressionCV):
        with pytest.warns() as caught:
            old = kind(**settings | {"penalty": penalty, "l1_ratios": [0.3], "tol": 0.1}).fit(X, y)
        said.append([(w.category, str(w.message)[:35]) for w in caught if w.category != ConvergenceWarning])
    assert said[0] == said[1]
    mix = {"l1": 1.0, "l2": 0.0, "elasticnet": 0.3}[penalty]
    assert_array_equal(old.coef_, LogisticRegressionCV(**settings | {"l1_ratios": [mix]}).fit(X, y).coef_)


@pytest.mark.parametrize("counts", [(4, 3), (9, 3), (4, 1), (3, 4, 2), (4, 4)])
@pytest.mark.parametrize("cv", [None, 4, 5])
def test_there_are_as_many_folds_as_asked_for_or_as_rows_in_the_smallest_class(counts, cv):
    y = np.repeat(np.arange(len(counts)), counts)
    X = np.random.default_rng(0).normal(size=(len(y), 2))
    k = 5 if cv is None else cv
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        folds = len(LogisticRegressionCV(**NEW, Cs=1, cv=cv).fit(X, y).scores_)
    assert folds == (k if max(counts) >= k else max(min(counts), 2))
    assert any("folds" in str(w.message) for w in caught) == (folds < k)


@pytest.mark.parametrize("K", KS)
def test_a_fold_without_a_class_gives_it_no_chance(K):
    X, y = classes(K)
    order = np.argsort(y, kind="stable")
    X, y, cv = X[order], y[order], KFold(K)
    model = LogisticRegressionCV(**NEW, Cs=[0.1, 5.0], cv=cv, refit=False).fit(X, y)
    lacking = 0
    for k, (train, _) in enumerate(cv.split(X)):
        absent = ~np.isin(model.classes_, y[train])
        lacking += absent.any()
        for w in model.coefs_paths_[k, 0]:
            odds = X[train] @ w[:, :-1].T + w[:, -1]
            odds = np.column_stack([np.zeros(len(train)), odds]) if K == 2 else odds
            P = np.exp(odds - np.logaddexp.reduce(odds, axis=1)[:, None])
            assert P[:, absent].max(initial=0) < 1e-15
    assert lacking
    assert np.isfinite(model.intercept_).all()


def test_two_of_three_classes_are_fitted_as_if_there_were_no_third():
    X, y = classes(3)
    two = y != "yes"
    # The rows of the third class are the only ones left out.
    cv = [(np.flatnonzero(two), np.flatnonzero(~two))]
    model = LogisticRegressionCV(**NEW, Cs=[0.7], cv=cv).fit(X, y)
    w = model.coefs_paths_[0, 0, 0]
    assert_array_equal(w[2, :-1], 0)
    # The squares of two coefficients w/2 and −w/2 are half that of one.
    one = LogisticRegression(C=2 * 0.7).fit(X[two], y[two])
    assert_allclose(w[1] - w[0], np.append(one.coef_, one.intercept_), atol=1e-9)
    assert model.scores_.tolist() == [[[0.0]]]


def test_classes_weighted_zero_or_separated_or_alone_are_refused():
    X, y = classes(2)
    for given, s in ((np.full(60, "no"), None), (y, (y == "no").astype(float))):
        with pytest.raises(ValueError, match="class"):
            LogisticRegressionCV(**NEW).fit(X, given, s)
    separated = np.where(X[:, 0] > 0.3, "no", "yes")
    with pytest.raises(ValueError, match=r"^y is separated by columns without a penalty"):
        LogisticRegressionCV(**NEW, Cs=[1.0, np.inf]).fit(X, separated)
    X, y = classes(2, n=400)
    model = LogisticRegressionCV(**NEW | {"scoring": "neg_log_loss"}, Cs=[1e-3, np.inf], cv=2).fit(X, y)
    assert np.isinf(model.C_)
    assert_allclose(model.coef_, LogisticRegression(C=np.inf).fit(X, y).coef_, atol=1e-9)


@pytest.mark.parametrize(
    "settings",
    [
        {"Cs": 0},
        {"Cs": "many"},
        {"Cs": []},
        {"l1_ratios": (1.0,)},
        {"l1_ratios": (0.5,), "solver": "liblinear"},
        {"l1_ratios": [2.0], "solver": "saga"},
        {"l1_ratios": ["a"], "solver": "saga"},
        {"l1_ratios": []},
        {"l1_ratios": None, "penalty": "elasticnet", "solver": "saga"},
        {"penalty": "l3"},
        {"dual": True},
        {"cv": "three"},
        {"cv": 1},
        {"scoring": "best"},
        {"refit": "yes"},
        {"use_legacy_attributes": "no"},
        {"class_weight": {"never": 2.0}},
        {"class_weight": "heavy"},
        {"solver": "magic"},
        {"tol": -1.0},
        {"max_iter": 0.5},
        {"n_jobs": 1.5},
    ],
    ids=str,
)
def test_refuses_what_scikit_learn_refuses(settings):
    X, y = classes(2)
    raised = []
    for kind in (linear_model.LogisticRegressionCV, LogisticRegressionCV):
        with pytest.raises((ValueError, TypeError)) as problem, warnings.catch_warnings(action="ignore"):
            kind(**NEW | settings).fit(X, y)
        raised.append(problem.type)
    assert raised[0] is raised[1]


@pytest.mark.parametrize("Cs", [[1.0, 0.0], [-1.0], [np.nan]], ids=str)
def test_weights_of_the_losses_that_are_not_positive_are_refused_by_name(Cs):
    X, y = classes(2)
    with pytest.raises(ValueError, match=r"^C"):
        LogisticRegressionCV(**NEW, Cs=Cs).fit(X, y)


@pytest.mark.parametrize(
    "settings",
    [{"solver": s} for s in ("liblinear", "sag", "newton-cg", "saga", "newton-cholesky")]
    + [{"tol": 0.1}, {"max_iter": 1}, {"random_state": 3}, {"intercept_scaling": 2.0}, {"n_jobs": 2}, {"verbose": 1}],
    ids=str,
)
def test_what_steers_only_the_search_changes_nothing(settings):
    X, y = classes(2)
    model = LogisticRegressionCV(**NEW, Cs=2, cv=2)
    before = model.fit(X, y).coef_
    assert_array_equal(model.set_params(**settings).fit(X, y).coef_, before)


def test_groups_reach_the_splitter_and_weights_the_scorer_where_metadata_are_routed():
    X, y = classes(2)
    groups, s = np.arange(60) % 5, np.arange(60) % 3 + 1.0
    with config_context(enable_metadata_routing=True):
        scorer = make_scorer(log_loss, greater_is_better=False, response_method="predict_proba")
        scorer.set_score_request(sample_weight=True)
        settings = NEW | {"scoring": scorer, "Cs": 3, "cv": GroupKFold(3).set_split_request(groups=True)}
        found = [
            kind(**settings, **steer).fit(X, y, sample_weight=s, groups=groups)
            for kind, steer in ((LogisticRegressionCV, {}), (linear_model.LogisticRegressionCV, EXACT))
        ]
    same(*found)
    with pytest.raises(ValueError, match="groups"):
        LogisticRegressionCV(**NEW).fit(X, y, groups=groups)


@pytest.mark.parametrize("K", KS)
def test_parameters_are_scikit_learn_s_and_it_survives_pickling_and_pipelines(K):
    X, y = classes(K)
    assert list(LogisticRegressionCV().get_params().items()) == list(
        linear_model.LogisticRegressionCV().get_params().items()
    )
    model = make_pipeline(StandardScaler(), LogisticRegressionCV(**NEW, Cs=2)).fit(X, y)
    assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))
    assert_array_equal(clone(model).fit(X, y).predict(X), model.predict(X))
    assert model[-1].sparsify().coef_.shape == ((1, 4) if K == 2 else (3, 4))

"""Laws of `shrinkage.RidgeCV`: the best by leaving out each row, and scikit-learn's answers."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from shrinkage import Ridge, RidgeCV
from sklearn import config_context, linear_model
from sklearn.base import clone
from sklearn.metrics import make_scorer, mean_absolute_error
from sklearn.model_selection import GridSearchCV, KFold, LeaveOneOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tests.shrinkage.estimators.kinds import KINDS, data, unchanged

pytestmark = pytest.mark.filterwarnings("error", "ignore::sklearn.exceptions.SkipTestWarning")
ALPHAS = [0.01, 0.3, 10.0, 1000.0]


@parametrize_with_checks([RidgeCV()])
def test_every_check_of_scikit_learn_passes(estimator, check):
    check(estimator)


def both(X, y, s=None, **settings):
    ours = RidgeCV(ALPHAS, **settings).fit(X, y, s)
    # Dense and in double precision theirs is the most exact.
    return ours, linear_model.RidgeCV(ALPHAS, gcv_mode="svd", **settings).fit(unchanged(X), y, s)


def same(ours, theirs, tolerance=1e-7):
    for name in ("alpha_", "best_score_", "coef_", "intercept_", "cv_results_"):
        if hasattr(theirs, name):
            mine, expected = getattr(ours, name), getattr(theirs, name)
            assert np.shape(mine) == np.shape(expected)
            np.testing.assert_allclose(mine, expected, rtol=tolerance, atol=tolerance)
    assert {k for k in vars(ours) if k.endswith("_")} == {k for k in vars(theirs) if k.endswith("_")}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(40, 6), (12, 20)])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("settings", [{}, {"scoring": "neg_mean_absolute_error"}, {"scoring": "r2"}], ids=str)
def test_is_scikit_learn_s(kind, shape, fit_intercept, weighted, settings):
    X, y = data(*shape)
    s = np.arange(len(y)) % 4 + 0.5 if weighted else None
    same(*both(KINDS[kind](X), y, s, fit_intercept=fit_intercept, store_cv_results=True, **settings))


@pytest.mark.parametrize("targets", [1, 2, 3])
@pytest.mark.parametrize("alpha_per_target", [True, False])
@pytest.mark.parametrize("scoring", [None, "neg_mean_squared_error"])
@pytest.mark.parametrize("kind", ["C", "csr"])
@pytest.mark.parametrize("weighted", [True, False])
def test_is_scikit_learn_s_for_several_targets(targets, alpha_per_target, scoring, kind, weighted):
    X, y = data(targets=targets)
    s = np.arange(len(y)) % 4 + 0.5 if weighted else None
    y = y * np.arange(1, targets + 1) + 20 * np.random.default_rng(0).normal(size=y.shape) * np.arange(targets)
    if targets == 1 and alpha_per_target:
        pytest.skip("scikit-learn gives the score of the one target as an array of one, beside an alpha_ that is none")
    same(*both(KINDS[kind](X), y, s, alpha_per_target=alpha_per_target, scoring=scoring, store_cv_results=True))


@pytest.mark.parametrize("scoring", [None, "neg_mean_squared_error"])
def test_one_target_has_one_alpha_and_one_score(scoring):
    X, y = data()
    for target in (y, y[:, None]):
        model = RidgeCV(ALPHAS, scoring=scoring, alpha_per_target=True).fit(X, target)
        assert (model.alpha_, model.best_score_) == pytest.approx(
            (0.01, RidgeCV(0.01, scoring=scoring).fit(X, y).best_score_)
        )


@pytest.mark.parametrize("fit_intercept", [True, False])
def test_a_penalty_too_small_for_squares_is_fitted_as_by_ridge(fit_intercept):
    X, y = data(12, 20)
    s = np.arange(12) % 3 + 0.5
    model = RidgeCV([1e-18], fit_intercept=fit_intercept).fit(X, y, s)
    np.testing.assert_array_equal(model.coef_, Ridge(1e-18, fit_intercept=fit_intercept).fit(X, y, s).coef_)


def test_two_rows_are_enough_and_one_is_not():
    X, y = data()
    # Without the one row the other is the mean, and predicts itself.
    assert RidgeCV(ALPHAS).fit(X[:2], y[:2]).best_score_ == pytest.approx(-((y[0] - y[1]) ** 2))
    with pytest.raises(ValueError, match=r"^X has n_samples=1; .*at least two$"):
        RidgeCV(ALPHAS).fit(X[:1], y[:1])


@pytest.mark.parametrize("fit_intercept", [True, False])
def test_is_what_leaving_out_each_row_gives(fit_intercept):
    X, y = data(25, 5)
    model = RidgeCV(ALPHAS, fit_intercept=fit_intercept).fit(X, y)
    search = GridSearchCV(
        Ridge(fit_intercept=fit_intercept), {"alpha": ALPHAS}, cv=LeaveOneOut(), scoring="neg_mean_squared_error"
    ).fit(X, y)
    assert model.alpha_ == search.best_params_["alpha"]
    assert model.best_score_ == pytest.approx(search.best_score_, rel=1e-10)
    np.testing.assert_allclose(model.coef_, search.best_estimator_.coef_, rtol=1e-12)


@pytest.mark.parametrize("fit_intercept", [True, False])
def test_a_row_of_weight_zero_is_as_good_as_absent(fit_intercept):
    X, y = data()
    s = np.arange(len(y)) % 3.0
    kept = s > 0
    for scoring in (None, "neg_mean_squared_error"):
        settings = {"fit_intercept": fit_intercept, "scoring": scoring, "store_cv_results": True}
        model = RidgeCV(ALPHAS, **settings).fit(X, y, s)
        alone = RidgeCV(ALPHAS, **settings).fit(X[kept], y[kept], s[kept])
        assert model.alpha_ == alone.alpha_
        np.testing.assert_allclose(model.coef_, alone.coef_, rtol=1e-10)
        np.testing.assert_allclose(model.cv_results_[kept], alone.cv_results_, rtol=1e-9)
    predicted = Ridge(ALPHAS[1], fit_intercept=fit_intercept).fit(X, y, s).predict(X[~kept])
    np.testing.assert_allclose(model.cv_results_[~kept, 1], predicted, rtol=1e-9)


@pytest.mark.parametrize("kind", ["C", "csr"])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("scoring", [None, "neg_mean_absolute_error"])
def test_with_folds_it_is_a_search_over_ridges(kind, weighted, scoring):
    X, y = data()
    s = np.arange(len(y)) % 4 + 0.5 if weighted else None
    ours = RidgeCV([0.0, *ALPHAS], cv=KFold(4), scoring=scoring).fit(KINDS[kind](X), y, s)
    theirs = linear_model.RidgeCV([0.0, *ALPHAS], cv=KFold(4), scoring=scoring).fit(X, y, s)
    same(ours, theirs)


def test_a_scorer_of_one_s_own_and_one_alpha():
    X, y = data()
    scorer = make_scorer(mean_absolute_error, greater_is_better=False)
    same(*both(X, y, scoring=scorer))
    assert RidgeCV(2.0).fit(X, y).alpha_ == 2.0
    np.testing.assert_allclose(RidgeCV(2.0).fit(X, y).coef_, Ridge(2.0).fit(X, y).coef_, rtol=1e-12)


def shifted(y, predicted, sample_weight=None, shift=0.0):
    return -mean_absolute_error(y + shift, predicted, sample_weight=sample_weight)


@pytest.mark.parametrize("cv", [None, KFold(4)], ids=["each row", "folds"])
@pytest.mark.parametrize("weighted", [True, False])
def test_weights_and_other_metadata_reach_the_scorer_that_asks_for_them(weighted, cv):
    X, y = data()
    s, shift = np.arange(len(y)) % 4 + 0.5, np.arange(len(y)) % 5.0
    with config_context(enable_metadata_routing=True):
        scorer = make_scorer(shifted).set_score_request(sample_weight=weighted, shift=True)
        fits = [
            kind(ALPHAS, scoring=scorer, cv=cv)
            .set_fit_request(sample_weight=True)
            .fit(X, y, sample_weight=s, shift=shift)
            for kind in (RidgeCV, linear_model.RidgeCV)
        ]
        assert fits[0].best_score_ == pytest.approx(fits[1].best_score_, rel=1e-8)
    with pytest.raises(ValueError, match=r"RidgeCV\.fit"):
        RidgeCV(ALPHAS).fit(X, y, shift=shift)


def test_names_of_columns_are_kept_by_a_search_over_folds():
    X, y = data()
    frame = pd.DataFrame(X, columns=list("abcdef"))
    assert "".join(RidgeCV(ALPHAS, cv=3).fit(frame, y).feature_names_in_) == "abcdef"


@pytest.mark.parametrize("gcv_mode", [None, "auto", "svd", "eigen"])
def test_how_scikit_learn_would_do_it_changes_nothing(gcv_mode):
    X, y = data()
    np.testing.assert_array_equal(RidgeCV(gcv_mode=gcv_mode).fit(X, y).coef_, RidgeCV().fit(X, y).coef_)


def test_a_mode_that_scikit_learn_will_refuse_for_sparse_data_is_warned_of():
    X, y = data()
    with pytest.warns(FutureWarning, match="The 'svd' mode is not supported for sparse X"):
        model = RidgeCV(gcv_mode="svd").fit(sparse.csr_array(X), y)
    np.testing.assert_allclose(model.coef_, RidgeCV().fit(X, y).coef_, rtol=1e-9)


def test_among_alphas_of_all_kinds_the_first_that_cannot_be_used_is_named():
    X, y = data()
    for kind in (RidgeCV, linear_model.RidgeCV):
        with pytest.raises(TypeError, match=r"^alphas\[2\]"):
            kind([1, 2.0, "3"]).fit(X, y)
        with pytest.raises(ValueError, match=r"^alphas\[1\] == -1"):
            kind([1.0, -1.0]).fit(X, y)
        with pytest.raises(ValueError, match=r"^alphas == -1"):
            kind([-1.0]).fit(X, y)


@pytest.mark.parametrize("name", ["store_cv_results", "alpha_per_target"])
def test_what_folds_cannot_give_is_refused_in_scikit_learn_s_words(name):
    X, y = data()
    for kind in (RidgeCV, linear_model.RidgeCV):
        with pytest.raises(ValueError, match=f"^cv!=None and {name}=True are incompatible"):
            kind(ALPHAS, cv=3, **{name: True}).fit(X, y)


@pytest.mark.parametrize("kind", ["C", "csr"])
def test_single_precision_stays_single(kind):
    X, y = data()
    model = RidgeCV(ALPHAS, store_cv_results=True).fit(KINDS[kind](X.astype(np.float32)), y)
    assert {model.coef_.dtype, model.intercept_.dtype, model.cv_results_.dtype} == {np.dtype(np.float32)}
    np.testing.assert_allclose(model.coef_, RidgeCV(ALPHAS).fit(X, y).coef_, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "settings",
    [
        {"alphas": 0.0},
        {"alphas": [0.0, 1.0]},
        {"alphas": [1.0, -1.0]},
        {"alphas": [-1.0], "cv": 3},
        {"alphas": ["1", "2"]},
        {"alphas": "many"},
        {"fit_intercept": 1.5},
        {"scoring": "the best"},
        {"cv": "three"},
        {"gcv_mode": "qr"},
        {"store_cv_results": 1.5},
    ],
    ids=str,
)
def test_refuses_what_scikit_learn_refuses(settings):
    X, y = data()
    raised = []
    for kind in (linear_model.RidgeCV, RidgeCV):
        with pytest.raises((ValueError, TypeError)) as problem:
            kind(**settings).fit(X, y)
        raised.append(problem.type)
    assert raised[0] is raised[1]


def test_sparse_columns_are_never_filled(monkeypatch):
    X, y = data()
    given = sparse.csr_array(X)

    for kind in (sparse.csr_array, sparse.csc_array):

        def products_alone(self, *args, plain=kind.toarray, **kwargs):
            assert self.shape != (40, 6)
            return plain(self, *args, **kwargs)

        monkeypatch.setattr(kind, "toarray", products_alone)
    RidgeCV(ALPHAS).fit(given, y).predict(given)


def test_parameters_are_scikit_learn_s_and_it_survives_pickling_and_pipelines():
    X, y = data()
    assert RidgeCV().get_params() == linear_model.RidgeCV().get_params()
    assert clone(RidgeCV([1.0, 2.0])).get_params() == RidgeCV([1.0, 2.0]).get_params()
    model = make_pipeline(StandardScaler(), RidgeCV(ALPHAS)).fit(X, y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model.score(X, y) == pytest.approx(
            make_pipeline(StandardScaler(), linear_model.RidgeCV(ALPHAS)).fit(X, y).score(X, y)
        )


@pytest.mark.parametrize("shape", [(60, 6), (12, 30)])
@pytest.mark.parametrize("kind", ["C", "csr"])
def test_a_hundred_penalty_weights_cost_one_factorisation_of_the_squares(monkeypatch, shape, kind):
    X, y = data(*shape)
    given, made = KINDS[kind](X), []

    def counted(name):
        original = getattr(np.linalg, name)

        def call(A, *args, **kwargs):
            made.append((name, A.shape))
            return original(A, *args, **kwargs)

        return call

    for name in ("eigh", "svd", "qr", "cholesky", "solve", "lstsq"):
        monkeypatch.setattr(np.linalg, name, counted(name))
    RidgeCV(np.geomspace(0.1, 1e4, 100)).fit(given, y)
    # The fit that is kept factors these squares and the one penalty, and not the data.
    assert made == [("eigh", (min(shape),) * 2)]

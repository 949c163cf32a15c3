"""Laws of `shrinkage.Lasso` and `shrinkage.ElasticNet`: certified minimisers, in scikit-learn's clothes."""

import pickle
import warnings

import numpy as np
import pytest
from scipy import sparse
from shrinkage import ElasticNet, Lasso
from sklearn import linear_model
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from tests.shrinkage.estimators.kinds import KINDS, data, unchanged

pytestmark = pytest.mark.filterwarnings("error", "ignore::sklearn.exceptions.SkipTestWarning")
PAIRS = [
    pytest.param(Lasso, linear_model.Lasso, id="Lasso"),
    pytest.param(ElasticNet, linear_model.ElasticNet, id="ElasticNet"),
]


def share(model):
    return getattr(model, "l1_ratio", 1.0)


def objective(X, y, s, model, w, b):
    rest, alpha, rho = s * (y - X @ w - b) ** 2, model.alpha, share(model)
    return rest.sum() / (2 * s.sum()) + alpha * (rho * np.abs(w).sum() + (1 - rho) / 2 * w @ w)


def violation(X, y, s, model):
    """Largest distance of a derivative to what the penalty answers, and the weighted mean of the residuals."""
    w, alpha, rho = model.coef_, model.alpha, share(model)
    residual = s * (y - X @ w - model.intercept_) / s.sum()
    slope = X.T @ residual - alpha * (1 - rho) * w
    beyond = np.abs(slope) if not model.positive else slope
    left = np.where(w == 0, np.maximum(beyond - alpha * rho, 0), np.abs(slope - alpha * rho * np.sign(w)))
    return left.max(), abs(residual.sum()) if model.fit_intercept else 0.0


@parametrize_with_checks([Lasso(), ElasticNet()])
def test_every_check_of_scikit_learn_passes(estimator, check):
    check(estimator)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("shape", [(40, 6), (8, 20)])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.01])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_the_optimality_conditions_hold_to_the_last_digits(kind, positive, shape, l1_ratio, fit_intercept):
    X, y = data(*shape)
    s = np.arange(len(y)) % 3 + 0.5
    for alpha in (0.01, 0.3):
        model = ElasticNet(alpha, l1_ratio=l1_ratio, positive=positive, fit_intercept=fit_intercept)
        model.fit(KINDS[kind](X), y, s)
        assert max(violation(X, y, s, model)) < 1e-11
        assert not positive or model.coef_.min() >= 0


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("targets", [0, 1, 2])
@pytest.mark.parametrize("settings", [{}, {"fit_intercept": False}, {"positive": True}], ids=str)
@pytest.mark.parametrize("weighted", [False, True])
def test_is_scikit_learn_s(ours, theirs, kind, targets, settings, weighted):
    X, y = data(targets=targets)
    s = np.arange(len(y)) % 4 * 0.7 if weighted else None
    given = KINDS[kind](X)
    model = ours(0.2, **settings).fit(given, y, s)
    other = theirs(0.2, tol=1e-13, max_iter=100_000, **settings).fit(X, y, s)
    np.testing.assert_array_equal(unchanged(given), X)
    for name in ("coef_", "intercept_", "dual_gap_", "n_iter_"):
        mine, expected = getattr(model, name), getattr(other, name)
        assert (np.shape(mine), type(mine)) == (np.shape(expected), type(expected))
    np.testing.assert_allclose(model.coef_, other.coef_, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(model.predict(given), other.predict(X), rtol=1e-8, atol=1e-8)
    np.testing.assert_array_equal(model.coef_ == 0, other.coef_ == 0)
    assert np.min(model.n_iter_) >= 1


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_the_dual_gap_bounds_what_the_objective_is_above_the_least(ours, theirs):
    X, y = data(30, 200)
    s = np.ones(len(y))
    exact = ours(0.02).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        rough = ours(0.02, max_iter=1, tol=0).fit(X, y)
        sweeps = [theirs(0.02, max_iter=k, tol=1e-30).fit(X, y) for k in (1, 2, 5)]
    least = objective(X, y, s, exact, exact.coef_, exact.intercept_)
    for model in (rough, *sweeps):
        above = objective(X, y, s, model, model.coef_, model.intercept_) - least
        assert above > 1e-9
        # On one scale: a gap of scikit-learn's is a bound on the same objective.
        assert above <= model.dual_gap_ < 1e4 * above
    assert abs(exact.dual_gap_) < 1e-12 * (y @ y)


@pytest.mark.parametrize("kind", ["C", "csr"])
def test_out_of_sweeps_it_warns_of_a_gap_above_tol_and_only_then(kind):
    X, y = data(30, 200)
    X = KINDS[kind](X)
    with pytest.warns(ConvergenceWarning, match="Objective did not converge: after 1 sweeps the duality gap is"):
        Lasso(0.001, max_iter=1, tol=0).fit(X, y)
    Lasso(0.001, max_iter=1, tol=1e6).fit(X, y)
    Lasso(0.001, tol=0).fit(X, y)


@pytest.mark.parametrize("kind", ["C", "csc"])
@pytest.mark.parametrize("targets", [0, 2])
def test_a_warm_start_starts_from_the_coefficients_and_ends_at_the_same(kind, targets):
    X, y = data(60, 150, targets)
    X = KINDS[kind](X)
    cold = ElasticNet(0.01).fit(X, y)
    warm = clone(cold).set_params(warm_start=True).fit(X, y)
    first, coef = np.max(warm.n_iter_), warm.coef_.copy()
    warm.fit(X, y)
    assert np.max(warm.n_iter_) == 1 < first
    np.testing.assert_allclose(warm.coef_, coef, rtol=1e-10, atol=1e-12)
    warm.set_params(alpha=0.02).fit(X, y)
    np.testing.assert_allclose(warm.coef_, ElasticNet(0.02).fit(X, y).coef_, rtol=1e-9, atol=1e-11)
    if targets:
        warm.fit(X, y[:, 0])
        np.testing.assert_allclose(warm.coef_, ElasticNet(0.02).fit(X, y[:, 0]).coef_, rtol=1e-9, atol=1e-11)
    warm.fit(X[:, :5], y)
    np.testing.assert_allclose(warm.coef_, ElasticNet(0.02).fit(X[:, :5], y).coef_, rtol=1e-9, atol=1e-11)


def test_without_a_penalty_it_is_least_squares_and_without_l1_ridge():
    X, y = data()
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    np.testing.assert_allclose(Lasso(0.0).fit(X, y).coef_, np.linalg.lstsq(Xc, yc)[0], rtol=1e-10)
    ridge = np.linalg.solve(Xc.T @ Xc + 40 * 0.3 * np.eye(6), Xc.T @ yc)
    np.testing.assert_allclose(ElasticNet(0.3, l1_ratio=0.0).fit(X, y).coef_, ridge, rtol=1e-10)
    np.testing.assert_array_equal(ElasticNet(0.3, l1_ratio=1.0).fit(X, y).coef_, Lasso(0.3).fit(X, y).coef_)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_a_whole_number_as_weight_repeats_its_row_and_one_number_for_all_is_none(ours, theirs):
    X, y = data()
    s = np.arange(len(y)) % 3
    weighted, repeated = ours(0.1).fit(X, y, s), ours(0.1).fit(np.repeat(X, s, axis=0), np.repeat(y, s))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(ours(0.1).fit(X, y, 4.0).coef_, ours(0.1).fit(X, y).coef_)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("kind", ["C", "F", "csr", "csc"])
@pytest.mark.parametrize("targets", [0, 2])
def test_single_precision_stays_single(ours, theirs, kind, targets):
    X, y = data(targets=targets)
    model = ours(0.1).fit(KINDS[kind](X.astype(np.float32)), y)
    assert {model.coef_.dtype, model.intercept_.dtype, model.dual_gap_.dtype} == {np.dtype(np.float32)}
    np.testing.assert_allclose(model.coef_, ours(0.1).fit(X, y).coef_, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize(
    "settings",
    [
        {"selection": "random"},
        {"random_state": 3},
        {"precompute": True},
        {"copy_X": False},
        {"tol": 0.5},
        {"max_iter": None},
    ],
    ids=str,
)
def test_what_steers_only_the_search_changes_nothing(ours, theirs, settings):
    X, y = data()
    before = X.copy()
    np.testing.assert_array_equal(ours(0.1, **settings).fit(X, y).coef_, ours(0.1).fit(X, y).coef_)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("gram", ["right", "wrong", "wrong where it is looked at"])
@pytest.mark.parametrize("centred", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("kind", ["C", "csr"])
def test_a_gram_matrix_of_other_columns_is_refused_where_scikit_learn_does(
    ours, theirs, fit_intercept, gram, centred, weighted, kind
):
    X, y = data()
    s = np.arange(len(y)) % 3 + 0.5 if weighted else np.ones(len(y))
    s /= s.mean()
    X = X - s @ X / len(y) * centred
    G = (X.T * s) @ X + (gram == "wrong")
    G[3, 4] += gram == "wrong where it is looked at"
    settings, given = {"precompute": G, "fit_intercept": fit_intercept}, KINDS[kind](X)
    outcomes = []
    for estimator in (theirs, ours):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Gram matrix was provided but X was centered")
            try:
                outcomes.append(estimator(0.1, **settings).fit(given, y, 3 * s if weighted else None).coef_)
            except ValueError:
                outcomes.append(None)
    assert (outcomes[0] is None) == (outcomes[1] is None)
    if outcomes[0] is not None:
        np.testing.assert_allclose(*outcomes, atol=1e-2)


@pytest.mark.parametrize(
    ("dtype", "off", "refused"), [("f8", 0, False), ("f8", 3e-6, True), ("f4", 3e-5, False), ("f4", 3e-4, True)]
)
def test_a_gram_matrix_may_be_off_by_the_rounding_of_its_precision(dtype, off, refused):
    X, y = data(p=2)
    X = (100 * (X + 1)).astype(dtype)
    for kind in (linear_model.Lasso, Lasso):
        model = kind(0.1, precompute=X.T @ X * np.array(1 + off, dtype), fit_intercept=False)
        if refused:
            with pytest.raises(ValueError, match=r"^Gram matrix passed .* did not pass validation"):
                model.fit(X, y)
    if not refused:
        np.testing.assert_array_equal(model.fit(X, y).coef_, Lasso(0.1, fit_intercept=False).fit(X, y).coef_)


def test_a_gram_matrix_is_of_all_columns_and_of_one_it_is_a_number():
    X, y = data()
    with pytest.raises(ValueError, match=r"^precompute must have the shape \(6, 6\) .* is \(3, 3\)$"):
        Lasso(0.1, fit_intercept=False, precompute=np.eye(3)).fit(X, y)
    X = X[:, :1]
    with pytest.raises(ValueError, match=r"its entry \(0, 0\) is not that of X; leave precompute False$"):
        Lasso(0.1, fit_intercept=False, precompute=np.eye(1)).fit(X, y)
    Lasso(0.1, fit_intercept=False, precompute=X.T @ X).fit(X, y)


def test_a_gram_matrix_that_centring_makes_another_s_is_warned_of_as_scikit_learn_does():
    X, y = data()
    for kind in (linear_model.Lasso, Lasso):
        with pytest.warns(UserWarning, match=r"^Gram matrix was provided but X was centered to fit intercept"):
            kind(0.1, precompute=X.T @ X).fit(X, y)


@pytest.mark.parametrize("kind", ["C", "csr"])
def test_without_a_penalty_it_is_the_least_squares_solution_of_smallest_norm(kind):
    X, y = data(8, 20)
    model = Lasso(0.0, fit_intercept=False).fit(KINDS[kind](X), y)
    np.testing.assert_allclose(model.coef_, np.linalg.pinv(X) @ y, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "settings",
    [
        {"alpha": -1.0},
        {"alpha": np.nan},
        {"alpha": "1"},
        {"alpha": [1.0]},
        {"alpha": None},
        {"l1_ratio": 1.1},
        {"l1_ratio": -0.1},
        {"fit_intercept": 1.5},
        {"precompute": "auto"},
        {"max_iter": 0},
        {"tol": -1.0},
        {"warm_start": "yes"},
        {"positive": "yes"},
        {"random_state": "seed"},
        {"selection": "first"},
        {"copy_X": None},
    ],
    ids=str,
)
def test_refuses_the_parameters_that_scikit_learn_refuses(settings):
    X, y = data()
    with pytest.raises(ValueError, match="parameter of ElasticNet must be") as expected:
        linear_model.ElasticNet(**settings).fit(X, y)
    with pytest.raises(expected.type, match="parameter of ElasticNet must be"):
        ElasticNet(**settings).fit(X, y)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_unchecked_input_is_taken_as_it_is(ours, theirs):
    X, y = data()
    model = ours(0.1).fit(np.asfortranarray(X), y, check_input=False)
    np.testing.assert_allclose(model.coef_, ours(0.1).fit(X, y).coef_, rtol=1e-12)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_the_sparse_coefficients_are_scikit_learn_s(ours, theirs):
    X, y = data(targets=2)
    for target in (y, y[:, 0]):
        mine, expected = (kind(0.3).fit(X, target).sparse_coef_ for kind in (ours, theirs))
        assert type(mine) is type(expected)
        np.testing.assert_allclose(mine.toarray(), expected.toarray(), atol=1e-3)


def test_sparse_columns_are_never_filled(monkeypatch):
    X, y = data()
    given = sparse.csr_array(X)

    for kind in (sparse.csr_array, sparse.csc_array):

        def products_alone(self, *args, plain=kind.toarray, **kwargs):
            assert self.shape != X.shape
            return plain(self, *args, **kwargs)

        monkeypatch.setattr(kind, "toarray", products_alone)
        monkeypatch.setattr(kind, "todense", products_alone)
    ElasticNet(0.1).fit(given, y).predict(given)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_parameters_are_scikit_learn_s(ours, theirs):
    assert list(ours().get_params().items()) == list(theirs().get_params().items())
    given = {name: object() for name in ours().get_params()}
    assert ours(**given).get_params(deep=False) == given
    assert clone(ours(3.0, positive=True)).get_params() == ours(3.0, positive=True).get_params()
    assert isinstance(ours(), ElasticNet)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_survives_pickling_and_works_in_pipelines_and_searches(ours, theirs):
    X, y = data()
    model = ours(0.1).fit(X, y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(X), model.predict(X))
    alphas = {f"{ours.__name__.lower()}__alpha": [0.01, 0.1, 1.0]}
    searches = [
        GridSearchCV(make_pipeline(StandardScaler(), kind(tol=1e-10)), alphas, cv=4).fit(X, y)
        for kind in (ours, theirs)
    ]
    np.testing.assert_allclose(*(search.cv_results_["mean_test_score"] for search in searches), rtol=1e-8)
    assert searches[0].best_params_ == searches[1].best_params_


def test_by_hand():
    # Two rows at −1 and 1 around the mean: the covariance is 2, and alpha = 0.5 takes 0.5 of it.
    model = Lasso(0.5).fit([[1.0], [3.0]], [0.0, 4.0])
    assert model.coef_ == pytest.approx([1.5])
    assert model.intercept_ == pytest.approx(-1.0)
    # Half of alpha = 1 takes 0.5 of it, and the other half divides by 1.5.
    assert ElasticNet(1.0).fit([[1.0], [3.0]], [0.0, 4.0]).coef_ == pytest.approx([1.0])

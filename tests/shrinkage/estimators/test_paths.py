"""Laws of `shrinkage.enet_path` and `shrinkage.lasso_path`: every point certified, on scikit-learn's grid."""

import numpy as np
import pytest
from shrinkage import ElasticNet, Lasso, enet_path, lasso_path
from sklearn import linear_model

from tests.shrinkage.estimators.kinds import KINDS, data, unchanged

pytestmark = pytest.mark.filterwarnings("error")
PAIRS = [
    pytest.param(lasso_path, linear_model.lasso_path, id="lasso"),
    pytest.param(enet_path, linear_model.enet_path, id="enet"),
]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settings", [{}, {"positive": True}, {"eps": 0.1}, {"alphas": [0.1, 1.0, 0.3]}], ids=str)
def test_is_scikit_learn_s(ours, theirs, kind, settings):
    X, y = data()
    given = KINDS[kind](X)
    settings = {"alphas": 12} | settings
    alphas, coefs, gaps, sweeps = ours(given, y, return_n_iter=True, **settings)
    expected = theirs(X, y, tol=1e-13, max_iter=100_000, **settings)
    np.testing.assert_array_equal(unchanged(given), X)
    np.testing.assert_allclose(alphas, expected[0], rtol=1e-13)
    np.testing.assert_allclose(coefs, expected[1], rtol=1e-8, atol=1e-9)
    assert np.abs(gaps).max() < 1e-12 * (y @ y)
    assert len(sweeps) == len(alphas)
    assert min(sweeps) >= 1


@pytest.mark.parametrize("kind", ["C", "csc"])
def test_every_point_is_the_fit_without_an_intercept(kind):
    X, y = data(20, 30)
    X = KINDS[kind](X)
    alphas, coefs, _ = enet_path(X, y, l1_ratio=0.7, alphas=8)
    for alpha, w in zip(alphas, coefs.T, strict=True):
        model = ElasticNet(alpha, l1_ratio=0.7, fit_intercept=False).fit(X, y)
        np.testing.assert_allclose(w, model.coef_, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("kind", ["C", "F", "csr", "csc"])
@pytest.mark.parametrize("l1_ratio", [0.3, 0.5, 1.0])
def test_at_the_largest_alpha_of_the_grid_all_coefficients_are_exactly_zero(kind, l1_ratio):
    for seed in range(20):
        X, y = data(50, 20, seed=seed)
        assert not enet_path(KINDS[kind](X), y, l1_ratio=l1_ratio, alphas=2)[1][:, 0].any()


def test_the_grid_begins_where_the_first_coefficient_enters():
    X, y = data()
    alphas, coefs, _ = lasso_path(X, y, alphas=5)
    assert not coefs[:, 0].any()
    assert Lasso(alphas[0] * (1 - 1e-9), fit_intercept=False).fit(X, y).coef_.any()
    np.testing.assert_allclose(alphas, alphas[0] * 1e-3 ** (np.arange(5) / 4), rtol=1e-12)
    assert lasso_path(X, 0 * y, alphas=3)[0].max() <= 1e-15


def test_one_target_in_a_column_keeps_its_axis():
    X, y = data()
    np.testing.assert_array_equal(lasso_path(X, y[:, None], alphas=3)[1], lasso_path(X, y, alphas=3)[1][None])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("l1_ratio", [1.0, 0.4])
def test_several_targets_are_tied_together_as_scikit_learn_ties_them(kind, l1_ratio):
    X, y = data(targets=3)
    alphas, coefs, gaps = enet_path(KINDS[kind](X), y, l1_ratio=l1_ratio, alphas=5)
    theirs = linear_model.enet_path(X, y, l1_ratio=l1_ratio, alphas=5, tol=1e-12, max_iter=10**5)
    np.testing.assert_allclose(alphas, theirs[0], rtol=1e-10)
    np.testing.assert_allclose(coefs, theirs[1], atol=1e-6)
    assert np.abs(coefs[:, :, 0]).max() < 1e-12
    assert np.abs(gaps).max() < 1e-11 * np.sum(y**2)


def test_several_targets_under_squares_are_each_alone_and_positive_is_for_one():
    X, y = data(targets=2)
    coefs = enet_path(X, y, l1_ratio=0.0, alphas=[1.0, 0.1])[1]
    for k in range(2):
        np.testing.assert_allclose(coefs[k], enet_path(X, y[:, k], l1_ratio=0.0, alphas=[1.0, 0.1])[1], rtol=1e-10)
    start = enet_path(X, y, alphas=[0.1], coef_init=coefs[..., 0])[1]
    np.testing.assert_allclose(start, enet_path(X, y, alphas=[0.1])[1], rtol=1e-7, atol=1e-9)
    for path in (enet_path, linear_model.enet_path):
        with pytest.raises(ValueError, match="positive"):
            path(X, y, alphas=3, positive=True)


@pytest.mark.parametrize(
    "settings",
    [{"selection": "random"}, {"precompute": True}, {"Xy": np.zeros(6)}, {"copy_X": False}, {"verbose": 1}],
    ids=str,
)
def test_what_steers_only_the_search_changes_nothing(settings):
    X, y = data()
    np.testing.assert_array_equal(lasso_path(X, y, alphas=3, **settings)[1], lasso_path(X, y, alphas=3)[1])


def test_a_start_leads_to_the_same_and_single_precision_stays_single():
    X, y = data()
    expected = lasso_path(X, y, alphas=[0.1])[1]
    np.testing.assert_allclose(lasso_path(X, y, alphas=[0.1], coef_init=np.ones(6))[1], expected, rtol=1e-10)
    single = lasso_path(X.astype(np.float32), y.astype(np.float32), alphas=[0.1])[1]
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("settings", [{"n_alphas": 3}, {"alphas": None}], ids=str)
def test_what_scikit_learn_will_drop_warns(settings):
    X, y = data()
    with pytest.warns(FutureWarning, match="deprecated"):
        alphas = lasso_path(X, y, **settings)[0]
    assert len(alphas) == settings.get("n_alphas", 100)


@pytest.mark.parametrize(
    "settings",
    [{"eps": 0.0}, {"alphas": 0}, {"precompute": "yes"}, {"selection": "first"}, {"positive": 2}, {"unheard_of": 1}],
    ids=str,
)
def test_refuses_what_scikit_learn_refuses(settings):
    X, y = data()
    raised = []
    for path in (linear_model.lasso_path, lasso_path):
        with pytest.raises(ValueError, match=r"parameter|Unexpected|selection") as problem:
            path(X, y, **settings)
        raised.append(problem.type)
    assert raised[0] is raised[1]
    with pytest.raises(ValueError, match="grid generation is not supported for l1_ratio=0"):
        enet_path(X, y, l1_ratio=0.0)

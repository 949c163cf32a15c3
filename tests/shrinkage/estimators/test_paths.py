"""Laws of `shrinkage.enet_path` and `shrinkage.lasso_path`: every point certified, on scikit-learn's grid."""

import inspect

import numpy as np
import pytest
from shrinkage import ElasticNet, Lasso, enet_path, lasso_path
from sklearn import linear_model
from sklearn.exceptions import ConvergenceWarning

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
    _, coefs, gaps = enet_path(X, y, l1_ratio=0.0, alphas=[1.0, 0.1])
    for k in range(2):
        np.testing.assert_allclose(coefs[k], enet_path(X, y[:, k], l1_ratio=0.0, alphas=[1.0, 0.1])[1], rtol=1e-10)
    assert np.abs(gaps).max() < 1e-12 * np.sum(y**2)
    for path in (enet_path, linear_model.enet_path):
        with pytest.raises(ValueError, match=r"^positive=True is not allowed"):
            path(X, y, alphas=3, positive=True)


@pytest.mark.parametrize(
    "settings",
    [{"selection": "random"}, {"precompute": True}, {"Xy": np.zeros(6)}, {"copy_X": False}, {"verbose": 1}],
    ids=str,
)
def test_what_steers_only_the_search_changes_nothing(settings):
    X, y = data()
    np.testing.assert_array_equal(lasso_path(X, y, alphas=3, **settings)[1], lasso_path(X, y, alphas=3)[1])


@pytest.mark.parametrize("path", [lasso_path, enet_path])
@pytest.mark.parametrize("targets", [0, 2])
def test_a_start_leads_to_the_same_and_at_the_answer_to_an_end(path, targets):
    X, y = data(60, 150, targets)
    settings = {"alphas": [0.03], "return_n_iter": True}
    _, cold, _, (most,) = path(X, y, **settings)
    np.testing.assert_allclose(path(X, y, coef_init=np.ones_like(cold[..., 0]), **settings)[1], cold, atol=1e-7)
    _, warm, _, (least,) = path(X, y, coef_init=cold[..., 0], **settings)
    np.testing.assert_allclose(warm, cold, atol=1e-7)
    assert least < most


@pytest.mark.parametrize("targets", [0, 2])
def test_single_precision_stays_single_whatever_that_of_the_target(targets):
    X, y = data(targets=targets)
    for target in (y, y.astype(np.float32)):
        _, coefs, _ = lasso_path(X.astype(np.float32), target, alphas=[0.1])
        assert coefs.dtype == np.float32
        np.testing.assert_allclose(coefs, lasso_path(X, y, alphas=[0.1])[1], rtol=1e-4, atol=1e-5)


def test_whole_numbers_are_taken():
    X = np.array([[1, 2], [3, 5], [-4, 1]])
    np.testing.assert_array_equal(
        lasso_path(X, [1, 2, 3], alphas=3)[1], lasso_path(X + 0.0, [1.0, 2.0, 3.0], alphas=3)[1]
    )


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_is_said_to_be_the_means_of_sparse_columns_is_taken_off_them(dtype):
    X, y = (a.astype(dtype) for a in data())
    means = {"X_offset": 2 * X.mean(axis=0, dtype=np.float64), "X_scale": np.full(6, 2.0)}
    found, sparse = enet_path(X - X.mean(axis=0), y, alphas=4), KINDS["csc"](X)
    rtol = 1e-9 if dtype == np.float64 else 1e-3
    for ours, expected in zip(enet_path(sparse, y, alphas=found[0], **means), found, strict=True):
        assert ours.dtype == expected.dtype
        np.testing.assert_allclose(ours, expected, rtol=rtol, atol=rtol)
    np.testing.assert_allclose(enet_path(sparse, y, alphas=4, **means)[0], found[0], rtol=rtol)
    # Dense ones are as they are to be.
    np.testing.assert_array_equal(enet_path(X, y, alphas=4, **means)[1], enet_path(X, y, alphas=4)[1])


@pytest.mark.parametrize("targets", [0, 2])
def test_out_of_sweeps_it_warns_of_a_gap_above_tol_and_only_then(targets):
    X, y = data(30, 200, targets)
    for settings in ({}, {"tol": 0.0}):
        with pytest.warns(ConvergenceWarning, match="after 1 sweeps the duality gap is"):
            lasso_path(X, y, alphas=[0.001], max_iter=1, **settings)
    lasso_path(X, y, alphas=[0.001], max_iter=1, tol=1e6)


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"n_alphas": 3}, "'n_alphas' was deprecated in 1.9 and"), ({"alphas": None}, "'alphas=None' is deprecated and")],
    ids=str,
)
def test_what_scikit_learn_will_drop_warns(settings, said):
    X, y = data()
    with pytest.warns(FutureWarning, match=f"^{said}"):
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
        with pytest.raises(ValueError, match=r"parameter|^Unexpected|^selection") as problem:
            path(X, y, **settings)
        raised.append(problem.type)
    assert raised[0] is raised[1]
    with pytest.raises(ValueError, match=r"^Automatic alpha grid .*l1_ratio=0\..* `alphas=` argument\.$"):
        enet_path(X, y, l1_ratio=0.0)


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_parameters_are_scikit_learn_s(ours, theirs):
    mine, expected = (inspect.signature(path).parameters.values() for path in (ours, theirs))
    assert [(p.name, p.default, p.kind) for p in mine] == [(p.name, p.default, p.kind) for p in expected]

"""Laws of `shrinkage.lars_path`: exact knots, in scikit-learn's clothes."""

import inspect
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import enet_path, lars_path, lasso_path
from sklearn import linear_model

from tests.shrinkage.estimators.kinds import KINDS, data

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=40, deadline=None)
lassos = pytest.mark.parametrize("positive", [False, True])


def correlated(seed=6, n=40, p=12):
    """A problem on whose path columns leave and come back: two common factors and a little more."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2)) @ rng.normal(size=(2, p)) + 0.5 * rng.normal(size=(n, p))
    return X, X @ rng.normal(size=p) + rng.normal(size=n)


def theirs(X, y, **options):
    with warnings.catch_warnings(action="ignore"):
        return linear_model.lars_path(X, y, **options)


def same(found, expected):
    assert len(found) == len(expected)
    for ours, other in zip(found, expected, strict=True):
        assert type(ours) is type(other)
        assert np.shape(ours) == np.shape(other)
        assert_allclose(ours, other, atol=1e-7)


@examples
@given(st.integers(0, 1000), st.sampled_from([(40, 12), (8, 12), (5, 1)]))
def test_least_angle_columns_in_use_have_equal_correlations_and_no_other_has_more(seed, shape):
    X, y = correlated(seed, *shape)
    alphas, active, coefs = lars_path(X, y)
    assert np.all(np.diff(alphas) <= 0)
    correlations = np.abs(X.T @ (y[:, None] - X @ coefs)) / len(y)
    assert_allclose(correlations.max(axis=0), alphas, atol=1e-9 * alphas[0])
    for k in range(1, len(alphas)):
        # In use between two knots are the columns whose coefficients differ there.
        assert_allclose(correlations[active[:k], k], alphas[k], atol=1e-9 * alphas[0])
        assert np.flatnonzero(coefs[:, k] - coefs[:, k - 1]).tolist() == sorted(active[:k])


@examples
@given(st.integers(0, 1000), st.sampled_from([(40, 12), (8, 12), (5, 1)]), st.booleans())
def test_every_knot_of_the_lasso_is_optimal_and_so_is_the_middle_between_two(seed, shape, positive):
    X, y = correlated(seed, *shape)
    alphas, _, coefs = lars_path(X, y, method="lasso", positive=positive)
    alphas = np.append(alphas, (alphas[1:] + alphas[:-1]) / 2)
    coefs = np.column_stack([coefs, (coefs[:, 1:] + coefs[:, :-1]) / 2])
    slopes, signs = X.T @ (y[:, None] - X @ coefs) / len(y), np.sign(coefs)
    size = 1e-9 * alphas[0]
    assert np.all((slopes if positive else np.abs(slopes)) <= alphas + size)
    assert np.all(np.abs(slopes - alphas * signs)[signs != 0] <= size)
    assert not positive or coefs.min() >= 0


@lassos
def test_knots_are_points_of_the_paths_by_descent(positive):
    X, y = correlated()
    alphas, _, coefs = lars_path(X, y, method="lasso", positive=positive)
    kept = alphas > 1e-3 * alphas[0]
    for path, options in ((lasso_path, {}), (enet_path, {"l1_ratio": 1.0})):
        _, found, _ = path(X, y, alphas=alphas[kept], positive=positive, **options)
        assert_allclose(coefs[:, kept], found, atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "options",
    [{}, {"return_path": False}]
    + [{"max_iter": m, "return_n_iter": True} for m in (0, 1, 8, 12, 500)]
    + [{"max_iter": 5, "return_path": False, "return_n_iter": True}],
    ids=str,
)
def test_the_lasso_is_scikit_learn_s(seed, options):
    X, y = correlated(seed)
    same(lars_path(X, y, method="lasso", **options), theirs(X, y, method="lasso", **options))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("return_path", [True, False])
@pytest.mark.parametrize("alpha_min", [0.1, 0.5, 100.0])
def test_an_end_between_two_knots_is_scikit_learn_s_with_the_columns_in_use_there(seed, return_path, alpha_min):
    X, y = correlated(seed)
    options = {"method": "lasso", "alpha_min": alpha_min, "return_path": return_path, "return_n_iter": True}
    alphas, active, coefs, n_iter = lars_path(X, y, **options)
    # scikit-learn's are those in use below the knot after the end.
    expected_alphas, _, expected, expected_n_iter = theirs(X, y, **options)
    same((alphas, coefs, n_iter), (expected_alphas, expected, expected_n_iter))
    assert sorted(active) == np.flatnonzero(coefs[:, -1] if return_path else coefs).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_without_negative_coefficients_it_is_scikit_learn_s_but_for_the_end(seed):
    # Of its last point scikit-learn's documentation says that it is not typically a solution.
    X, y = correlated(seed)
    options = {"method": "lasso", "positive": True, "alpha_min": 1e-3}
    (alphas, active, coefs), other = lars_path(X, y, **options), theirs(X, y, **options)
    same((alphas, active, coefs[:, :-1]), (*other[:2], other[2][:, :-1]))


def test_least_angle_regression_is_scikit_learn_s_where_no_coefficient_changes_its_sign():
    compared = 0
    for seed in range(20):
        X, y = np.random.default_rng(seed).normal(size=(30, 6)), np.random.default_rng(seed + 100).normal(size=30)
        alphas, active, coefs = lars_path(X, y)
        if np.all(coefs[:, 1:] * coefs[:, -1:] >= 0):
            same((alphas, active, coefs), theirs(X, y))
            compared += 1
    assert compared >= 5


def test_by_hand():
    X = np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    for method in ("lar", "lasso"):
        alphas, active, coefs, n_iter = lars_path(X, X @ [1.0, -3.0], method=method, return_n_iter=True)
        assert (alphas.tolist(), active, coefs.tolist(), n_iter) == ([3, 1, 0], [1, 0], [[0, 0, 1], [0, -2, -3]], 2)


@pytest.mark.parametrize(
    "options",
    [
        {"copy_X": False},
        {"copy_Gram": False},
        {"eps": 1e-3},
        {"eps": None},
        {"verbose": 2},
        {"Gram": True},
        {"Gram": False},
        {"Gram": "auto"},
        {"Gram": "product"},
        {"Gram": "product", "copy_Gram": False},
        {"Xy": "product"},
    ],
    ids=str,
)
def test_what_steers_only_the_search_changes_nothing_and_no_array(options, capsys):
    X, y = correlated()
    arrays = {"Gram": X.T @ X, "Xy": X.T @ y}
    options = {name: arrays[name] if value == "product" else value for name, value in options.items()}
    before = [a.copy() for a in (X, y, *arrays.values())]
    for method in ("lar", "lasso"):
        for found, plain in zip(lars_path(X, y, method=method, **options), lars_path(X, y, method=method), strict=True):
            assert_array_equal(found, plain)
    for array, copy in zip((X, y, *arrays.values()), before, strict=True):
        assert_array_equal(array, copy)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("kind", ["C", "F", "strided", "read-only"])
def test_arrays_of_every_kind_give_the_same(kind):
    X, y = data(30, 5)
    for found, plain in zip(lars_path(KINDS[kind](X), y), lars_path(X, y), strict=True):
        assert_allclose(found, plain, atol=1e-12)


def test_whole_numbers_are_taken_and_single_precision_is_kept_where_all_arrays_have_it():
    X, y = np.array([[1, 2], [3, 5], [-4, 1]]), np.array([1, 2, 3])
    assert_allclose(lars_path(X, y)[2], lars_path(X.astype(float), y.astype(float))[2])
    X, y = (a.astype(np.float32) for a in correlated())
    for arrays, dtype in ((y, np.float32), (y.astype(float), np.float64)):
        alphas, _, coefs = lars_path(X, arrays, method="lasso")
        assert alphas.dtype == coefs.dtype == dtype
        assert alphas.dtype == theirs(X, arrays, method="lasso")[0].dtype


X, Y = correlated()


@pytest.mark.parametrize(
    ("arrays", "options"),
    [
        ((X, Y), {"method": "ridge"}),
        ((X, Y), {"max_iter": -1}),
        ((X, Y), {"max_iter": 1.5}),
        ((X, Y), {"alpha_min": -0.1}),
        ((X, Y), {"eps": 0.0}),
        ((X, Y), {"positive": True}),
        ((X, Y), {"Gram": np.eye(3)}),
        ((X, Y), {"Gram": "yes"}),
        ((X, Y), {"copy_X": "yes"}),
        ((X.tolist(), Y), {}),
        ((X, Y[:-1]), {}),
        ((None, Y), {"Gram": X.T @ X, "Xy": X.T @ Y}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuses_what_scikit_learn_refuses(arrays, options):
    raised = []
    for path in (linear_model.lars_path, lars_path):
        with pytest.raises((ValueError, TypeError)) as problem:
            path(*arrays, **options)
        raised.append(problem.type)
    assert raised[0] is raised[1]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("X", {"X": np.where(X > 2, np.nan, X)}),
        ("y", {"y": np.append(Y[:-1], np.inf)}),
        ("X and y", {"y": None}),
        ("Xy", {"Xy": X.T @ Y / 2}),
        ("Xy", {"Xy": np.ones(3)}),
        ("Gram", {"Gram": np.cov(X.T)}),
        ("Gram", {"Gram": np.full((12, 12), np.nan)}),
    ],
)
def test_what_would_not_answer_the_question_is_refused_by_name(name, options):
    with pytest.raises(ValueError, match=f"^{name} "):
        lars_path(**{"X": X, "y": Y} | options)


def test_parameters_are_scikit_learn_s():
    ours, other = (inspect.signature(path).parameters for path in (lars_path, linear_model.lars_path))
    assert [(p.name, p.default, p.kind) for p in ours.values()] == [(p.name, p.default, p.kind) for p in other.values()]

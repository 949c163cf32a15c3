"""Laws of the lasso path and of least angle regression, agreement with other solvers, and problems by hand."""

import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import penalties
from shrinkage.coordinate_descent import minimise
from shrinkage.duality import gap
from shrinkage.lars import Knots, lars
from shrinkage.least_squares import centre, lstsq
from shrinkage.penalties import L1
from sklearn.datasets import load_diabetes
from sklearn.linear_model import lars_path

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, X6, exact, generic, problems, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)
VARIANTS = [("lasso", False), ("lasso", True), ("lar", False)]
lassos = pytest.mark.parametrize("positive", [False, True])


def correlated(n=40, p=12, seed=6):
    """A problem on whose path columns leave and come back: two common factors and a little more."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2)) @ rng.normal(size=(2, p)) + 0.5 * rng.normal(size=(n, p))
    return X, X @ rng.normal(size=p) + rng.normal(size=n)


def wide(n=12, p=30, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)), rng.normal(size=n)


def by_gram(G, z):
    """(X, y) with ``XᵀX/n = G`` and ``Xᵀy/n = z``."""
    X = np.linalg.cholesky(len(z) * np.array(G)).T
    return X, np.linalg.solve(X.T, len(z) * np.array(z))


def violation(X, y, w, lam, positive=False):
    """Largest violation of the optimality conditions of the lasso, beside what rounding has to work with."""
    if positive and w.min() < 0:
        return np.inf
    lengths = np.linalg.norm(X, axis=0)
    size = (np.linalg.norm(y) + lengths @ np.abs(w)) * lengths / len(y)
    slope = X.T @ (y - X @ w) / len(y)
    beyond = np.where(w == 0, np.maximum((slope if positive else abs(slope)) - lam, 0), abs(slope - lam * np.sign(w)))
    return np.max(np.divide(beyond, size, out=beyond.copy(), where=size > 0))


def points(knots):
    """(lam, w) at the knots, and at a third of the way from each to the next."""
    between = [above + (below - above) / 3 for above, below in pairwise(knots.lams)]
    return [*zip(knots.lams, knots.W, strict=True), *((lam, knots.at(lam)) for lam in between)]


def left(knots):
    """Knots at which a column leaves."""
    return [k for k, j in enumerate(knots.changed) if j >= 0 and knots.signs[k, j] == 0]


# Laws


@examples
@given(problems(), st.booleans())
def test_every_point_of_the_path_is_optimal(problem, positive):
    knots = lars(*problem, positive=positive)
    assert max(violation(*problem, w, lam, positive) for lam, w in points(knots)) <= 1e-12


@lassos
@pytest.mark.parametrize("problem", [correlated(), wide(), generic(), correlated(200, 150), wide(70, 90)])
def test_every_point_of_a_longer_path_is_certified_by_the_gap(problem, positive):
    X, y = problem
    penalty = L1(positive=positive)
    for lam, w in points(lars(X, y, positive=positive)):
        assert violation(X, y, w, lam, positive) <= 1e-13
        if lam > 0:
            assert gap(X, y, w, lam, penalty) <= 1e-12 * (y @ y) / (2 * len(y))


@examples
@given(problems(), st.sampled_from(VARIANTS))
def test_lams_fall_from_lam_max_to_the_end_and_every_knot_changes_one_column(problem, variant):
    X, y = problem
    method, positive = variant
    knots = lars(X, y, method=method, positive=positive)
    assert_allclose(knots.lams[0], L1(positive=positive).lam_max(-X.T @ y / len(y)), rtol=1e-14)
    assert (np.diff(knots.lams) <= 0).all()
    assert knots.lams[-1] == 0
    assert not knots.W[0].any()
    used = np.vstack([np.zeros(X.shape[1]), knots.signs]) != 0
    changes = np.sum(used[1:] != used[:-1], axis=1)
    assert_array_equal(changes, [1] * (len(changes) - 1) + [0])
    assert [used[k + 1, j] != used[k, j] for k, j in enumerate(knots.changed[:-1])] == [True] * (len(changes) - 1)
    assert knots.changed[-1] == -1


@examples
@given(problems(), st.sampled_from(VARIANTS))
def test_columns_in_use_are_independent_have_the_signs_said_and_alone_have_coefficients(problem, variant):
    X, y = problem
    method, positive = variant
    knots = lars(X, y, method=method, positive=positive)
    for k in range(len(knots.lams) - 1):
        used = knots.signs[k] != 0
        assert np.linalg.matrix_rank(X[:, used]) == used.sum()
        assert not knots.W[k + 1][~used].any()
        if method == "lasso":
            assert (knots.W[k + 1] * knots.signs[k] >= 0).all()
    assert not positive or knots.signs.min() >= 0


@pytest.mark.parametrize("problem", [correlated(), wide(), generic()])
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_path_is_continuous_and_straight_between_knots(problem, variant):
    knots = lars(*problem, method=variant[0], positive=variant[1])
    size = np.abs(knots.W).max()
    for k, (above, below) in enumerate(pairwise(knots.lams)):
        assert_array_equal(knots.at(above), knots.W[k])
        for lam, w in ((above * (1 - 1e-12), knots.W[k]), (below * (1 + 1e-12), knots.W[k + 1])):
            assert_allclose(knots.at(lam), w, atol=1e-8 * size)
        assert_allclose(knots.at((above + below) / 2), (knots.W[k] + knots.W[k + 1]) / 2, atol=1e-12 * size)
    assert_array_equal(knots.at(knots.lams[0] * 2), np.zeros(len(size * knots.W[0])))
    assert_array_equal(knots.at(0), knots.W[-1])


@pytest.mark.parametrize("problem", [correlated(seed=3), wide(), generic(), load_diabetes(return_X_y=True)])
def test_least_angle_columns_in_use_have_equal_covariances_that_fall_and_no_other_has_more(problem):
    X, y, _, _ = centre(*problem)
    knots = lars(X, y, method="lar")
    assert left(knots) == []
    for lam, w in points(knots):
        k = np.searchsorted(-knots.lams, -lam, side="right") - 1
        covariances = X.T @ (y - X @ w) / len(y)
        used, rounding = knots.signs[k] != 0, 1e-12 * np.abs(X.T @ y).max() / len(y)
        assert_allclose(covariances[used], lam * knots.signs[k, used], atol=rounding)
        assert np.abs(covariances).max() <= lam + rounding
    assert (np.diff(knots.lams) < 0).all()


def test_least_angle_keeps_a_column_whose_coefficient_changes_its_sign():
    X, y = correlated()
    knots = lars(X, y, method="lar")
    assert any((a * b < 0).any() for a, b in pairwise(knots.W))
    assert len(knots.lams) == X.shape[1] + 1
    assert_allclose(knots.W[-1], lstsq(X, y), rtol=1e-10)


@pytest.mark.parametrize("variant", VARIANTS)
def test_without_a_penalty_it_ends_at_least_squares_or_where_no_column_may_join(variant):
    X, y = generic()
    w = lars(X, y, method=variant[0], positive=variant[1]).W[-1]
    assert_allclose(w, exact(X, y, 0.0, L1(positive=variant[1]))[1], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("problem", [correlated(), wide()])
@pytest.mark.parametrize("variant", VARIANTS)
def test_permuted_columns_permute_the_path(problem, variant):
    X, y = problem
    order = np.random.default_rng(1).permutation(X.shape[1])
    settings = dict(zip(("method", "positive"), variant, strict=True))
    knots, moved = lars(X, y, **settings), lars(X[:, order], y, **settings)
    assert_allclose(moved.lams, knots.lams, atol=1e-12 * knots.lams[0])
    assert_allclose(moved.W, knots.W[:, order], atol=1e-10 * np.abs(knots.W).max())
    assert_array_equal(moved.signs, knots.signs[:, order])


@pytest.mark.parametrize("problem", [correlated(), wide()])
@pytest.mark.parametrize("method", ["lasso", "lar"])
def test_flipped_columns_flip_their_coefficients_and_a_flipped_target_all(problem, method):
    X, y = problem
    signs = np.where(np.arange(X.shape[1]) % 3, 1, -1)
    knots = lars(X, y, method=method)
    assert_array_equal(lars(X * signs, y, method=method).W, knots.W * signs)
    assert_array_equal(lars(X, -y, method=method).W, -knots.W)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_scales_of_y_and_of_all_of_X_scale_the_path(variant):
    X, y = correlated()
    settings = dict(zip(("method", "positive"), variant, strict=True))
    knots = lars(X, y, **settings)
    for c in (1e-100, 3.0, 1e100):
        for other, lam, w in ((lars(X, c * y, **settings), c, c), (lars(c * X, y, **settings), c, 1 / c)):
            assert_allclose(other.lams, lam * knots.lams, rtol=1e-9)
            assert_allclose(other.W, w * knots.W, atol=w * 1e-10 * np.abs(knots.W).max())


def test_lar_is_the_lasso_as_long_as_no_column_leaves():
    X, y = correlated()
    lasso, lar = lars(X, y), lars(X, y, method="lar")
    first = left(lasso)[0]
    assert first > 2
    assert_allclose(lar.W[:first], lasso.W[:first], atol=1e-12)
    assert not np.allclose(lar.lams[first], lasso.lams[first])


def test_positive_is_the_lasso_where_no_coefficient_is_negative_and_no_other():
    X, y = wide(30, 4)
    knots = lars(X, y)
    assert left(knots) == []
    signs = knots.signs[-1]
    assert set(signs) == {-1, 1}
    assert_allclose(lars(X * signs, y, positive=True).W, knots.W * signs, atol=1e-12)
    assert lars(X, y, positive=True).W.min() == 0


# Columns that leave, ties, dependent columns


def test_columns_leave_and_come_back():
    X, y = correlated()
    knots = lars(X, y)
    gone = left(knots)
    assert len(gone) >= 2
    for k in gone:
        j = knots.changed[k]
        assert knots.W[k, j] == 0
        assert knots.W[k - 1, j] != 0 or knots.changed[k - 1] == j
        assert knots.at(0.999 * knots.lams[k] + 0.001 * knots.lams[k + 1])[j] == 0
    assert len(set(knots.changed[:-1])) < len(knots.changed) - 1
    assert_allclose(knots.W[-1], lstsq(X, y), rtol=1e-10)


def test_the_degrees_of_freedom_are_the_columns_in_use():
    X, y = correlated()
    knots = lars(X, y)
    assert_array_equal(knots.df, np.count_nonzero(knots.W, axis=1))
    assert (np.diff(knots.df) < 1).any()
    assert_array_equal(lars(X, y, method="lar").df, np.arange(X.shape[1] + 1))


def test_columns_that_tie_join_one_after_the_other_at_the_same_lam():
    # Orthogonal columns with products 2, −2 and 2: all three join at 2/4.
    X = np.array([[1.0, 1, 1], [-1, 1, -1], [1, -1, -1], [-1, -1, 1]])
    y = X @ np.array([0.5, -0.5, 0.5])
    for method, positive in VARIANTS:
        knots = lars(X, y, method=method, positive=positive)
        joined = [0, 2] if positive else [0, 1, 2]
        assert_array_equal(knots.lams, [0.5] * len(joined) + [0.0])
        assert_array_equal(knots.changed, [*joined, -1])
        assert not knots.W[:-1].any()
        assert_allclose(knots.at(0.25), 0.5 * knots.W[-1], rtol=1e-14)


@pytest.mark.parametrize("variant", VARIANTS)
def test_columns_that_tie_up_to_rounding_join_in_their_order_and_lams_never_rise(variant):
    for seed in range(20):
        X = np.linalg.qr(np.random.default_rng(seed).normal(size=(12, 6)))[0]
        knots = lars(X, X @ np.ones(6), method=variant[0], positive=variant[1])
        assert_array_equal(knots.changed, [0, 1, 2, 3, 4, 5, -1])
        assert_allclose(knots.lams, [1 / 12] * 6 + [0.0], rtol=1e-13)
        assert (np.diff(knots.lams) <= 0).all()


@pytest.mark.parametrize("variant", VARIANTS)
def test_where_nothing_but_rounding_is_left_no_column_joins(variant):
    for seed in range(20):
        X = np.linalg.qr(np.random.default_rng(seed).normal(size=(12, 6)))[0]
        knots = lars(X, X[:, :3] @ np.array([3.0, 2.0, 1.0]), method=variant[0], positive=variant[1])
        assert_array_equal(knots.changed, [0, 1, 2, -1])


@lassos
def test_a_coefficient_that_ends_at_zero_up_to_rounding_does_not_leave(positive):
    # z = G(1, 0): the long second column joins first, at 2; the first joins at 5/7, and the second's coefficient
    # is lam/5 from there on.
    X, y = by_gram([[1.0, 2.0], [2.0, 9.0]], [1.0, 2.0])
    for seed in range(20):
        turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(2, 2)))[0]
        knots = lars(turn @ X, turn @ y, positive=positive)
        assert_allclose(knots.lams, [2, 5 / 7, 0], rtol=1e-12)
        assert_array_equal(knots.changed, [1, 0, -1])
        assert_allclose(knots.at(0.5), [0.3, 0.1], rtol=1e-12)


@examples
@given(st.integers(0, 10**6), st.integers(2, 7), st.integers(2, 12))
def test_paths_of_entries_from_minus_1_to_1_where_everything_ties_come_to_an_end(seed, n, p):
    rng = np.random.default_rng(seed)
    X, y = rng.integers(-1, 2, size=(n, p)).astype(float), rng.integers(-1, 2, size=n).astype(float)
    for positive in (False, True):
        knots = lars(X, y, positive=positive, max_knots=200)
        assert knots.lams[-1] == 0
        assert max(violation(X, y, w, lam, positive) for lam, w in points(knots)) <= 1e-12


@pytest.mark.parametrize("method", ["lasso", "lar"])
def test_of_equal_and_opposite_columns_one_alone_is_in_use(method):
    X, y = generic()
    twice = np.column_stack([X, X[:, 0], -X[:, 1], 3 * X[:, 2]])
    knots = lars(twice, y, method=method)
    for a, b in ((0, 5), (1, 6)):
        assert not ((knots.signs[:, a] != 0) & (knots.signs[:, b] != 0)).any()
    # Of a longer multiple the lasso takes the longer one, which needs the smaller coefficient.
    assert not knots.signs[:, 2].any()
    short = X * [1, 1, 3, 1, 1]
    one = lars(short, y, method=method)
    assert_allclose(knots.lams, one.lams, atol=1e-12)
    assert_allclose(twice @ knots.W.T, short @ one.W.T, atol=1e-9)


def test_a_dependent_column_is_kept_out_only_as_long_as_it_depends():
    # The problem that is solved by hand below, in which the first column leaves at 2/7, and a third column that is
    # twice the second less the first: beside both its product is lam too, beside the second alone it would be more.
    X, y = by_gram([[1.0, 0.5], [0.5, 0.36]], [1.0, 0.8])
    X = np.column_stack([X, 2 * X[:, 1] - X[:, 0]])
    knots = lars(X, y)
    assert_array_equal(knots.changed[:4], [0, 1, 0, 2])
    assert_allclose(knots.lams[1:4], [0.6, 2 / 7, 2 / 7], rtol=1e-12)
    assert max(violation(X, y, w, lam) for lam, w in points(knots)) <= 1e-14


@lassos
def test_sums_and_means_of_other_columns_leave_every_point_optimal(positive):
    for seed in range(15):
        X, y = correlated(p=6, seed=seed)
        X = np.column_stack([X, X[:, 0] + X[:, 1], (X[:, 2] + X[:, 3]) / 2, X[:, 0] - X[:, 4] + X[:, 5]])
        knots = lars(X, y, positive=positive)
        assert max(violation(X, y, w, lam, positive) for lam, w in points(knots)) <= 1e-13


@lassos
@pytest.mark.parametrize("distance", [1e-4, 1e-8, 1e-11, 1e-13, 1e-15])
def test_columns_nearly_dependent_leave_every_point_optimal(distance, positive):
    # At a distance of 1e-13 a column counts as dependent: in use, its coefficient would be rounding, and huge.
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(10, 1)) + distance * rng.normal(size=(10, 5))
        y = X[:, 0] + rng.normal(size=10)
        for lam, w in points(lars(X, y, positive=positive)):
            assert violation(X, y, w, lam, positive) <= 1e-12


@pytest.mark.parametrize("variant", VARIANTS)
def test_with_more_columns_than_rows_it_ends_with_at_most_n_of_them_and_no_residual(variant):
    X, y = wide()
    knots = lars(X, y, method=variant[0], positive=variant[1])
    assert np.count_nonzero(knots.signs, axis=1).max() <= 12
    if not variant[1]:
        assert_allclose(X @ knots.W[-1], y, atol=1e-11)
        assert knots.df[-1] == 12
    Xc, yc, _, _ = centre(X, y)
    assert np.count_nonzero(lars(Xc, yc, method=variant[0], positive=variant[1]).W[-1]) <= 11


def test_columns_of_zeros_and_constant_ones_after_centring_never_join():
    X, y = generic()
    X[:, 1] = 7.1
    X, y, _, _ = centre(np.column_stack([X, np.zeros(30)]), y)
    knots = lars(X, y)
    assert not knots.signs[:, [1, 5]].any()
    assert len(knots.lams) == 5


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("y", [np.zeros(4), np.array([1.0, 1.0, -1.0, -1.0])], ids=["zeros", "orthogonal"])
def test_a_target_that_no_column_knows_of_has_one_knot_and_no_coefficients(variant, y):
    X = np.array([[1.0], [-1.0], [2.0], [-2.0]])
    knots = lars(X, y, method=variant[0], positive=variant[1])
    assert (knots.lams.tolist(), knots.W.tolist(), knots.changed.tolist()) == ([0.0], [[0.0]], [-1])
    assert_array_equal(knots.at(1.0), [0.0])


def test_columns_that_all_pull_downwards_have_no_path_where_negative_coefficients_are_forbidden():
    knots = lars(np.array([[1.0], [2.0]]), np.array([-1.0, -2.0]), positive=True)
    assert (knots.lams.tolist(), knots.W.tolist()) == ([0.0], [[0.0]])


# Where it ends


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_path_that_ends_early_is_the_beginning_of_the_whole(variant):
    X, y = correlated()
    settings = dict(zip(("method", "positive"), variant, strict=True))
    whole = lars(X, y, **settings)
    for k in range(1, len(whole.lams)):
        part = lars(X, y, max_knots=k, **settings)
        for name in ("lams", "W", "signs", "changed", "df"):
            assert_array_equal(getattr(part, name), getattr(whole, name)[:k])
        lam = (whole.lams[k - 1] + whole.lams[k]) / 2
        part = lars(X, y, lam_min=lam, **settings)
        assert_array_equal(part.lams, [*whole.lams[:k], lam])
        assert_allclose(part.W[-1], whole.at(lam), atol=1e-12)
        assert part.changed[-1] == -1
    assert len(lars(X, y, max_knots=1000, **settings).lams) == len(whole.lams)


@pytest.mark.parametrize("times", [1.0, 2.0, 1e300])
def test_an_end_at_or_above_the_first_knot_leaves_that_one(times):
    X, y = correlated()
    first = lars(X, y, max_knots=1)
    knots = lars(X, y, lam_min=first.lams[0] * times)
    assert_array_equal(knots.lams, first.lams)
    assert not knots.W.any()
    assert len(lars(1e-100 * X, y, lam_min=1e290).lams) == 1


def test_below_its_last_knot_a_path_is_not_known():
    knots = lars(*correlated(), lam_min=0.1)
    assert_allclose(knots.at(0.1), knots.W[-1], rtol=1e-15)
    with pytest.raises(ValueError, match=r"^lam = 0.0999 is below the last knot, 0.1, where this path ends"):
        knots.at(0.0999)
    for bad in BAD_LAMS.values():
        if bad != 1e308:
            with pytest.raises(ValueError, match=r"^lam "):
                knots.at(bad)


def test_what_is_given_back_can_be_changed_without_changing_the_path():
    knots = lars(*correlated())
    for lam in (knots.lams[2], 2 * knots.lams[0]):
        knots.at(lam)[:] = 7.0
        assert_array_equal(knots.at(lam) == 7, False)


# Agreement


@lassos
@pytest.mark.parametrize("problem", [correlated(), wide(), generic()])
def test_agrees_with_coordinate_descent_along_the_path(problem, positive):
    knots = lars(*problem, positive=positive)
    for lam, w in points(knots):
        if lam > 0.01 * knots.lams[0]:
            found = minimise(*problem, lam, L1(positive=positive), tol=1e-13, max_iter=10**6, accelerate=True)
            assert_allclose(w, found.w, atol=3e-5)


def test_agrees_with_the_patterns_of_signs():
    X, y = correlated(p=5)
    for lam, w in points(lars(X, y)):
        assert_allclose(w, penalties.lasso_by_signs(X, y, lam), atol=1e-10)


@examples
@given(problems(max_p=4), st.booleans())
def test_the_objective_is_the_least(problem, positive):
    X, y = problem
    for lam, w in points(lars(X, y, positive=positive))[:6]:
        value = np.sum((y - X @ w) ** 2) / (2 * len(y)) + lam * np.abs(w).sum()
        assert_allclose(value, exact(X, y, lam, L1(positive=positive))[0], rtol=1e-9, atol=1e-9)


@lassos
@pytest.mark.parametrize("problem", [correlated(), correlated(p=20, seed=1), wide(), generic()])
def test_agrees_with_the_lasso_path_of_scikit_learn(problem, positive):
    knots = lars(*problem, positive=positive)
    lams, _, W = lars_path(*problem, method="lasso", positive=positive)
    size = np.abs(knots.W).max()
    # Once no column has a positive product, and where a residual is rounding, scikit-learn's ends earlier.
    for lam, w in zip(lams, W.T, strict=True):
        if lam > 1e-6:
            assert_allclose(knots.at(lam), w, atol=1e-8 * size)
    assert np.sum(lams > 1e-6) == np.sum(knots.lams > 1e-6)


@pytest.mark.parametrize("shape", [(30, 6), (50, 20), (12, 40), (1, 1), (1, 3), (4, 1)])
def test_agrees_with_the_least_angle_regression_of_scikit_learn_where_signs_stay(shape):
    # Where a coefficient changes its sign, scikit-learn 1.9 turns the sign of the covariance too, and leaves the
    # path: what holds there instead is asserted as a law above.
    compared = 0
    for seed in range(10):
        X, y = wide(*shape, seed=seed)
        knots = lars(X, y, method="lar")
        kept = np.all(knots.W[1:] * knots.signs[:-1] >= 0, axis=1)
        until = 1 + (len(kept) if kept.all() else int(np.argmin(kept)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            lams, _, W = lars_path(X, y, method="lar")
        until = min(until, len(lams))
        compared += until
        assert_allclose(lams[:until], knots.lams[:until], atol=1e-10)
        assert_allclose(W.T[:until], knots.W[:until], atol=1e-8)
    assert compared >= 10 * 2


# The study of Efron, Hastie, Johnstone & Tibshirani: 442 patients, ten measurements of length 1


@pytest.mark.parametrize("method", ["lasso", "lar"])
def test_on_the_diabetes_data_it_agrees_with_scikit_learn(method):
    X, y = load_diabetes(return_X_y=True)
    y = y - y.mean()
    knots = lars(X, y, method=method)
    lams, _, W = lars_path(X, y, method=method)
    assert_allclose(knots.lams, lams, atol=1e-13)
    assert_allclose(knots.W, W.T, atol=1e-9)


def test_on_the_diabetes_data_columns_join_in_the_published_order():
    X, y = load_diabetes(return_X_y=True)
    y = y - y.mean()
    # Section 1: bmi, ltg, map, hdl, sex, glu, tc, tch, ldl, age; the lasso takes 12 steps, hdl leaves and returns.
    order = [2, 8, 3, 6, 1, 9, 4, 7, 5, 0]
    lar, lasso = lars(X, y, method="lar"), lars(X, y)
    assert lar.changed.tolist() == [*order, -1]
    assert lasso.changed.tolist() == [*order, 6, 6, -1]
    assert left(lasso) == [10]
    # Table and figure 3 give the largest sum of absolute coefficients as about 3460.
    assert_allclose(np.abs(lasso.W[-1]).sum(), 3460, atol=1)
    assert_allclose(lasso.W[-1], lstsq(X, y), rtol=1e-9)


# By hand


def test_a_column_that_leaves_and_comes_back_with_the_other_sign_by_hand():
    # The first column joins at 1; beside it the second has the product .8 − ½ (1 − lam), which is lam at .6.  Both
    # give w = G⁻¹(z − lam) = ((.14 lam − .04)/.11, (.3 − .5 lam)/.11), where the first is 0 at 2/7.  The second alone
    # gives (.8 − lam)/.36 and the first the product 1 − (.8 − lam)/.72, which is −lam at 2/43.
    X, y = by_gram([[1.0, 0.5], [0.5, 0.36]], [1.0, 0.8])
    knots = lars(X, y)
    assert_allclose(knots.lams, [1.0, 0.6, 2 / 7, 2 / 43, 0.0], rtol=1e-12)
    assert_array_equal(knots.changed, [0, 1, 0, 0, -1])
    assert_array_equal(knots.df, [0, 1, 1, 1, 2])
    assert_array_equal(knots.signs, [[1, 0], [1, 1], [0, 1], [-1, 1], [-1, 1]])
    expected = [[0, 0], [0.4, 0], [0, 10 / 7], [0, (0.8 - 2 / 43) / 0.36], [-4 / 11, 30 / 11]]
    assert_allclose(knots.W, expected, rtol=1e-12)
    assert_allclose(knots.at(0.4), [0.016 / 0.11, 0.1 / 0.11], rtol=1e-12)
    lar = lars(X, y, method="lar")
    assert_allclose(lar.lams, [1.0, 0.6, 0.0], rtol=1e-12)
    assert_allclose(lar.W[-1], expected[-1], rtol=1e-12)


# Arrays as they come


@lassos
@pytest.mark.parametrize("seed", range(5))
def test_columns_of_any_scale_leave_every_point_optimal(seed, positive):
    X, y = correlated(seed=seed)
    X = X * 10.0 ** np.random.default_rng(seed).permutation(np.linspace(-8, 8, 12))
    knots = lars(X, y, positive=positive)
    assert max(violation(X, y, w, lam, positive) for lam, w in points(knots)) <= 1e-13
    if not positive:
        assert len(set(knots.changed[:-1])) == 12
        unit = np.linalg.norm(X, axis=0)
        assert_allclose(knots.W[-1] * unit, lstsq(X / unit, y), rtol=1e-9)


def test_memory_order_integers_lists_and_strides_do_not_matter():
    rng = np.random.default_rng(1)
    X, y = rng.integers(-9, 9, size=(7, 3)), rng.integers(-9, 9, size=7)
    expected = lars(X.astype(float), y.astype(float)).W
    apart, long = np.zeros((14, 6)), np.zeros(14)
    apart[::2, ::2], long[::2] = X, y
    for X_other, y_other in ((X, y), (X.tolist(), y.tolist()), (np.asfortranarray(X), y), (apart[::2, ::2], long[::2])):
        assert_allclose(lars(X_other, y_other).W, expected, rtol=1e-12)


@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_arrays_are_read_only_or_left_as_they_were(order):
    X, y = correlated()
    X = np.array(X, order=order)
    before = X.copy(), y.copy()
    for writeable in (True, False):
        X.flags.writeable = y.flags.writeable = writeable
        lars(X, y)
    assert_array_equal(X, before[0])
    assert_array_equal(y, before[1])


@pytest.mark.parametrize("variant", VARIANTS)
def test_single_precision_is_kept_and_the_path_is_as_exact_as_its_numbers(variant):
    X, y = (a.astype("f4") for a in correlated())
    settings = dict(zip(("method", "positive"), variant, strict=True))
    single, double = lars(X, y, **settings), lars(X.astype(float), y.astype(float), **settings)
    assert (single.W.dtype, single.lams.dtype, single.at(0.1).dtype) == (np.float32, np.float64, np.float32)
    assert single.at(2 * single.lams[0]).dtype == np.float32
    assert_array_equal(single.lams, double.lams)
    assert_array_equal(single.W, double.W.astype("f4"))
    assert lars(X, y.astype(float)).W.dtype == np.float64


# What is refused, and how it is said


@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        lars(X, y)


@pytest.mark.parametrize("what", BAD_LAMS)
def test_an_end_that_cannot_be_used_is_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam_min "):
        lars(X6, y6, lam_min=BAD_LAMS[what])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "lars"}, 'method must be "lasso" or "lar"; it is \'lars\''),
        ({"method": None}, 'method must be "lasso" or "lar"; it is None'),
        ({"method": ["lasso"]}, 'method must be "lasso" or "lar"'),
        ({"positive": 1}, "positive must be True or False; it is 1"),
        ({"positive": True, "method": "lar"}, 'positive needs columns that leave.*use method = "lasso"'),
        ({"max_knots": 0}, "max_knots must be an integer >= 1; it is 0"),
        ({"max_knots": 2.0}, "max_knots must be an integer >= 1; it is 2.0"),
        ({"max_knots": True}, "max_knots must be an integer >= 1"),
        ({"y": y6 * 1e160}, "y is too large: its squares overflow float64"),
        ({"y": y6 * 1e-160}, "y is so small that its squares are lost in float64"),
        ({"X": X6 * 1e160}, "X is too large"),
        ({"X": X6 * 1e-160}, "X has a column so small"),
    ],
)
def test_refusals_say_what_is_wrong(options, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        lars(**{"X": X6, "y": y6} | options)


def test_a_path_made_by_hand_is_read_the_same_way():
    knots = Knots(np.array([2.0, 1.0, 1.0, 0.0]), np.eye(4)[:, :2] * [0, 1], np.array([[1, 0], [1, 1], [0, 1], [0, 1]]))
    assert_array_equal(knots.changed, [0, 1, 0, -1])
    assert_array_equal(knots.df, [0, 1, 1, 1])

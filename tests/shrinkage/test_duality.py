"""Laws of the duality gap: it bounds, it vanishes at minimisers, and rounding does not break it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from scipy.optimize import nnls
from shrinkage import losses, penalties
from shrinkage.duality import dual_point, freed, gap, refitted, surely_zero
from shrinkage.penalties import L1, L2, ElasticNet
from shrinkage.sparse import Centred

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, X6, exact, generic, lams, mixes, problems, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)


@st.composite
def cases(draw):
    """(X, y, lam, penalty, w) of few columns; `w` is allowed by the penalty."""
    X, y = draw(problems(max_p=3))
    p = X.shape[1]
    penalty = draw(mixes(p))
    w = np.array(draw(st.lists(st.integers(-3, 3), min_size=p, max_size=p)), dtype=float)
    return X, y, draw(lams), penalty, np.abs(w) if penalty.positive else w


class Doubled:
    """Twice the squared loss, by the rules of conjugates: what is added to it must be doubled too."""

    lipschitz = 2.0

    def value(self, y, eta, share=None):
        return 2 * losses.QUADRATIC.value(y, eta, share)

    def gradient(self, y, eta, share=None):
        return 2 * losses.QUADRATIC.gradient(y, eta, share)

    def curvature(self, y, eta, share=None):
        return 2 * losses.QUADRATIC.curvature(y, eta, share)

    def root(self, A, y, eta, share=None):
        return 2**0.5 * losses.QUADRATIC.root(A, y, eta, share)

    def conjugate(self, y, v, share=None):
        return 2 * losses.QUADRATIC.conjugate(y, v / 2, share)


def centred_pair(X, seed):
    """(A, D): the same matrix twice, with sparse columns and dense, centred with some weights or none."""
    rng = np.random.default_rng(seed)
    d = rng.integers(0, 3, len(X)) + 0.0
    d = d * (len(X) / (d @ d)) ** 0.5 if d.any() and seed % 2 else np.ones(len(X))
    m = X.T @ d / len(X)
    A = Centred(sparse.csc_array(X), m, d)
    # What rounding leaves of a multiple of d is no column.
    return A, np.where(A.squared_lengths() > 0, X - np.outer(d, m), 0)


def dual(X, y, theta, lam, penalty):
    """The dual objective as it is written."""
    return y @ theta - len(y) / 2 * theta @ theta - lam * penalty.conjugate(X.T @ theta / lam)


# Laws


@examples
@given(cases(), st.integers(0, 10**6))
def test_no_dual_value_is_above_any_primal_value(case, seed):
    X, y, lam, penalty, w = case
    theta = np.random.default_rng(seed).normal(size=len(y)) * 10.0 ** (seed % 5 - 3)
    P = losses.objective(X, y, w, lam, penalty)
    assert dual(X, y, theta, lam, penalty) <= P * (1 + 1e-12) + 1e-12


@examples
@given(cases())
def test_the_gap_is_at_least_the_distance_to_the_least_objective(case):
    X, y, lam, penalty, w = case
    P, least = losses.objective(X, y, w, lam, penalty), exact(X, y, lam, penalty)[0]
    assert gap(X, y, w, lam, penalty) >= P - least - 1e-9 * (1 + P)


@examples
@given(cases())
def test_the_gap_vanishes_at_a_minimiser(case):
    X, y, lam, penalty, _ = case
    w = exact(X, y, lam, penalty)[1]
    assert abs(gap(X, y, w, lam, penalty)) <= 1e-9 * (1 + y @ y)


@examples
@given(cases())
def test_the_dual_point_is_in_the_domain_up_to_rounding(case):
    X, y, lam, penalty, w = case
    product = X.T @ dual_point(X, y, w, lam, penalty)
    factors, noise = penalty.factors(X.shape[1]), 1e-12 * (1 + np.abs(X).max() * (np.abs(y) + np.abs(X @ w)).max())
    size = product if penalty.positive else np.abs(product)
    assert (size[factors == 0] <= noise).all()
    if penalty.l1_ratio == 1:
        assert (size <= lam * factors + noise).all()


@examples
@given(cases(), st.sampled_from([1e-3, 1e3]), st.sampled_from([1e-3, 1e3]))
def test_the_gap_has_the_units_of_the_target_squared_and_those_of_the_columns_do_not_matter(case, of_x, of_y):
    X, y, lam, penalty, w = case
    penalty = L1(penalty.factor, penalty.positive)
    moved = gap(of_x * X, of_y * y, of_y / of_x * w, of_x * of_y * lam, penalty)
    noise = 1e-10 * (1 + y @ y + losses.objective(X, y, w, lam, penalty))
    assert_allclose(moved / of_y**2, gap(X, y, w, lam, penalty), rtol=1e-9, atol=noise)


@examples
@given(cases(), st.integers(2, 4))
def test_repeating_every_row_changes_no_gap(case, times):
    X, y, lam, penalty, w = case
    more = gap(np.tile(X, (times, 1)), np.tile(y, times), w, lam, penalty)
    assert_allclose(more, gap(X, y, w, lam, penalty), rtol=1e-9, atol=1e-9 * (1 + y @ y))


def test_a_forbidden_coefficient_has_an_infinite_gap_and_says_nothing_of_the_others():
    assert gap(X6, y6, [-1.0, 0.0], 0.1, L1(positive=True)) == np.inf
    assert_array_equal(surely_zero(X6, y6, [-1.0, 0.0], 1e3, L1(positive=True)), [False, False])


@examples
@given(cases())
def test_twice_the_loss_and_the_penalty_have_twice_the_dual_point_and_the_gap(case):
    X, y, lam, penalty, w = case
    twice, once = dual_point(X, y, w, 2 * lam, penalty, Doubled()), 2 * dual_point(X, y, w, lam, penalty)
    twice_gap, once_gap = gap(X, y, w, 2 * lam, penalty, Doubled()), 2 * gap(X, y, w, lam, penalty)
    if lam > 0 and penalty.factors(len(w)).all():
        assert_array_equal(twice, once)
        assert twice_gap == once_gap
        assert_array_equal(surely_zero(X, y, w, 2 * lam, penalty, Doubled()), surely_zero(X, y, w, lam, penalty))
    elif not penalty.positive:  # there slopes are freed in another way, up to rounding the same
        size = 1 + np.abs(y).max() + np.abs(X).sum() * np.abs(w).max()
        assert_allclose(twice, once, atol=1e-11 * size)
        assert_allclose(twice_gap, once_gap, atol=1e-11 * size**2)


# Sparse columns


@examples
@given(cases(), st.integers(0, 9), st.booleans())
def test_sparse_columns_centred_or_not_are_the_dense_ones(case, seed, unpenalised):
    X, y, lam, penalty, w = case
    lam = 0.0 if unpenalised else lam
    noise = 1e-9 * (1 + y @ y + losses.objective(X, y, w, lam, penalty))
    for A, D in (centred_pair(X, seed), *((made(X), X) for made in (sparse.csr_array, sparse.coo_matrix))):
        theta = dual_point(A, y, w, lam, penalty)
        assert_allclose(theta, dual_point(D, y, w, lam, penalty), atol=1e-9 * (1 + np.abs(y).max() + np.abs(w).max()))
        assert_allclose(gap(A, y, w, lam, penalty), gap(D, y, w, lam, penalty), rtol=1e-9, atol=noise)


@pytest.mark.parametrize("factor", [None, [0.0, 1.0, 2.0, 0.0]])
@pytest.mark.parametrize("positive", [False, True])
def test_of_sparse_columns_the_same_coefficients_are_surely_zero(factor, positive):
    X, y = generic(p=4)
    X[::2, 1] = X[::3, 2] = 0
    for seed in (0, 1):
        A, D = centred_pair(X, seed)
        for lam in np.geomspace(0.01, 10, 8):
            penalty = L1(factor, positive)
            w = exact(D, y, lam, penalty)[1]
            found = surely_zero(A, y, w, lam, penalty)
            assert_array_equal(found, surely_zero(D, y, w, lam, penalty))
        assert found[[1, 2]].all()


def test_what_rounding_leaves_of_a_constant_sparse_column_is_not_freed():
    X, y = generic(p=3)
    d = np.random.default_rng(0).uniform(0.3, 1, 30)
    d *= (30 / (d @ d)) ** 0.5
    X[:, 1] = 0.1 * d
    m = X.T @ d / 30
    m[1] = np.nextafter(0.1, 1)
    A, B = (Centred(sparse.csc_array(X[:, part]), m[part], d) for part in ([0, 1, 2], [0, 2]))
    w = np.array([0.5, 0.0, 0.0])
    assert A.dense(np.arange(3) == 1).any()
    for lam, factor in ((0.0, [1.0, 1.0, 1.0]), (0.1, [1.0, 0.0, 1.0])):
        expected = dual_point(B, y, w[::2], lam, L1(factor[::2]))
        assert_allclose(dual_point(A, y, w, lam, L1(factor)), expected, rtol=1e-9, atol=1e-15)


def test_a_short_sparse_column_without_a_penalty_is_freed_too():
    X, y = generic(p=3)
    X[:, 1] *= 1e-6
    w = np.zeros(3)
    for A in (sparse.csc_array(X), centred_pair(X, 0)[0]):
        theta = dual_point(A, y, w, 0.1, L1([1.0, 0.0, 1.0]))
        assert abs((A.T @ theta)[1]) < 1e-12


@pytest.mark.parametrize("scale", [1e155, 1e-163])
def test_free_columns_whose_squares_leave_the_range_are_freed(scale):
    free = np.array([[1.0, 1.0], [1.0, -1.0], [2.0, 0.5]]) * [1, scale]
    rest = freed(np.array([1.0, 2.0, 4.0]), free, positive=False)
    assert_allclose(free.T @ rest / [1, scale], 0, atol=1e-14)
    assert rest.any()


@pytest.mark.parametrize("name", ["logistic", "poisson", "multinomial"])
@pytest.mark.parametrize("away", [0.0, 30.0, -30.0])
@pytest.mark.parametrize("positive", [False, True])
def test_refitted_predictions_have_no_forbidden_product_with_free_columns(name, away, positive):
    rng = np.random.default_rng(0)
    loss = {"logistic": losses.Logistic(), "poisson": losses.Poisson(), "multinomial": losses.Multinomial(3)}[name]
    free = np.column_stack([np.ones(30), rng.normal(size=30)])
    y, eta = rng.integers(0, 2, 30).astype(float), 0.5 * free[:, 1] + away
    if name == "multinomial":
        free, y = np.kron(free, np.eye(3)), np.eye(3)[rng.integers(0, 3, 30)].ravel()
        eta = np.kron(eta, [1.0, 0.0, -0.5])
    before, there = (-free.T @ loss.gradient(y, at) for at in (eta, refitted(y, eta, free, positive, loss)))
    assert (there if positive else np.abs(there)).max() <= 1e-12
    if positive and (before <= 0).all():
        assert_array_equal(there, before)
    assert refitted(y, eta, free[:, :0], positive, loss) is eta


@pytest.mark.parametrize(("lam", "factor"), [(0.0, [1.0, 1.0, 1.0]), (0.1, [0.0, 0.0, 1.0])])
def test_what_rounding_leaves_along_free_columns_is_in_the_gap(lam, factor):
    X, y = generic(p=3)
    X[:, 1] = X[:, 0] + 1e-9 * X[:, 1]
    w = np.array([1e6, -1e6, 0.1])
    penalty = L1(factor)
    theta = dual_point(X, y, w, lam, penalty)
    left = np.abs(X.T @ theta)[:2] @ np.abs(w[:2])
    plain = losses.objective(X, y, w, lam, penalty) + losses.QUADRATIC.conjugate(y, -theta)
    assert left > 1e-11
    assert_allclose(gap(X, y, w, lam, penalty) - plain, left, rtol=0.2, atol=1e-12)


# What is surely zero


@examples
@given(cases(), st.floats(0, 1))
def test_what_is_surely_zero_is_zero_in_every_minimiser(case, share):
    X, y, lam, penalty, w = case
    best = exact(X, y, lam, penalty)[1]
    for start in (w, best, share * w + (1 - share) * best):
        sure = surely_zero(X, y, start, lam, penalty)
        assert not best[sure].any()
        # Where columns are many a minimiser that has one of them proves that none of them is sure.
        twice = ElasticNet(penalty.l1_ratio, np.tile(penalty.factors(len(w)), 2), penalty.positive)
        halved = np.append(start, np.zeros_like(start))
        assert not best[surely_zero(np.hstack([X, X]), y, halved, lam, twice)[len(w) :]].any()


@pytest.mark.parametrize("share", [0.3, 1.0])
@pytest.mark.parametrize("positive", [False, True])
def test_at_a_minimiser_all_is_sure_that_is_not_near_the_boundary(share, positive):
    X, y = generic(p=4)
    factor = np.array([1.0, 2.0, 0.0, 0.5])
    for lam in np.geomspace(0.1, 300, 12):
        penalty = ElasticNet(share, factor, positive)
        w = exact(X, y, lam, penalty)[1]
        v = X.T @ (y - X @ w) / len(y)
        inside = (v if positive else np.abs(v)) < lam * share * factor - 1e-3 * np.linalg.norm(X, axis=0)
        assert_array_equal(surely_zero(X, y, w, lam, penalty), inside)
    assert inside[[0, 1, 3]].all()


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("units", [1.0, 1e-3])
def test_what_is_surely_zero_by_hand(times, units):
    # Orthogonal columns of squared length n with products (2, c) with the target over n; lam = 1, so w = (1, 0).
    # At w = (1¼, 0) the gap is ¼ + ¼² whatever c is, and the margin √(2·gap) = 0.7906; c + margin is below 1 or not.
    X = np.tile([[1.0, 1.0], [-1.0, 1.0]], (times, 1))
    w = np.array([1.25, 0.0])
    for c, sure in ((0.2094, True), (0.2095, False), (-0.2094, True), (-0.2095, False)):
        y = X @ [2.0, c]
        assert_allclose(gap(X, y, w, 1.0, L1()), 0.3125, rtol=1e-12)
        assert_array_equal(surely_zero(X * units, y, w / units, units, L1()), [False, sure])
    assert_array_equal(surely_zero(X, X @ [2.0, -9.0], w, 1.0, L1(positive=True)), [False, True])


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_a_gap_that_rounding_hides_is_not_taken_for_none(dtype):
    # The gap at the minimiser (1, 0) is 0 up to rounding; the second product is that near to lam or not.
    X, eps = np.array([[1.0, 1.0], [-1.0, 1.0]], dtype), float(np.finfo(dtype).eps)
    for below, sure in ((eps**0.5, False), (20 * eps**0.5, True)):
        y = (X @ [2.0, 1 - below]).astype(dtype)
        w = np.array([1.0, 0.0], dtype)
        assert abs(gap(X, y, w, 1.0, L1())) < 10 * eps
        assert_array_equal(surely_zero(X, y, w, 1.0, L1()), [False, sure])


def test_columns_whose_squares_leave_single_precision_are_measured_in_double():
    X, y = (a.astype("f4") for a in generic(p=3))
    X = X * np.array([1e25, 1.0, 1e-25], "f4")
    penalty = L1([1e25, 1.0, 1e-25])
    lam = penalty.lam_max(X.T.astype(float) @ y / len(y))
    for share, sure in ((1.1, True), (0.1, False)):
        assert_array_equal(surely_zero(X, y, np.zeros(3), share * lam, penalty), [sure] * 3)


# Columns without a penalty, which at lam = 0 are all


@examples
@given(cases())
def test_without_a_penalty_the_gap_is_the_distance_to_least_squares(case):
    X, y, _, penalty, w = case
    free = ElasticNet(penalty.l1_ratio, None, penalty.positive)
    P, least = losses.objective(X, y, w, 0.0, free), exact(X, y, 0.0, free)[0]
    found = gap(X, y, w, 0.0, free)
    assert found >= P - least - 1e-9 * (1 + P)
    if not free.positive:
        assert_allclose(found, P - least, atol=1e-9 * (1 + P))
    assert abs(gap(X, y, exact(X, y, 0.0, free)[1], 0.0, free)) <= 1e-9 * (1 + y @ y)


@examples
@given(problems(max_p=4), st.booleans())
def test_what_is_freed_has_no_forbidden_product_and_is_all_that_was_allowed(problem, positive):
    free, theta = problem
    rest = freed(theta, free, positive)
    product = free.T @ rest
    assert (product if positive else np.abs(product)).max() <= 1e-11
    if positive and (free.T @ theta <= 0).all():
        assert_array_equal(rest, theta)
    if not positive:
        assert_allclose(rest, theta - free @ np.linalg.lstsq(free, theta)[0], atol=1e-11)
    for unit in (2.0**-60, 2.0**60):
        assert_array_equal(freed(unit * theta, free, positive), unit * rest)


def test_freeing_of_one_column_may_ask_for_another():
    # Of (3, 1, 1) the first takes (3, 0, 0), and what is left has a positive product with the second.
    free, theta = np.array([[1.0, -1.0], [0.0, 1.0], [0.0, 0.0]]), np.array([3.0, 1.0, 1.0])
    assert_allclose(freed(theta, free, True), [0.0, 0.0, 1.0], atol=1e-15)
    for other in np.random.default_rng(0).normal(size=(20, 3)):
        rest = freed(other, free, True)
        assert (free.T @ rest).max() <= 1e-14
        assert rest[2] == other[2]


def test_a_column_whose_product_is_zero_already_takes_nothing():
    # The nearest point without a positive product is (0, −1), as non-negative least squares says too.
    free, theta = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, -1.0])
    found = freed(theta, free, True)
    assert_allclose(found, [0.0, -1.0], atol=1e-15)
    assert_allclose(found, theta - free @ nnls(free, theta)[0], atol=1e-15)


def test_without_columns_nothing_is_freed():
    theta = np.array([1.0, -2.0])
    for positive in (False, True):
        assert_array_equal(freed(theta, np.zeros((2, 0)), positive), theta)
        assert_array_equal(freed(theta, np.zeros((2, 3)), positive), theta)


def test_a_short_free_column_beside_a_long_one_is_still_freed():
    # As part of one least-squares problem the short column would pass for rounding.
    X, y = generic()
    X, y = X[:, :3] * [1e8, 1e-8, 1.0], y
    penalty = L1([0.0, 0.0, 1.0])
    theta = dual_point(X, y, np.zeros(3), 0.1, penalty)
    assert abs(X[:, 1] @ theta) <= 1e-12 * np.linalg.norm(X[:, 1]) * np.linalg.norm(y)
    w = np.array([np.linalg.norm(y) / 1e8, 0.0, 0.0])
    best = losses.objective(X, y, [0.0, X[:, 1] @ y / (X[:, 1] @ X[:, 1]), 0.0], 0.1, penalty)
    assert gap(X, y, w, 0.1, penalty) >= losses.objective(X, y, w, 0.1, penalty) - best


# Rounding


@pytest.mark.parametrize("factor", [np.ones(3), np.array([1.0, 0.5, 3.0])])
def test_the_gap_is_small_where_products_with_the_dual_point_are_mostly_rounding(factor):
    # The target is almost orthogonal to the columns, so Xᵀtheta has few digits.
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 3)), rng.normal(size=50)
    y = y - X @ np.linalg.lstsq(X, y)[0] + X @ [1e-9, 2e-9, -3e-9]
    w = penalties.lasso_by_signs(X / factor, y, 1e-10) / factor
    assert w.all()
    assert abs(gap(X, y, w, 1e-10, L1(factor))) <= 1e-14 * (y @ y)
    assert np.isfinite(gap(X, y, np.zeros(3), 1e-10, L1(factor)))


@pytest.mark.parametrize("scale", [1e-8, 1e8])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_gap_vanishes_at_minimisers_for_columns_of_any_scale(scale, share):
    X, y = generic(p=3)
    X, lam = X * scale, 0.1 * scale
    penalty = ElasticNet(share, [1.0, 2.0, 0.0])
    w = exact(X, y, lam, penalty)[1]
    assert abs(gap(X, y, w, lam, penalty)) <= 1e-10 * (y @ y)


def test_the_gap_of_single_precision_data_is_computed_in_double():
    X, y = (a.astype("f4") for a in generic())
    w = penalties.lasso_by_signs(X, y, 0.3)
    assert w.dtype == dual_point(X, y, w, 0.3, L1()).dtype == np.float32
    assert gap(X, y, w, 0.3, L1()) == gap(*(a.astype(float) for a in (X, y, w)), 0.3, L1())


# By hand


def test_gap_of_one_column_by_hand():
    # w = 0: theta = (1, −1) has the product 2 with the column, twice lam: halved it gives D = 2 − ½ = 1.5; P = 2.
    X, y = np.array([[1.0], [-1.0]]), np.array([2.0, -2.0])
    assert gap(X, y, [0.0], 1.0, L1()) == 0.5
    # Under ½w² the dual point is the residual over n itself: D = 4 − 2 − 2²/2 = 0.
    assert gap(X, y, [0.0], 1.0, L2()) == 2.0
    # The minimiser under both is w = 1.
    assert gap(X, y, [1.0], 1.0, L1()) == gap(X, y, [1.0], 1.0, L2()) == 0.0


# Arrays as they come, and what is refused

CALLS = {
    "dual_point": lambda X, y: dual_point(X, y, [0.5, 0.0], 0.1, L1()),
    "gap": lambda X, y: gap(X, y, [0.5, 0.0], 0.1, ElasticNet(0.5, [1.0, 0.0])),
    "surely_zero": lambda X, y: surely_zero(X, y, [0.5, 0.0], 0.1, L1([1.0, 100.0])),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_arrays_are_read_only_in_any_order(name, order):
    X, y = np.array(X6, order=order), y6.copy()
    expected = CALLS[name](X.copy(), y.copy())
    X.flags.writeable = y.flags.writeable = False
    result = CALLS[name](X, y)
    assert_allclose(result, expected, rtol=1e-13)
    assert not np.shares_memory(result, y)


@pytest.mark.parametrize("name", CALLS)
def test_integers_and_lists_are_taken(name):
    X, y = np.array([[1, 2], [3, -1], [0, 4]]), np.array([3, 1, -2])
    assert_array_equal(CALLS[name](X, y.tolist()), CALLS[name](X.astype(float), y.astype(float)))


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(name, what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        CALLS[name](X, y)


@pytest.mark.parametrize("function", [dual_point, gap, surely_zero])
@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(function, what):
    with pytest.raises(ValueError, match=r"^lam "):
        function(X6, y6, [0.0, 0.0], BAD_LAMS[what], L1())


@pytest.mark.parametrize("function", [dual_point, gap, surely_zero])
@pytest.mark.parametrize("what", BAD_VECTORS)
def test_coefficients_that_cannot_be_used_are_refused_by_name(function, what):
    bad, message = BAD_VECTORS[what]
    with pytest.raises(ValueError, match=f"^w {message}"):
        function(X6, y6, bad, 0.1, L1())


@pytest.mark.parametrize("function", [dual_point, gap, surely_zero])
@pytest.mark.parametrize(
    ("w", "lam", "penalty", "message"),
    [
        ([0.0], 0.1, L1(), "w must have one number a column of X"),
        ([0.0, 0.0], 0.1, L1([0.0, 1.0, 1.0]), "factor has 3 numbers"),
        ([0.0, 0.0], 0.1, L2([1.0]), "factor has 1 numbers"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_name(function, w, lam, penalty, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        function(X6, y6, w, lam, penalty)

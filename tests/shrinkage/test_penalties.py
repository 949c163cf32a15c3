"""Laws of the penalties and of their proxes, certificates, agreement with other solvers, and problems by hand."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import losses, penalties, ridge
from shrinkage.least_squares import centre
from shrinkage.penalties import L1, L2, ElasticNet, soft_threshold
from sklearn.linear_model import Lasso

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, EPS, X6, generic, lams, problems, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)

# Quarters and powers of two: what is added and multiplied here is exact, so laws hold to the last bit.
quarters = st.integers(-20, 20).map(lambda k: k / 4)
steps = st.sampled_from([0.5, 1.0, 2.0])


@st.composite
def cases(draw, vectors=1):
    """(penalty, vector, …) in numbers whose sums and products are exact."""
    p = draw(st.integers(1, 4))
    factors = st.lists(st.sampled_from([0.0, 1.0, 2.0, 4.0]), min_size=p, max_size=p)
    penalty = ElasticNet(
        draw(st.sampled_from([0.0, 0.5, 1.0])), draw(st.none() | factors), positive=draw(st.booleans())
    )
    return penalty, *(np.array(draw(st.lists(quarters, min_size=p, max_size=p))) for _ in range(vectors))


def rounding(X, y, w, lam):
    """What may be left of the conditions in each column, of a solution that is right up to rounding."""
    sizes = np.linalg.norm(X, axis=0)
    return 1e3 * EPS * (sizes * (sizes @ np.abs(w) + np.linalg.norm(y)) / len(y) + lam)


def assert_optimal(X, y, w, lam, penalty):
    distance = penalty.subdifferential_distance(w, X.T @ (X @ w - y) / len(y), lam)
    assert (distance <= rounding(X, y, w, lam)).all()


# Soft threshold

floats = st.floats(-1e6, 1e6)


@examples
@given(st.lists(floats, min_size=1, max_size=5), st.floats(0, 1e6))
def test_soft_threshold_is_zero_exactly_up_to_t_and_moves_all_else_by_t(z, t):
    z, w = np.array(z), soft_threshold(z, t)
    assert ((w == 0) == (np.abs(z) <= t)).all()
    assert_allclose(np.abs(w), np.maximum(np.abs(z) - t, 0), rtol=1e-14, atol=1e-300)
    assert (w * z >= 0).all()


@examples
@given(st.lists(floats, min_size=1, max_size=5), st.floats(0, 1e6))
def test_soft_threshold_is_odd_and_its_zeros_print_without_a_sign(z, t):
    z = np.array(z)
    assert_array_equal(soft_threshold(-z, t), -soft_threshold(z, t))
    assume(t > 0)
    w = soft_threshold(-np.abs(z), t)
    assert not np.signbit(w[w == 0]).any()


@examples
@given(st.lists(quarters, min_size=2, max_size=5), st.integers(0, 20).map(lambda k: k / 4), st.sampled_from([0.5, 4.0]))
def test_soft_threshold_scales_with_its_units(z, t, c):
    assert_array_equal(soft_threshold(c * np.array(z), c * t), c * soft_threshold(z, t))


@examples
@given(cases(vectors=2))
def test_one_threshold_for_each_entry_is_the_entries_one_by_one(case):
    _, z, t = case
    t = np.abs(t)
    assert_array_equal(soft_threshold(z, t), [soft_threshold([a], b)[0] for a, b in zip(z, t, strict=True)])


def test_threshold_of_zero_changes_nothing():
    z = np.array([1e-300, -3.0, 0.0])
    assert_array_equal(soft_threshold(z, 0.0), z)


# The prox


@examples
@given(cases(), steps)
def test_the_prox_is_optimal_for_its_own_problem(case, t):
    penalty, z = case
    w = penalty.prox(z, t)
    assert (penalty.subdifferential_distance(w, w - z, t) <= 1e-14 * (1 + np.abs(z))).all()


@examples
@given(cases(vectors=2), steps)
def test_no_other_point_is_better_than_the_prox(case, t):
    penalty, z, other = case

    def objective(w):
        return ((w - z) ** 2).sum() / 2 + t * penalty.value(w)

    assert objective(penalty.prox(z, t)) <= objective(other) + 1e-12


@examples
@given(cases(vectors=2), steps)
def test_the_prox_is_firmly_non_expansive(case, t):
    penalty, z, other = case
    moved = penalty.prox(z, t) - penalty.prox(other, t)
    assert moved @ moved <= moved @ (z - other) + 1e-12


@examples
@given(cases(), steps)
def test_the_prox_is_separable(case, t):
    penalty, z = case
    alone = [
        ElasticNet(penalty.l1_ratio, [f], penalty.positive).prox([a], t)[0]
        for f, a in zip(penalty.factors(len(z)), z, strict=True)
    ]
    assert_array_equal(penalty.prox(z, t), alone)


@examples
@given(cases(vectors=2), steps)
def test_what_the_prox_takes_off_is_t_times_the_prox_of_the_conjugate(case, t):
    # Moreau: prox_{t pen}(z) + t prox_{pen*/t}(z/t) = z.
    penalty, z, other = case
    u = (z - penalty.prox(z, t)) / t

    def objective(v):
        return ((v - z / t) ** 2).sum() / 2 + penalty.conjugate(v) / t

    assert np.isfinite(objective(u))
    assert objective(u) <= objective(other) + 1e-12


@examples
@given(cases(vectors=2), steps)
def test_a_point_is_optimal_exactly_where_the_prox_leaves_it(case, t):
    penalty, w, grad = case
    optimal = (penalty.subdifferential_distance(w, grad, 1.0) == 0).all()
    assert optimal == np.array_equal(penalty.prox(w - t * grad, t), w)


def test_the_prox_at_t_zero_is_the_projection_on_what_is_allowed():
    z = np.array([-1.0, 2.0])
    assert_array_equal(ElasticNet(0.5).prox(z, 0.0), z)
    assert_array_equal(ElasticNet(0.5, positive=True).prox(z, 0.0), [0.0, 2.0])


@examples
@given(cases(), steps)
def test_the_prox_of_one_coefficient_is_the_prox_entry_by_entry(case, t):
    penalty, z = case
    assert_array_equal([penalty.prox_one(float(a), t, j) for j, a in enumerate(z)], penalty.prox(z, t))


@examples
@given(st.floats(-1e300, 1e300), st.floats(0, 1e200), st.floats(0, 1), st.floats(0, 1e100), st.booleans())
def test_the_prox_of_one_coefficient_takes_numbers_of_any_size(z, t, share, factor, positive):
    penalty = ElasticNet(share, [1.0, factor], positive)
    found = penalty.prox_one(z, t, 1)
    assert type(found) is float
    assert_allclose(found, penalty.prox([0.0, z], t)[1], rtol=1e-14, atol=1e-300)


# Value and conjugate


@examples
@given(cases(vectors=2))
def test_value_and_conjugate_bound_the_product_and_meet_it_at_subgradients_alone(case):
    # Fenchel and Young, with equality exactly where v is in the subdifferential at w.
    penalty, w, v = case
    left = penalty.value(w) + penalty.conjugate(v)
    assert left >= v @ w - 1e-12
    assert (left <= v @ w + 1e-12) == (penalty.subdifferential_distance(w, -v, 1.0) == 0).all()


@examples
@given(cases(), steps)
def test_conjugate_meets_the_bound_at_the_subgradient_that_the_prox_gives(case, t):
    penalty, z = case
    w = penalty.prox(z, t)
    v = (z - w) / t
    assert_allclose(penalty.value(w) + penalty.conjugate(v), v @ w, rtol=1e-12, atol=1e-12)


@examples
@given(cases(), st.sampled_from([0.25, 1.0, 8.0]))
def test_the_conjugate_of_a_multiple_is_the_multiple_of_the_conjugate_of_a_quotient(case, lam):
    penalty, v = case
    scaled = ElasticNet(penalty.l1_ratio, lam * penalty.factors(len(v)), penalty.positive)
    assert penalty.conjugate(v, lam) == lam * penalty.conjugate(v / lam) == scaled.conjugate(v)


def test_the_conjugate_of_no_penalty_is_finite_where_nothing_can_be_gained_alone():
    for positive, inside in ((False, [0.0, 0.0]), (True, [0.0, -5.0])):
        penalty = ElasticNet(0.5, positive=positive)
        assert penalty.conjugate(inside, 0.0) == 0.0
        assert penalty.conjugate([1e-300, 0.0], 0.0) == np.inf


def test_the_conjugate_may_leave_the_range_without_a_warning():
    assert ElasticNet(0.5).conjugate([1.0], 1e-310) == np.inf
    assert_allclose(L2().conjugate([1e-200, -1e-200], 1e-310), 1e-90, rtol=1e-9)
    assert_allclose(L2([1e308]).conjugate([1e10]), 5e-289, rtol=1e-12)


@examples
@given(cases())
def test_value_is_the_sum_of_what_each_column_is_charged(case):
    penalty, w = case
    f, share = penalty.factors(len(w)), penalty.l1_ratio
    expected = sum(f * (share * np.abs(w) + (1 - share) / 2 * w**2))
    assert penalty.value(w) == (np.inf if penalty.positive and (w < 0).any() else expected)


@examples
@given(cases(), st.integers(1, 8))
def test_value_is_convex_along_every_ray(case, steps):
    penalty, w = case
    assume(np.isfinite(penalty.value(w)))
    ray = [penalty.value(k * w) for k in range(steps + 2)]
    assert (np.diff(ray, 2) >= 0).all()


@examples
@given(cases())
def test_squares_are_all_that_is_charged_where_they_are_known(case):
    penalty, w = case
    prices = penalty.squares(len(w))
    if prices is None:
        assert penalty.positive or penalty.l1_ratio > 0
    else:
        assert penalty.value(w) == penalty.value(-w) == sum(prices * w**2) / 2


@pytest.mark.parametrize("penalty", [L1(), ElasticNet(1e-9), L2(positive=True), ElasticNet(1e-9, positive=True)])
def test_a_penalty_that_is_more_than_squares_has_none(penalty):
    assert penalty.squares(2) is None


def test_no_share_of_an_overflowing_square_is_nothing():
    assert L1().value([1e200, -1e200]) == 2e200
    assert ElasticNet(0.5, [1.0, 0.0]).value([2.0, 1e200]) == 2.0


@pytest.mark.parametrize("positive", [False, True])
def test_L1_and_L2_are_the_ends_of_the_mix(positive):
    factor = [1.0, 2.0]
    for made, share in ((L1(factor, positive), 1.0), (L2(factor, positive), 0.0)):
        assert (made.l1_ratio, made.positive) == (share, positive)
        assert_array_equal(made.factor, factor)
    w = np.array([3.0, 4.0])
    assert (L1(factor, positive).value(w), L2(factor, positive).value(w)) == (11.0, 20.5)


def test_a_penalty_keeps_a_copy_of_its_factor_that_nobody_can_write_to():
    factor = np.array([1.0, 2.0])
    penalty = L1(factor)
    factor[0] = 5.0
    assert_array_equal(penalty.factor, [1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        penalty.factor[0] = 5.0


def test_a_share_of_any_type_of_number_is_kept_as_a_float():
    for share in (1, np.float32(1), np.array(1)):
        assert type(ElasticNet(share).l1_ratio) is float


# Distance to the conditions


@examples
@given(cases(vectors=2))
def test_distance_is_that_to_the_nearest_subgradient(case):
    # The subgradients of |w| are an interval: the nearest of it is found by clipping.
    _, w, grad = case
    for weight in (0.0, 1.25, np.abs(grad[::-1])):
        low, high = np.where(w > 0, weight, -weight), np.where(w < 0, -weight, weight)
        nearest = np.clip(-grad, low, high)
        assert_array_equal(penalties.subdifferential_distance(w, grad, weight), np.abs(-grad - nearest))


@examples
@given(cases(vectors=2))
def test_distance_of_the_mix_is_that_of_its_derivative_where_it_has_one(case):
    penalty, w, grad = case
    w = np.where(w == 0, 1.0, np.abs(w) if penalty.positive else w)
    h = 1e-5
    slopes = [(penalty.value(w + h * e) - penalty.value(w - h * e)) / (2 * h) for e in np.eye(len(w))]
    distance = penalty.subdifferential_distance(w, grad, 3.0)
    assert_allclose(distance, np.abs(grad + 3.0 * np.array(slopes)), atol=1e-8)


def test_a_forbidden_coefficient_is_infinitely_far_at_any_lam():
    for lam in (0.0, 1.0):
        assert_array_equal(L1(positive=True).subdifferential_distance([-1.0, 1.0], [0.0, -lam], lam), [np.inf, 0.0])
        assert losses.objective([[1.0]], [1.0], [-1.0], lam, L1(positive=True)) == np.inf


def test_kkt_residual_includes_the_mean_residual_where_there_is_an_intercept():
    X, y = generic()
    Xc, yc, x_mean, y_mean = centre(X, y)
    penalty, w = ElasticNet(0.5), np.arange(5.0)
    b = y_mean - x_mean @ w
    of_w = penalties.kkt_residual(Xc, yc, w, 0.3, penalty)
    assert_allclose(penalties.kkt_residual(X, y, w, 0.3, penalty, b), of_w, rtol=1e-9)
    assert_allclose(penalties.kkt_residual(Xc, yc, w, 0.3, penalty, 1e3), 1e3, rtol=1e-12)
    assert_allclose(losses.objective(X, y, w, 0.3, penalty, b), losses.objective(Xc, yc, w, 0.3, penalty))


@examples
@given(problems(), lams)
def test_without_an_L1_part_everything_is_ridge(problem, lam):
    X, y = problem
    w = ridge.svd_path(X, y, [lam])[0]
    assert_allclose(losses.objective(X, y, w, lam, L2()), ridge.objective(X, y, w, lam), rtol=1e-12)
    assert_allclose(penalties.kkt_residual(X, y, w, lam, L2()), ridge.kkt_residual(X, y, w, lam), atol=1e-12)


# Where everything is zero

either = pytest.mark.parametrize("positive", [False, True])


@examples
@given(cases(vectors=2))
def test_zero_is_optimal_from_lam_max_on_and_not_below(case):
    penalty, grad, _ = case
    grad = np.where(penalty.factors(len(grad)) > 0, grad, 0)
    lam, zero = penalty.lam_max(grad), np.zeros(len(grad))

    def optimal(at):
        return (penalty.subdifferential_distance(zero, grad, at) == 0).all()

    if np.isfinite(lam):
        assert optimal(lam * (1 + 1e-12))
        assert lam == 0 or not optimal(lam * (1 - 1e-12))
    else:
        assert penalty.l1_ratio == 0
        assert not optimal(1e300)
    assert lam >= 0
    assert not np.signbit(lam)


@either
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_columns_without_a_penalty_take_no_part_in_lam_max(share, positive):
    penalty = ElasticNet(share, [0.0, 2.0, 0.0], positive)
    expected = 3.0 / (2 * share) if share else np.inf
    assert penalty.lam_max([-9.0, -3.0, 5.0]) == expected
    assert penalty.lam_max([-9.0, 0.0, 5.0]) == 0.0
    assert ElasticNet(share, np.zeros(3), positive).lam_max([-9.0, -3.0, 5.0]) == 0.0


def test_a_lam_max_beyond_the_range_is_infinite():
    assert L1([1e-300]).lam_max([1e10]) == np.inf


# The domain of the conjugate


@examples
@given(cases(), steps)
def test_the_share_of_a_dual_point_is_the_largest_in_the_domain_and_the_value_is_the_conjugate_there(case, lam):
    penalty, v = case
    share, value = penalty.dual(v, lam)
    penalised = np.where(penalty.factors(len(v)) > 0, v, 0)
    assert 0 <= share <= 1
    assert type(share) is type(value) is float
    # A product may end on the wrong side of the boundary by its last bit.
    assert_allclose(value, penalty.conjugate(share * (1 - EPS) * penalised, lam), rtol=1e-12, atol=1e-12)
    assert share == 1 or penalty.conjugate(share * (1 + 1e-12) * penalised, lam) == np.inf


@either
def test_a_dual_point_on_the_boundary_of_the_domain_is_left_as_it_is(positive):
    penalty = L1([0.5, 2.0, 0.0], positive)
    assert penalty.dual(np.array([1.5, 6.0, 9.0]), 3.0) == (1.0, 0.0)
    assert penalty.dual(np.array([3.0, -6.0, 9.0]), 3.0) == (0.5, 0.0)
    assert penalty.dual(np.array([0.0, -12.0, 9.0]), 3.0) == ((1.0, 0.0) if positive else (0.5, 0.0))


@examples
@given(cases(vectors=2), steps)
def test_surely_zero_is_what_the_prox_sends_to_zero_from_anywhere_within_the_margin(case, lam):
    penalty, v, margin = case
    # All numbers are quarters, so what is nearer to the boundary than that is on it, and not sure.
    margin, nearly = np.abs(margin), 1 / 16
    ends = [penalty.prox(v + side * (margin + nearly), lam) for side in (-1, 1)]
    assert_array_equal(penalty.surely_zero(v, margin, lam), (ends[0] == 0) & (ends[1] == 0))


@examples
@given(problems(), st.floats(0.01, 1))
def test_lam_max_with_an_intercept_is_exact_from_both_sides(problem, share):
    X, y = problem
    lam, penalty, zero = penalties.lam_max(X, y, share), ElasticNet(share), np.zeros(X.shape[1])
    above = penalties.kkt_residual(X, y, zero, lam * (1 + 1e-12), penalty, centre(X, y)[3])
    assert above <= 1e-15 * (1 + np.abs(y).max())
    if lam > 1e-12:
        Xc, yc, _, _ = centre(X, y)
        assert penalties.kkt_residual(Xc, yc, zero, lam * (1 - 1e-12), penalty) > 0
        assert_allclose(lam, penalty.lam_max(-Xc.T @ yc / len(y)), rtol=1e-14)


@examples
@given(problems(), st.sampled_from([-1e9, 1e9]), st.sampled_from([-1e9, 1e9]))
def test_lam_max_does_not_notice_offsets(problem, of_x, of_y):
    X, y = problem
    assert_allclose(penalties.lam_max(X + of_x, y + of_y), penalties.lam_max(X, y), rtol=1e-12, atol=1e-12)


@examples
@given(problems(), st.floats(-8, 8).map(lambda e: 10**e), st.floats(-8, 8).map(lambda e: 10**e))
def test_lam_max_has_the_units_of_the_target_times_those_of_a_column(problem, of_x, of_y):
    X, y = problem
    expected = of_x * of_y * penalties.lam_max(X, y)
    assert_allclose(penalties.lam_max(of_x * X, of_y * y), expected, rtol=1e-9, atol=1e-12 * of_x * of_y)


def test_lam_max_is_zero_where_nothing_varies():
    X, y = generic()
    assert penalties.lam_max(X, np.full(len(y), 0.1)) == 0.0
    assert penalties.lam_max(np.full((3, 2), 0.1), [1.0, 5.0, 7.0]) == 0.0
    assert penalties.lam_max([[3.0]], [5.0]) == 0.0


@pytest.mark.parametrize("name", ["C", "F"])
def test_lam_max_is_where_scikit_learn_has_its_first_coefficient(name):
    X, y = generic()
    X, lam = np.array(X, order=name), penalties.lam_max(X, y)
    assert not Lasso(alpha=lam * (1 + 1e-9), tol=1e-14).fit(X, y).coef_.any()
    assert np.count_nonzero(Lasso(alpha=lam * (1 - 1e-6), tol=1e-14).fit(X, y).coef_) == 1


# Orthogonal columns


@st.composite
def orthogonal(draw):
    """(X, y) with orthogonal columns of many lengths, one of them perhaps zero."""
    signs = np.array([[1, 1], [1, -1]])
    X = np.kron(np.kron(signs, signs), signs)[:, : draw(st.integers(1, 5))] * 1.0
    X = X * [2.0 ** draw(st.integers(-20, 20)) for _ in X.T]
    if draw(st.booleans()):
        X[:, 0] = 0
    return X, np.array(draw(st.lists(quarters, min_size=8, max_size=8)))


@examples
@given(orthogonal(), lams | st.just(0.0))
def test_conditions_hold_at_the_solution_for_orthogonal_columns(problem, lam):
    X, y = problem
    w = penalties.lasso_orthogonal(X, y, lam)
    assert_optimal(X, y, w, lam, L1())
    assert not w[~X.any(axis=0)].any()


@examples
@given(orthogonal(), lams)
def test_for_orthogonal_columns_trying_all_signs_agrees(problem, lam):
    X, y = problem
    lengths = np.linalg.norm(X, axis=0)
    unit = X / np.where(lengths > 0, lengths, 1)
    expected = penalties.lasso_by_signs(unit, y, lam)
    assert_allclose(penalties.lasso_orthogonal(unit, y, lam), expected, rtol=1e-9, atol=1e-12)


@examples
@given(orthogonal(), st.permutations(range(5)), lams)
def test_each_orthogonal_column_is_solved_as_if_it_were_alone(problem, order, lam):
    X, y = problem
    order = [j for j in order if j < X.shape[1]]
    w = penalties.lasso_orthogonal(X, y, lam)
    assert_array_equal(penalties.lasso_orthogonal(X[:, order], y, lam), w[order])
    assert_allclose(w, [penalties.lasso_orthogonal(x[:, None], y, lam)[0] for x in X.T], rtol=1e-14)


def test_columns_of_zeros_get_zeros_whatever_memory_held_before():
    X = np.column_stack([np.ones(4), np.zeros((4, 30))])
    for _ in range(20):
        left = [np.full(31, 7.0) for _ in range(9)]
        del left
        assert_array_equal(penalties.lasso_orthogonal(X, np.full(4, 3.0), 1.0), np.eye(31)[0] * 2)


def test_lam_cuts_the_product_with_the_column_and_not_the_least_squares_coefficient():
    # z = (0.5, 5) and least squares (50, 0.05): of the two the smaller coefficient stays.
    X, y = np.array([[0.1, 0.0], [0.0, 10.0]]) * 2**0.5, np.array([5.0, 0.5]) * 2**0.5
    w = penalties.lasso_orthogonal(X, y, 1.0)
    assert_allclose(w, [0.0, 0.04], rtol=1e-14)
    assert w[0] == 0


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (X6, "^X has columns 0 and 1 with the cosine"),
        (np.column_stack([X6[:, 0], -X6[:, 0]]), "columns 0 and 1 with the cosine 1"),
        (np.full((6, 1), 1e200), "^X is too large"),
        (np.full((6, 1), 1e-200), "^X has a column so small"),
    ],
)
def test_columns_that_are_not_orthogonal_or_leave_the_range_are_refused(X, message):
    with pytest.raises(ValueError, match=message):
        penalties.lasso_orthogonal(X, y6, 0.1)


# All patterns of signs


@examples
@given(problems(max_p=4), lams | st.just(0.0))
def test_conditions_hold_at_the_solution_by_signs_whatever_the_rank(problem, lam):
    X, y = problem
    w = penalties.lasso_by_signs(X, y, lam)
    assert_optimal(X, y, w, lam, L1())
    used = X[:, w != 0]
    assert np.linalg.matrix_rank(used) == used.shape[1] if used.size else not w.any()


@examples
@given(problems(max_p=4), lams)
def test_by_signs_agrees_with_scikit_learn_in_fit_and_penalty(problem, lam):
    # Where columns are dependent the minimisers are many; their fit and their penalty are one.
    X, y = problem
    w = penalties.lasso_by_signs(X, y, lam)
    other = Lasso(alpha=lam, fit_intercept=False, tol=1e-12, max_iter=10**6).fit(X, y).coef_
    scale = 1 + np.abs(y).max()
    assert_allclose(X @ w, X @ other, atol=1e-5 * scale)
    assert_allclose(lam * np.abs(w).sum(), lam * np.abs(other).sum(), atol=1e-5 * scale**2)


@examples
@given(problems(max_p=4))
def test_by_signs_at_lam_zero_is_a_least_squares_solution(problem):
    X, y = problem
    w = penalties.lasso_by_signs(X, y, 0.0)
    assert_allclose(X @ w, X @ np.linalg.lstsq(X, y)[0], atol=1e-9)


@examples
@given(problems(max_p=4))
def test_by_signs_is_zero_from_lam_max_on_and_not_below(problem):
    X, y = problem
    lam = L1().lam_max(-X.T @ y / len(y))
    assert not penalties.lasso_by_signs(X, y, lam).any()
    assert not penalties.lasso_by_signs(X, y, 2 * lam).any()
    assert lam == 0 or penalties.lasso_by_signs(X, y, lam * (1 - 1e-6)).any()


@examples
@given(problems(max_p=3), lams, st.permutations(range(3)), st.tuples(*[st.sampled_from([-1.0, 1.0])] * 3))
def test_by_signs_follows_permuted_and_flipped_columns(problem, lam, order, flips):
    X, y = problem
    assume(np.linalg.matrix_rank(X) == X.shape[1])
    order = [j for j in order if j < X.shape[1]]
    signs = np.array(flips)[: X.shape[1]]
    w = penalties.lasso_by_signs((X * signs)[:, order], y, lam)
    assert_allclose(w, (penalties.lasso_by_signs(X, y, lam) * signs)[order], atol=1e-9)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_of_a_column_and_its_double_one_is_used(sign):
    x, y = np.array([1.0, -1.0, 2.0]), np.array([2.0, -1.0, 3.0])
    w = penalties.lasso_by_signs(np.column_stack([x, sign * x]), y, 0.5)
    assert np.count_nonzero(w) == 1
    assert_allclose(w @ [1.0, sign], penalties.lasso_by_signs(x[:, None], y, 0.5)[0], rtol=1e-12)


@pytest.mark.parametrize("power", [-8, 8])
def test_by_signs_takes_columns_of_any_common_scale(power):
    X, y = generic(p=4)
    w = penalties.lasso_by_signs(X, y, 0.5)
    c = 10.0**power
    assert_allclose(c * penalties.lasso_by_signs(c * X, y, c * 0.5), w, rtol=1e-9)


def test_a_column_too_short_to_count_does_not_hide_a_wrong_answer():
    X, y = generic(p=3)
    X = X * [1e8, 1.0, 1e-8]
    for lam in (0.0, 1e-12):
        with pytest.raises(ValueError, match=r"^X has columns of lengths from .* too unlike for float64"):
            penalties.lasso_by_signs(X, y, lam)
    # At this lam the short columns have no say, and nothing is lost.
    lam = L1().lam_max(-X.T @ y / len(y)) / 2
    assert_optimal(X, y, penalties.lasso_by_signs(X, y, lam), lam, L1())


def test_columns_nearer_to_dependent_than_can_be_told_are_refused():
    with pytest.raises(ValueError, match=r"^X has columns too near to dependent"):
        penalties.lasso_by_signs([[1.0, 1.0], [0.0, 1e-9]], [1.0, 2.0], 0.0)


def test_more_columns_than_patterns_can_be_tried_for_are_refused():
    assert not penalties.lasso_by_signs(np.eye(10), np.ones(10), 0.1).any()
    with pytest.raises(ValueError, match=r"^X has 11 columns; trying all 177147 patterns is for at most 10$"):
        penalties.lasso_by_signs(np.eye(11), np.ones(11), 0.1)


def test_between_two_knots_the_solution_is_linear_in_lam():
    X, y = generic(p=4)
    lams = np.linspace(0.2, 0.25, 3)
    W = np.array([penalties.lasso_by_signs(X, y, lam) for lam in lams])
    assert (np.sign(W) == np.sign(W[0])).all()
    assert_allclose(W[1], (W[0] + W[2]) / 2, rtol=1e-12)


# By hand


def test_lasso_of_two_correlated_columns_by_hand():
    # G = (1 ½; ½ 1), z = (2, 1.5): for signs ++ and lam = 1 G w = (1, ½), so w = (1, 0), which is a knot;
    # at lam = ½ G w = (1.5, 1) and w = (4/3, 1/3).
    X = np.array([[2.0**0.5, 0.5**0.5], [0.0, 1.5**0.5]])
    y = 2 * np.linalg.solve(X.T, [2.0, 1.5])
    assert_allclose(penalties.lasso_by_signs(X, y, 0.5), [4 / 3, 1 / 3], rtol=1e-12)
    assert_allclose(penalties.lasso_by_signs(X, y, 1.0), [1.0, 0.0], atol=1e-12)


def test_mix_by_hand():
    penalty = ElasticNet(0.25, [2.0, 0.0, 1.0])
    w = np.array([-2.0, 5.0, 1.0])
    # 2 (¼·2 + ¾/2·4) + 0 + (¼ + ⅜)
    assert penalty.value(w) == 4.625
    # S(−4, ½) / (1 + 1.5); untouched; S(½, ¼) / 1.75
    assert_allclose(penalty.prox([-4.0, 5.0, 0.5], 1.0), [-1.4, 5.0, 1 / 7], rtol=1e-15)
    # (2 − ½)²/(2·1.5) + 0 + 0
    assert penalty.conjugate([2.0, 0.0, 0.25]) == 0.75
    assert penalty.conjugate([2.0, 1e-9, 0.25]) == np.inf


# Arrays as they come

w2, v3 = np.array([0.5, 0.0]), np.array([3.0, -0.5, -2.0])
OF_DATA = {
    "lam_max": lambda X, y: penalties.lam_max(X, y),
    "lasso_orthogonal": lambda X, y: penalties.lasso_orthogonal(X, y, 0.1),
    "lasso_by_signs": lambda X, y: penalties.lasso_by_signs(X, y, 0.1),
    "objective": lambda X, y: losses.objective(X, y, w2, 0.1, L1()),
    "kkt_residual": lambda X, y: penalties.kkt_residual(X, y, w2, 0.1, L1()),
}
mix = ElasticNet(0.5, [1.0, 2.0, 0.0])
OF_A_VECTOR = {
    "soft_threshold": ("z", lambda z: soft_threshold(z, 1.0)),
    "soft_threshold by": ("t", lambda t: soft_threshold(v3, t)),
    "subdifferential_distance of w": ("w", lambda w: penalties.subdifferential_distance(w, v3, 1.0)),
    "subdifferential_distance of grad": ("grad", lambda g: penalties.subdifferential_distance(v3, g, 1.0)),
    "subdifferential_distance by": ("weight", lambda t: penalties.subdifferential_distance(v3, v3, t)),
    "value": ("w", mix.value),
    "prox": ("z", lambda z: mix.prox(z, 0.5)),
    "distance of w": ("w", lambda w: mix.subdifferential_distance(w, v3, 1.0)),
    "distance of grad": ("grad", lambda g: mix.subdifferential_distance(v3, g, 1.0)),
    "conjugate": ("v", lambda v: ElasticNet(0.5, [1.0, 2.0, 1.0]).conjugate(v)),
    "lam_max": ("grad", mix.lam_max),
    "factor": ("factor", lambda f: ElasticNet(0.5, f).prox(v3, 1.0)),
}
PAIR = np.array([[1.0, 2.0], [-1.0, 2.0], [1.0, -2.0], [-1.0, -2.0]]), np.array([4.0, 2.0, 1.0, -7.0])


@pytest.mark.parametrize("name", OF_DATA)
def test_memory_order_integers_lists_and_strides_do_not_matter(name):
    X, y = PAIR
    expected = OF_DATA[name](X, y)
    wide, long = np.zeros((8, 4)), np.zeros(8)
    wide[::2, ::2], long[::2] = X, y
    for X_other, y_other in (
        (X.tolist(), y.tolist()),
        (X.astype(np.int8), y.astype(int)),
        (np.asfortranarray(X), y),
        (wide[::2, ::2], long[::2]),
    ):
        assert_allclose(OF_DATA[name](X_other, y_other), expected, rtol=1e-14)


@pytest.mark.parametrize("name", OF_A_VECTOR)
def test_vectors_may_be_lists_strided_or_of_integers(name):
    vector = np.array([3, 0, 2])
    call = OF_A_VECTOR[name][1]
    expected = call(vector.astype(float))
    for other in (vector, vector.tolist(), np.repeat(vector, 2)[::2], vector.astype(np.uint8)):
        assert_array_equal(call(other), expected)


@pytest.mark.parametrize("name", OF_DATA)
@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_data_are_read_only_or_left_as_they_were(name, order):
    X, y = np.array(PAIR[0], order=order), PAIR[1].copy()
    OF_DATA[name](X, y)
    assert_array_equal(X, PAIR[0])
    assert_array_equal(y, PAIR[1])
    X.flags.writeable = y.flags.writeable = False
    OF_DATA[name](X, y)


@pytest.mark.parametrize("name", OF_A_VECTOR)
def test_callers_vectors_are_left_as_they_were_and_never_given_back(name):
    vector = np.array([3.0, 0.0, 2.0])
    vector.flags.writeable = False
    result = OF_A_VECTOR[name][1](vector)
    assert not np.shares_memory(result, vector)


@pytest.mark.parametrize("name", ["lasso_orthogonal", "lasso_by_signs"])
def test_single_precision_of_data_is_kept_and_is_close_to_double(name):
    X, y = PAIR
    single = OF_DATA[name](X.astype("f4"), y.astype("f4"))
    assert single.dtype == np.float32
    assert_allclose(single, OF_DATA[name](X, y), rtol=1e-5)
    assert OF_DATA[name](X.astype("f4"), y).dtype == np.float64


@pytest.mark.parametrize("seed", range(5))
def test_in_single_precision_some_pattern_still_meets_the_conditions(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(12, 4)), rng.normal(size=12)
    for lam in (0.0, 0.05, 0.2):
        single = penalties.lasso_by_signs(X.astype("f4"), y.astype("f4"), lam)
        assert single.dtype == np.float32
        assert_allclose(single, penalties.lasso_by_signs(X, y, lam), atol=1e-5)


@pytest.mark.parametrize(("share", "factor"), list(product([0.0, 0.3, 1.0], [None, [1.0, 2.0, 0.0]])))
def test_single_precision_of_vectors_is_kept(share, factor):
    v, penalty = v3.astype("f4"), ElasticNet(share, factor)
    assert soft_threshold(v, 1.0).dtype == np.float32
    assert soft_threshold(v, np.ones(3)).dtype == np.float32
    assert penalty.prox(v, 0.1).dtype == np.float32
    assert penalties.subdifferential_distance(v3, v, np.ones(3)).dtype == np.float32
    assert penalty.subdifferential_distance(v, v, 0.1).dtype == np.float32
    assert_allclose(penalty.prox(v, 0.1), penalty.prox(v3, 0.1), rtol=1e-6)


# What is refused, and how it is said


@pytest.mark.parametrize("name", OF_DATA)
@pytest.mark.parametrize("what", BAD_DATA)
def test_data_that_cannot_be_used_are_refused_by_name(name, what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        OF_DATA[name](X, y)


@pytest.mark.parametrize("name", OF_A_VECTOR)
@pytest.mark.parametrize("what", BAD_VECTORS)
def test_vectors_that_cannot_be_used_are_refused_by_name(name, what):
    argument, call = OF_A_VECTOR[name]
    bad, message = BAD_VECTORS[what]
    if (what == "a number" and argument in ("t", "weight")) or (what == "None" and argument == "factor"):
        call(bad)
        return
    if np.ndim(bad) == 0 and argument in ("t", "weight") and what != "sparse":
        message = "must be one finite real number"
    with pytest.raises(ValueError, match=f"^{argument} {message}"):
        call(bad)


@pytest.mark.parametrize("name", [name for name in OF_A_VECTOR if name != "soft_threshold"])
def test_vectors_of_another_length_are_refused(name):
    with pytest.raises(ValueError, match=r"^(t|grad|weight|factor) .*\d"):
        OF_A_VECTOR[name][1](np.ones(4))


NUMBERS = {
    "t of soft_threshold": ("t", lambda bad: soft_threshold(v3, bad)),
    "weight": ("weight", lambda bad: penalties.subdifferential_distance(v3, v3, bad)),
    "lam of lasso_orthogonal": ("lam", lambda bad: penalties.lasso_orthogonal(*PAIR, bad)),
    "lam of lasso_by_signs": ("lam", lambda bad: penalties.lasso_by_signs(*PAIR, bad)),
    "lam of objective": ("lam", lambda bad: losses.objective(*PAIR, w2, bad, L1())),
    "lam of kkt_residual": ("lam", lambda bad: penalties.kkt_residual(*PAIR, w2, bad, L1())),
    "lam of a distance": ("lam", lambda bad: mix.subdifferential_distance(v3, v3, bad)),
    "t of prox": ("t", lambda bad: mix.prox(v3, bad)),
    "l1_ratio of lam_max": ("l1_ratio", lambda bad: penalties.lam_max(*PAIR, bad)),
    "l1_ratio": ("l1_ratio", ElasticNet),
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("what", [what for what in BAD_LAMS if "overflows" not in what])
def test_numbers_that_cannot_be_used_are_refused_by_name(name, what):
    argument, call = NUMBERS[name]
    with pytest.raises(ValueError, match=rf"^{argument} "):
        call(BAD_LAMS[what])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ElasticNet(1.5), "l1_ratio must be from 0 to 1; it is 1.5"),
        (lambda: penalties.lam_max(X6, y6, 0.0), "l1_ratio is 0, which is ridge"),
        (lambda: ElasticNet(0.5, [1.0, -1.0]), "factor must be >= 0"),
        (lambda: ElasticNet(0.5, [1.0], positive=1), "positive must be True or False"),
        (lambda: ElasticNet(0.5, [1.0]).value(v3), "factor has 1 numbers.*there are 3 columns"),
        (lambda: soft_threshold(v3, [1.0, 2.0]), r"t must be one number, or one for each of the 3.*\(2,\)"),
        (lambda: soft_threshold(v3, [1.0, -2.0, 0.0]), "t must be >= 0; the smallest entry is -2.0"),
        (lambda: soft_threshold(v3.astype("f4"), 1e39), "t = 1e.39 is too large: it overflows float32"),
        (lambda: soft_threshold(v3.astype("f4"), [0, 0, 1e39]), "t = 1e.39 is too large: it overflows float32"),
        (lambda: mix.prox(v3.astype("f4"), 1e39), "t = 1e.39 is too large"),
        (lambda: mix.subdifferential_distance(v3, v3.astype("f4"), 1e39), "lam = 1e.39 is too large"),
        (lambda: mix.conjugate(v3, -1.0), "lam must be a finite number >= 0"),
        (lambda: penalties.lasso_by_signs(X6, y6, 1e308), "lam = 1e.308 is too large: n lam overflows float64"),
        (lambda: losses.objective(X6, y6, v3, 0.1, L1()), "w must have one number a column of X.*2 col.*3 num"),
        (lambda: penalties.kkt_residual(X6, y6, v3, 0.1, L1()), "w must have one number a column of X"),
        (lambda: losses.objective(X6, y6, [np.nan, 0], 0.1, L1()), "w holds NaN"),
        (lambda: losses.objective(X6, y6, w2, 0.1, L1(), b="0"), "b must be one finite real number"),
        (lambda: penalties.kkt_residual(X6, y6, w2, 0.1, L1(), b=np.ones(6)), "b must be one finite real number"),
    ],
)
def test_refusals_say_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()

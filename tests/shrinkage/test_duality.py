"""Laws of the duality gap: it bounds, it vanishes at minimisers, and rounding does not break it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage import losses, penalties
from shrinkage.duality import dual_point, freed, gap
from shrinkage.penalties import L1, L2, ElasticNet

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


def test_a_forbidden_coefficient_has_an_infinite_gap():
    assert gap(X6, y6, [-1.0, 0.0], 0.1, L1(positive=True)) == np.inf


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


@pytest.mark.parametrize("function", [dual_point, gap])
@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(function, what):
    with pytest.raises(ValueError, match=r"^lam "):
        function(X6, y6, [0.0, 0.0], BAD_LAMS[what], L1())


@pytest.mark.parametrize("function", [dual_point, gap])
@pytest.mark.parametrize("what", BAD_VECTORS)
def test_coefficients_that_cannot_be_used_are_refused_by_name(function, what):
    bad, message = BAD_VECTORS[what]
    with pytest.raises(ValueError, match=f"^w {message}"):
        function(X6, y6, bad, 0.1, L1())


@pytest.mark.parametrize("function", [dual_point, gap])
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

"""Laws of the gap-safe sphere: what it calls surely zero is zero in every minimiser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy import sparse
from shrinkage.coordinate_descent import minimise
from shrinkage.duality import surely_zero
from shrinkage.penalties import L1, L2, ElasticNet

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, X6, exact, generic, lams, mixes, problems, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)


@st.composite
def cases(draw):
    """(X, y, lam, penalty, w) of few columns; `w` any that the penalty allows, or the minimiser."""
    X, y = draw(problems(max_p=3))
    p, lam = X.shape[1], draw(lams)
    penalty = draw(mixes(p))
    w = np.array(draw(st.lists(st.floats(-3, 3), min_size=p, max_size=p)))
    w = exact(X, y, lam, penalty)[1] if draw(st.booleans()) else w
    return X, y, lam, penalty, np.abs(w) if penalty.positive else w


# Laws


@examples
@given(cases())
def test_what_is_surely_zero_is_zero_in_every_minimiser(case):
    """Every minimiser has the same predictions, so where the gradient leaves slack none of them has the column."""
    X, y, lam, penalty, w = case
    best = exact(X, y, lam, penalty)[1]
    named = surely_zero(X, y, w, lam, penalty)
    covariance = X.T @ (y - X @ best) / len(y)
    slack = lam * penalty.l1_ratio * penalty.factors(len(w)) - (covariance if penalty.positive else np.abs(covariance))
    assert named.dtype == bool
    assert (best[named] == 0).all()
    assert (slack[named] > 0).all()
    if not penalty.positive:  # else a column that would have to be negative is zero without any penalty
        assert not named[penalty.factors(len(w)) == 0].any()


@examples
@given(cases())
def test_near_the_minimum_every_column_with_slack_is_named(case):
    X, y, lam, penalty, _ = case
    best = exact(X, y, lam, penalty)[1]
    covariance = X.T @ (y - X @ best) / len(y)
    slack = lam * penalty.l1_ratio * penalty.factors(len(best)) - (
        covariance if penalty.positive else np.abs(covariance)
    )
    size = 1 + np.abs(X).max() * np.abs(y).max()
    assert surely_zero(X, y, best, lam, penalty)[slack > 1e-5 * size].all()


@examples
@given(problems(max_p=4), st.sampled_from([1.0, 0.5]), st.booleans())
def test_above_the_critical_lam_all_are_named_at_zero_and_below_never_the_last(problem, share, positive):
    X, y = problem
    penalty = ElasticNet(share, None, positive)
    lam = penalty.lam_max(-(X.T @ y) / len(y))
    zero = np.zeros(X.shape[1])
    assert surely_zero(X, y, zero, lam * (1 + 1e-6) + 1e-3, penalty).all()
    if lam > 0:
        assert not surely_zero(X, y, zero, lam * (1 - 1e-6), penalty).all()


def test_less_and_less_is_left_the_nearer_the_minimum():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 100))
    y = X[:, :5] @ np.full(5, 3.0) + rng.normal(size=50)
    lam = 0.3 * np.abs(X.T @ y).max() / 50
    w, counts = np.zeros(100), []
    for _ in range(8):
        with pytest.warns(RuntimeWarning, match="stopped after 3 steps") if len(counts) < 2 else np.errstate():
            w = minimise(X, y, lam, L1(), w=w, max_iter=3, tol=0.0 if len(counts) < 2 else 1.0).w
        counts.append(int(surely_zero(X, y, w, lam, L1()).sum()))
    best = minimise(X, y, lam, L1(), tol=1e-14).w
    assert counts == sorted(counts)
    assert counts[-1] > 80
    assert surely_zero(X, y, best, lam, L1()).sum() == np.count_nonzero(best == 0)


@examples
@given(cases(), st.sampled_from([1e-6, 1e6]), st.sampled_from([1e-6, 1e6]))
def test_units_of_target_and_columns_do_not_matter(case, of_x, of_y):
    X, y, lam, penalty, w = case
    penalty = L1(penalty.factor, penalty.positive)

    def named(times):
        return surely_zero(X, y, w, lam * times, penalty)

    moved = surely_zero(of_x * X, of_y * y, of_y / of_x * w, of_x * of_y * lam, penalty)
    assert np.array_equal(moved, named(1.0)) or not np.array_equal(named(1 - 1e-7), named(1 + 1e-7))


# What tells nothing


def test_nothing_is_named_at_an_infinite_gap_without_a_penalty_or_under_squares():
    X, y = generic()
    w = np.zeros(5)
    w[0] = -1.0
    at_infinity = surely_zero(X, y, w, 1e9, L1(positive=True))
    assert at_infinity.dtype == bool
    assert not at_infinity.any()
    assert not surely_zero(X, y, 0 * w, 0.0, L1()).any()
    assert not surely_zero(X, y, 0 * w, 1e9, L2()).any()
    assert surely_zero(X, y, 0 * w, 1e9, L1([0.0, 1, 1, 1, 1])).tolist() == [False, True, True, True, True]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_a_column_at_the_very_edge_is_not_named_however_small_the_gap(dtype):
    # The second column is a copy of the first: both are at the edge, and either may be in use.
    X, y = generic()
    X, y = np.column_stack([X[:, 0], X[:, 0], X[:, 1]]).astype(dtype), y.astype(dtype)
    tol = 1e-15 if dtype == "f8" else 1e-7
    w = minimise(X, y, 3.0, L1(), tol=tol).w
    assert w[0] != 0
    assert not surely_zero(X, y, w, 3.0, L1())[:2].any()


# Forms of the data, and what is refused


@pytest.mark.parametrize("form", [sparse.csc_array, sparse.csr_matrix, np.asfortranarray, np.ndarray.tolist])
def test_every_form_of_the_columns_says_the_same_and_is_not_changed(form):
    X, y = generic()
    X.flags.writeable = y.flags.writeable = False
    w = minimise(X, y, 3.0, L1(), tol=1e-6).w
    expected = surely_zero(X, y, w, 3.0, L1())
    assert 0 < expected.sum() < 5
    assert_array_equal(surely_zero(form(X), y, w, 3.0, L1()), expected)


def test_by_hand():
    # Orthogonal columns of length √2 and covariances 2 and 0.1 with y; at w = (1, 0) the gap is 0, so r is 0.
    X, y = np.array([[1.0, 1.0], [-1.0, 1.0]]), np.array([2.1, -1.9])
    assert surely_zero(X, y, [1.0, 0.0], 1.0, L1()).tolist() == [False, True]
    # At w = 0: P = 2.005, the dual point is y/4 and D = 2.005·(1 − ¼), the gap 0.50125, √(2·gap/2)·√2 = 1.001;
    # with the 0.05 of the second column that is 1.051.
    assert surely_zero(X, y, [0.0, 0.0], 1.0, L1()).tolist() == [False, False]
    assert surely_zero(X, y, [0.0, 0.0], 1.0, L1([1.0, 1.06])).tolist() == [False, True]
    assert surely_zero(X, y, [0.0, 0.0], 1.0, L1([1.0, 1.04])).tolist() == [False, False]


@pytest.mark.parametrize("what", [what for what in BAD_DATA if what != "X sparse"])
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        surely_zero(X, y, [0.0, 0.0], 0.1, L1())


@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam "):
        surely_zero(X6, y6, [0.0, 0.0], BAD_LAMS[what], L1())


@pytest.mark.parametrize("what", BAD_VECTORS)
def test_coefficients_that_cannot_be_used_are_refused_by_name(what):
    bad, message = BAD_VECTORS[what]
    with pytest.raises(ValueError, match=f"^w {message}"):
        surely_zero(X6, y6, bad, 0.1, L1())

"""Laws of the losses and of the objective: convex duality, slopes, shares, and an example by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage.losses import QUADRATIC, Quadratic, as_shares, objective
from shrinkage.penalties import L1, L2, ElasticNet

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, BAD_WEIGHTS, X6, certified, fits, generic, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)
LOSSES = {"quadratic": Quadratic()}


@st.composite
def predictions(draw):
    """(y, eta, other, share): a target, two predictions, and shares of the rows or None."""
    n = draw(st.integers(1, 8))
    y, eta, other = (np.array(draw(st.lists(st.floats(-9, 9), min_size=n, max_size=n))) for _ in range(3))
    s = draw(st.none() | st.lists(st.floats(0.01, 9), min_size=n, max_size=n))
    return y, eta, other, None if s is None else as_shares(s, n)


# Laws of every loss


@pytest.mark.parametrize("name", LOSSES)
@examples
@given(predictions())
def test_the_conjugate_meets_the_loss_at_the_slope_and_nowhere_exceeds_it(name, case):
    loss, (y, eta, other, share) = LOSSES[name], case
    v = loss.gradient(y, eta, share)
    value = loss.value(y, eta, share)
    size = 1e-12 * (1 + value + np.abs(v) @ np.abs(eta))
    assert abs(value + loss.conjugate(y, v, share) - v @ eta) <= size  # Fenchel and Young, with equality
    assert loss.value(y, other, share) + loss.conjugate(y, v, share) >= v @ other - 1e-12 * (
        1 + np.abs(v) @ np.abs(other)
    )


@pytest.mark.parametrize("name", LOSSES)
@examples
@given(predictions())
def test_the_slope_is_that_of_the_value(name, case):
    loss, (y, eta, other, share) = LOSSES[name], case
    step = 1e-4
    up, down = (loss.value(y, eta + sign * step * other, share) for sign in (1, -1))
    assert_allclose((up - down) / (2 * step), loss.gradient(y, eta, share) @ other, atol=1e-8 * (1 + up))


@pytest.mark.parametrize("name", LOSSES)
@examples
@given(predictions())
def test_it_is_convex_and_no_more_curved_than_it_says(name, case):
    loss, (y, eta, other, share) = LOSSES[name], case
    weight = 1 / len(y) if share is None else share
    beyond = loss.value(y, other, share) - loss.value(y, eta, share) - loss.gradient(y, eta, share) @ (other - eta)
    most = loss.lipschitz / 2 * np.sum(weight * (other - eta) ** 2)
    noise = 1e-11 * (1 + loss.value(y, other, share) + loss.value(y, eta, share))
    assert -noise <= beyond <= most + noise
    if loss == QUADRATIC:  # the same curvature everywhere
        middle = loss.value(y, (eta + other) / 2, share)
        assert_allclose((loss.value(y, eta, share) + loss.value(y, other, share)) / 2 - middle, most / 4, atol=noise)


@pytest.mark.parametrize("name", LOSSES)
@examples
@given(predictions(), st.data())
def test_shares_repeat_rows_and_none_are_equal_ones(name, case, data):
    loss, (y, eta, v, _) = LOSSES[name], case
    n = len(y)
    assert_allclose(loss.value(y, eta), loss.value(y, eta, np.full(n, 1 / n)), rtol=1e-14)
    assert_allclose(loss.gradient(y, eta), loss.gradient(y, eta, np.full(n, 1 / n)), rtol=1e-14)
    assert_allclose(loss.conjugate(y, v), loss.conjugate(y, v, np.full(n, 1 / n)), rtol=1e-13, atol=1e-12)
    times = np.array(data.draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)))
    rows, share = np.repeat(np.arange(n), times), as_shares(times, n)
    assert_allclose(loss.value(y, eta, share), loss.value(y[rows], eta[rows]), rtol=1e-12, atol=1e-12)
    assert_allclose(
        loss.gradient(y, eta, share), times * np.array([*loss.gradient(y, eta)]) * n / times.sum(), rtol=1e-12
    )
    assert_allclose(loss.conjugate(y, v, share), loss.conjugate(y[rows], (v / times)[rows]), rtol=1e-12, atol=1e-11)


@pytest.mark.parametrize("name", LOSSES)
def test_single_precision_slopes_stay_single(name):
    y = np.array([1, 2, 3], "f4")
    assert LOSSES[name].gradient(y, y + 1).dtype == np.float32
    assert isinstance(LOSSES[name].value(y, y + 1), float)


# Shares


weights = st.lists(st.just(0.0) | st.floats(1e-290, 1e300), min_size=1, max_size=8).filter(any)


@examples
@given(weights, st.sampled_from([1e-8, 1.0, 1e8]))
def test_shares_add_up_to_one_and_keep_ratios(s, times):
    share = as_shares(s, len(s))
    assert_allclose(share.sum(), 1, rtol=1e-14)
    assert ((share > 0) <= (np.array(s) > 0)).all()
    assert_allclose(as_shares(np.array(s) * times, len(s)), share, rtol=1e-13, atol=1e-300)
    assert_allclose(share * max(s), np.array(s) * share.max(), rtol=1e-12, atol=1e-20 * max(s))


def test_shares_of_weights_whose_sum_would_overflow():
    assert_array_equal(as_shares([1.7e308, 0.0, 1.7e308], 3), [0.5, 0.0, 0.5])
    assert_array_equal(as_shares(None, 4), [0.25] * 4)


# The objective


@examples
@given(fits())
def test_the_objective_is_the_formula_in_every_form_of_the_columns(case):
    X, y, lam, penalty, settings_ = case
    s, w = settings_["sample_weight"], np.arange(1.0, X.shape[1] + 1)
    expected = certified(X, y, w, 0.0, lam, penalty, fit_intercept=False, sample_weight=s)[0]
    for form in (np.asarray, sparse.csc_array, sparse.csr_array):
        found = objective(form(X), y, w, lam, penalty, sample_weight=s)
        assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
        assert_allclose(
            objective(form(X), y + 3, w, lam, penalty, b=3.0, sample_weight=s), expected, rtol=1e-12, atol=1e-12
        )


def test_what_is_forbidden_costs_infinitely_much_at_any_lam():
    for lam in (0.0, 1.0):
        assert objective(X6, y6, [-1.0, 0.0], lam, L1(positive=True)) == np.inf


def test_a_penalty_too_large_for_a_number_is_still_nothing_at_lam_zero():
    w = np.array([1e160, 0.0])
    with np.errstate(over="ignore"):
        assert objective(np.zeros((2, 2)), np.array([1.0, 1.0]), w, 0.0, L1()) == 0.5


def test_objective_by_hand():
    # Residuals 1 and −1 of the shares ¾ and ¼: ½; the penalty is 2 (½·2 + ½·2²/2) = 4.
    X, y = np.array([[1.0], [2.0]]), np.array([3.0, 3.0])
    assert objective(X, y, [2.0], 2.0, ElasticNet(0.5), sample_weight=[3.0, 1.0]) == 4.5
    assert QUADRATIC.value(y, X @ [2.0]) == 0.5
    assert_array_equal(QUADRATIC.gradient(y, X @ [2.0]), [-0.5, 0.5])
    assert QUADRATIC.conjugate(y, np.array([-0.5, 0.5])) == 0.5


# Arrays as they come, and what is refused


@pytest.mark.parametrize("order", ["C", "F"])
def test_callers_arrays_are_read_only_in_any_order(order):
    X, y = generic()
    X, w, s = np.array(X, order=order), np.ones(5), np.ones(30)
    for array in (X, y, w, s):
        array.flags.writeable = False
    assert_allclose(objective(X, y, w, 0.3, L2(), sample_weight=s), objective(X.tolist(), y.tolist(), w, 0.3, L2()))


@pytest.mark.parametrize("what", [what for what in BAD_DATA if what != "X sparse"])
def test_data_that_cannot_be_used_are_refused_by_name(what):
    X, y, message = BAD_DATA[what]
    with pytest.raises(ValueError, match=message):
        objective(X, y, [0.0, 0.0], 0.1, L1())


@pytest.mark.parametrize("what", BAD_LAMS)
def test_a_lam_that_cannot_be_used_is_refused_by_name(what):
    with pytest.raises(ValueError, match=r"^lam "):
        objective(X6, y6, [0.0, 0.0], BAD_LAMS[what], L1())


@pytest.mark.parametrize("what", BAD_VECTORS)
def test_coefficients_that_cannot_be_used_are_refused_by_name(what):
    bad, message = BAD_VECTORS[what]
    with pytest.raises(ValueError, match=f"^w {message}"):
        objective(X6, y6, bad, 0.1, L1())


@pytest.mark.parametrize("what", BAD_WEIGHTS)
def test_weights_that_cannot_be_used_are_refused_by_name(what):
    bad, message = BAD_WEIGHTS[what]
    for call in (lambda: as_shares(bad, 6), lambda: objective(X6, y6, [0.0, 0.0], 0.1, L1(), sample_weight=bad)):
        with pytest.raises(ValueError, match=f"^sample_weight {message}"):
            call()


@pytest.mark.parametrize("b", [np.nan, np.inf, None, "1", [1.0]])
def test_an_intercept_that_is_no_number_is_refused_by_name(b):
    with pytest.raises(ValueError, match=r"^b must be one finite real number"):
        objective(X6, y6, [0.0, 0.0], 0.1, L1(), b=b)

"""Laws of the losses and of the objective: convex duality, slopes, shares, and an example by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from shrinkage.likelihood import Weighted
from shrinkage.losses import QUADRATIC, Logistic, Multinomial, Poisson, Quadratic, as_shares, objective
from shrinkage.penalties import L1, L2, ElasticNet

from tests.shrinkage.problems import BAD_DATA, BAD_LAMS, BAD_VECTORS, BAD_WEIGHTS, X6, certified, fits, generic, y6

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=150, deadline=None)
LOSSES = {"quadratic": Quadratic(), "logistic": Logistic(), "poisson": Poisson(), "multinomial": Multinomial(3)}
# Numbers in a row of eta.
WIDTH = {"multinomial": 3}


@st.composite
def predictions(draw):
    """(name, y, eta, other, share): a loss, a target, two predictions, and shares of the rows or None."""
    name, n = draw(st.sampled_from([*LOSSES])), draw(st.integers(1, 8))
    most, length = 4 if name == "poisson" else 9, n * WIDTH.get(name, 1)
    eta, other = (np.array(draw(st.lists(st.floats(-most, most), min_size=length, max_size=length))) for _ in range(2))
    labels = draw(st.lists(st.integers(0, {"logistic": 1, "multinomial": 2}.get(name, 9)), min_size=n, max_size=n))
    y = np.eye(3)[labels].ravel() if name == "multinomial" else np.array(labels, float)
    if name == "quadratic":
        y = y + draw(st.floats(-9, 9))
    s = draw(st.none() | st.lists(st.floats(0.01, 9), min_size=n, max_size=n))
    return name, y, eta, other, None if s is None else as_shares(s, n)


def rows_of(name, a):
    """One row for each share."""
    return a.reshape(-1, WIDTH.get(name, 1))


# Laws of every loss


@examples
@given(predictions())
def test_the_conjugate_meets_the_loss_at_the_slope_and_nowhere_exceeds_it(case):
    name, y, eta, other, share = case
    loss = LOSSES[name]
    v = loss.gradient(y, eta, share)
    value = loss.value(y, eta, share)
    size = 1e-12 * (1 + value + np.abs(v) @ np.abs(eta))
    assert abs(value + loss.conjugate(y, v, share) - v @ eta) <= size  # Fenchel and Young, with equality
    assert loss.value(y, other, share) + loss.conjugate(y, v, share) >= v @ other - 1e-12 * (
        1 + loss.value(y, other, share) + np.abs(v) @ np.abs(other)
    )


@examples
@given(predictions())
def test_the_slope_is_that_of_the_value(case):
    name, y, eta, other, share = case
    loss, step = LOSSES[name], 1e-5
    up, down = (loss.value(y, eta + sign * step * other, share) for sign in (1, -1))
    assert_allclose((up - down) / (2 * step), loss.gradient(y, eta, share) @ other, atol=1e-7 * (1 + up))


@examples
@given(predictions())
def test_it_is_convex_and_no_more_curved_than_it_says(case):
    name, y, eta, other, share = case
    loss, n = LOSSES[name], len(y)
    weight = 1 / n if share is None else np.repeat(share, WIDTH.get(name, 1)) / WIDTH.get(name, 1)
    beyond = loss.value(y, other, share) - loss.value(y, eta, share) - loss.gradient(y, eta, share) @ (other - eta)
    square = np.sum(weight * (other - eta) ** 2)
    most = loss.lipschitz / 2 * square if square else 0.0
    noise = 1e-11 * (1 + loss.value(y, other, share) + loss.value(y, eta, share))
    assert -noise <= beyond <= most + noise
    if loss == QUADRATIC:  # the same curvature everywhere
        middle = loss.value(y, (eta + other) / 2, share)
        assert_allclose((loss.value(y, eta, share) + loss.value(y, other, share)) / 2 - middle, most / 4, atol=noise)


@examples
@given(predictions())
def test_the_square_of_the_root_is_the_slope_of_the_slope_and_the_curvature_bounds_it(case):
    name, y, eta, other, share = case
    loss, A, step = LOSSES[name], np.column_stack([other, np.ones_like(eta)]), 1e-5
    R = loss.root(A, y, eta, share)
    H = R.T @ R
    slopes = [
        (loss.gradient(y, eta + step * a, share) - loss.gradient(y, eta - step * a, share)) / (2 * step) for a in A.T
    ]
    assert_allclose(H, A.T @ np.column_stack(slopes), atol=1e-6 * (1 + np.abs(H).max()))
    bound = A.T @ (loss.curvature(y, eta, share)[:, None] * A)
    assert np.linalg.eigvalsh(bound - H).min() >= -1e-12 * (1 + np.abs(bound).max())


@examples
@given(predictions(), st.data())
def test_shares_repeat_rows_and_none_are_equal_ones(case, data):
    name, y, eta, v, _ = case
    loss, n = LOSSES[name], len(rows_of(name, y))
    equal = np.full(n, 1 / n)
    for method in (loss.value, loss.gradient, loss.curvature, loss.conjugate):
        assert_allclose(method(y, eta), method(y, eta, equal), rtol=1e-12, atol=1e-12)
    times = np.array(data.draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)))
    rows, share = np.repeat(np.arange(n), times), as_shares(times, n)
    more = lambda a: rows_of(name, a)[rows].ravel()  # noqa: E731
    assert_allclose(loss.value(y, eta, share), loss.value(more(y), more(eta)), rtol=1e-12, atol=1e-12)
    for slope in (loss.gradient, loss.curvature):
        spread = rows_of(name, slope(y, eta)) * times[:, None] * n / times.sum()
        assert_allclose(slope(y, eta, share), spread.ravel(), rtol=1e-11, atol=1e-300)
    for at in (v, loss.gradient(y, eta, share)):
        split = (rows_of(name, at) / times[:, None])[rows].ravel()
        assert_allclose(loss.conjugate(y, at, share), loss.conjugate(more(y), split), rtol=1e-10, atol=1e-10)


@examples
@given(predictions())
def test_a_weighted_loss_is_the_loss_of_shares_and_shifted_predictions(case):
    name, y, eta, offset, share = case
    share = as_shares(None, len(rows_of(name, y))) if share is None else share
    loss, around = LOSSES[name], Weighted(LOSSES[name], share, offset)
    v = loss.gradient(y, eta + offset, share)
    assert around.value(y, eta) == loss.value(y, eta + offset, share)
    assert_array_equal(around.gradient(y, eta), v)
    assert_array_equal(around.curvature(y, eta), loss.curvature(y, eta + offset, share))
    value = around.value(y, eta)
    size = 1 + value + np.abs(v) @ (np.abs(eta) + np.abs(offset))
    assert abs(value + around.conjugate(y, v) - v @ eta) <= 1e-12 * size
    A = np.column_stack([eta, offset])
    assert_array_equal(around.root(A, y, eta), loss.root(A, y, eta + offset, share))
    assert around.K == loss.K == WIDTH.get(name, 1)
    assert_allclose(around.lipschitz, loss.lipschitz * share.max() * len(share))


@pytest.mark.parametrize("eta", [800.0, -800.0])
def test_the_likelihood_of_a_certain_class_is_no_overflow(eta):
    for loss, y, at in (
        (Logistic(), np.array([0.0, 1.0]), np.array([eta, eta])),
        (Multinomial(2), np.array([1.0, 0.0, 0.0, 1.0]), np.array([0.0, eta, 0.0, eta])),
    ):
        assert_allclose(loss.value(y, at), 400)
        v = loss.gradient(y, at)
        assert np.isfinite(v).all()
        assert_allclose(loss.value(y, at) + loss.conjugate(y, v), v @ at)


def test_two_classes_of_the_multinomial_loss_are_the_logistic_loss():
    y, eta = np.array([0.0, 1.0, 1.0]), np.array([0.3, -2.0, 5.0])
    Y, H = np.column_stack([1 - y, y]).ravel(), np.column_stack([0 * eta, eta]).ravel()
    assert_allclose(Multinomial(2).value(Y, H), Logistic().value(y, eta), rtol=1e-14)
    assert_allclose(Multinomial(2).gradient(Y, H)[1::2], Logistic().gradient(y, eta), rtol=1e-13)


def test_what_is_outside_the_domain_of_a_conjugate_is_infinite():
    y = np.array([0.0, 1.0])
    for v in ([-0.1, 0.0], [0.6, 0.0], [0.0, 0.1], [0.0, -0.6]):
        assert Logistic().conjugate(y, np.array(v)) == np.inf
    assert Poisson().conjugate(y, np.array([-0.1, 0.0])) == Poisson().conjugate(y, np.array([0.0, -0.6])) == np.inf
    for v in ([0.1, 0.1], [-0.1, 0.1], [1.5, -1.5]):
        assert Multinomial(2).conjugate(y, np.array(v)) == np.inf


def test_likelihoods_by_hand():
    y, eta = np.array([1.0]), np.log(np.array([3.0]))
    assert_allclose(Logistic().value(y, eta), np.log(4 / 3))
    assert_allclose(Logistic().gradient(y, eta), [-1 / 4])
    assert_allclose(Logistic().curvature(y, eta), [3 / 16])
    assert_allclose(Poisson().value(y, eta), 3 - np.log(3) - 1)
    assert_allclose(Poisson().gradient(y, eta), [2])
    three = np.log([2.0, 3.0, 5.0])
    assert_allclose(Multinomial(3).value(np.array([0.0, 1.0, 0.0]), three), np.log(10 / 3))
    assert_allclose(Multinomial(3).gradient(np.array([0.0, 1.0, 0.0]), three), [0.2, -0.7, 0.5])


@pytest.mark.parametrize("name", LOSSES)
def test_single_precision_slopes_stay_single(name):
    y = np.array([0, 1, 0], "f4")
    for slope in (LOSSES[name].gradient, LOSSES[name].curvature):
        assert slope(y, y + 1).dtype == np.float32
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

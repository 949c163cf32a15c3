"""Laws of Monte Carlo estimates and their errors, and values that are known exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from shrinkage.least_squares import lstsq, thin_svd
from shrinkage.ridge import closed_form
from shrinkage.risk import Repeats, bias_variance, monte_carlo, optimism
from shrinkage.simulation import coefficients, excess_risk, simulate, toeplitz

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32)


# Repeats


@examples
@given(seeds, st.integers(2, 6), st.integers(1, 6))
def test_a_repeat_is_the_same_however_many_are_run_and_can_be_run_by_itself(seed, few, more):
    short = monte_carlo(lambda rng: rng.normal(size=2), few, seed)
    long = monte_carlo(lambda rng: rng.normal(size=2), few + more, seed)
    assert_array_equal(long.values[:few], short.values)
    children = np.random.SeedSequence(seed).spawn(few)
    alone = np.array([np.random.default_rng(child).normal(size=2) for child in children])
    assert_array_equal(short.values, alone)


def test_a_seed_sequence_is_left_as_it_was_and_a_generator_moves_on():
    def run(seed):
        return monte_carlo(lambda rng: rng.normal(), 3, seed).values

    sequence = np.random.SeedSequence(5)
    assert_array_equal(run(sequence), run(sequence))
    assert_array_equal(run(sequence), run(5))
    assert sequence.n_children_spawned == 0
    wide = np.random.SeedSequence(5, pool_size=8)
    alone = [np.random.default_rng(child).normal() for child in np.random.SeedSequence(5, pool_size=8).spawn(3)]
    assert_array_equal(run(wide), alone)
    first, second = sequence.spawn(2)
    assert not np.array_equal(run(first), run(second))
    rng = np.random.default_rng(5)
    assert not np.array_equal(run(rng), run(rng))
    assert_array_equal(run(np.random.default_rng(5)), run(np.random.default_rng(5)))
    assert not np.array_equal(run(5), run(6))


def test_repeats_are_independent_of_each_other():
    values = monte_carlo(lambda rng: rng.normal(size=500), 8, 0).values
    correlations = np.corrcoef(values)[np.triu_indices(8, 1)]
    assert np.abs(correlations).max() < 4.5 / np.sqrt(500)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_mean_and_standard_error_have_the_shape_of_what_a_trial_returns(shape):
    repeats = monte_carlo(lambda rng: rng.normal(size=shape), 10, 0)
    assert repeats.values.shape == (10, *shape)
    assert np.shape(repeats.mean) == np.shape(repeats.se) == shape
    assert_allclose(repeats.mean, np.mean(repeats.values, axis=0), rtol=1e-14)
    assert_allclose(repeats.se, np.std(repeats.values, axis=0, ddof=1) / np.sqrt(10), rtol=1e-14)


def test_what_a_trial_writes_over_later_is_kept():
    buffer = np.zeros(2)

    def trial(rng):
        buffer[:] = rng.normal(size=2)
        return buffer

    values = monte_carlo(trial, 3, 0).values
    assert len(np.unique(values)) == 6


@pytest.mark.parametrize("draw", [lambda rng: rng.normal(), lambda rng: rng.exponential() - 1])
def test_the_mean_lies_within_two_standard_errors_as_often_as_it_should(draw):
    within = []
    for seed in range(1000):
        repeats = monte_carlo(lambda rng: draw(rng), 60, seed)
        within.append(abs(repeats.mean) < 2 * repeats.se)
    # Two standard errors of 60 repeats hold 95 % for normal numbers, somewhat less for skew ones.
    assert 0.92 < np.mean(within) < 0.97


def test_a_paired_difference_forgets_what_the_methods_share():
    def trial(rng):
        shared = 100 * rng.normal()
        return np.array([shared, shared + 1 + 0.1 * rng.normal()])

    both = monte_carlo(trial, 400, 0)
    difference = both[1] - both[0]
    assert_allclose(difference.values, both.values[:, 1] - both.values[:, 0], rtol=1e-13)
    assert abs(difference.mean - 1) < 4 * difference.se
    assert difference.se < 0.01 < 1 < both.se.min()


def test_runs_of_one_seed_are_paired_and_others_are_refused():
    one = monte_carlo(lambda rng: rng.normal(), 5, 3)
    other = monte_carlo(lambda rng: rng.normal() + 2, 5, 3)
    assert_allclose((other - one).values, 2, rtol=1e-12)
    for unlike in (monte_carlo(lambda rng: 0.0, 5, 4), monte_carlo(lambda rng: 0.0, 6, 3)):
        with pytest.raises(ValueError, match=r"^other drew from other random numbers"):
            one - unlike
    with pytest.raises(TypeError):
        one - 1.0


def test_quantities_are_chosen_by_any_index():
    repeats = monte_carlo(lambda rng: rng.normal(size=(2, 3)), 4, 0)
    assert_array_equal(repeats[1].values, repeats.values[:, 1])
    assert_array_equal(repeats[1, 2].values, repeats.values[:, 1, 2])
    assert_array_equal(repeats[:, 1:].values, repeats.values[:, :, 1:])
    assert len(list(repeats)) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((lambda rng: 1.0, 1, 0), "repeats must be an integer >= 2"),
        ((lambda rng: 1.0, 2.0, 0), "repeats must be an integer >= 2"),
        ((lambda rng: 1.0, 3, None), "seed must be an integer >= 0"),
        ((lambda rng: 1.0, 3, -1), "seed must be an integer >= 0"),
        ((lambda rng: np.nan, 3, 0), "trial must return finite numbers; repeat 0 returned nan"),
        ((lambda rng: None, 3, 0), "trial must return finite numbers; repeat 0 returned None"),
        ((lambda rng: 1j, 3, 0), "trial must return finite numbers"),
        (("mean", 3, 0), "trial must be a function; it is 'mean'"),
        ((iter([np.zeros(2), np.zeros(3)]), 2, 0), r"trial returned the shape \(2,\) and, in repeat 1, \(3,\)"),
    ],
)
def test_trials_that_cannot_be_summed_up_are_refused(arguments, message):
    trial = (lambda rng: next(arguments[0])) if hasattr(arguments[0], "__next__") else arguments[0]
    with pytest.raises(ValueError, match=f"^{message}"):
        monte_carlo(trial, *arguments[1:])


# Bias and variance


@st.composite
def repeated(draw, most=5):
    R, m = draw(st.integers(3, 9)), draw(st.integers(1, most))
    entries = st.lists(st.integers(-9, 9), min_size=m, max_size=m)
    return np.array([draw(entries) for _ in range(R)], float), np.array(draw(entries), float)


@examples
@given(repeated())
def test_squared_bias_and_variance_add_up_to_the_mean_squared_error(problem):
    predictions, truth = problem
    for average in (False, True):
        parts = bias_variance(predictions, truth, average=average)
        squares = np.mean((predictions - truth) ** 2, axis=0)
        assert_allclose(parts.mse.value, squares.mean() if average else squares, rtol=1e-12, atol=1e-12)
        assert_allclose(parts.bias2.value + parts.variance.value, parts.mse.value, rtol=1e-11, atol=1e-11)


@examples
@given(repeated())
def test_parts_are_unbiased_as_averages_over_pairs_of_repeats(problem):
    predictions, truth = problem
    R = len(predictions)
    error = predictions - truth
    pairs = [(r, s) for r in range(R) for s in range(R) if r != s]
    parts = bias_variance(predictions, truth)
    # Errors of two independent training sets multiply to bias² on average; half their squared difference is
    # the variance on average.
    products = np.mean([error[r] * error[s] for r, s in pairs], axis=0)
    halves = np.mean([(error[r] - error[s]) ** 2 / 2 for r, s in pairs], axis=0)
    assert_allclose(parts.bias2.value, products, rtol=1e-10, atol=1e-10)
    assert_allclose(parts.variance.value, halves, rtol=1e-10, atol=1e-10)


@examples
@given(repeated(), st.booleans())
def test_standard_errors_are_those_of_leaving_each_repeat_out(problem, average):
    predictions, truth = problem
    R = len(predictions)

    def values(rows):
        error = predictions[rows] - truth
        variance = error.var(axis=0, ddof=1)
        parts = np.array([error.mean(axis=0) ** 2 - variance / len(rows), variance, np.mean(error**2, axis=0)])
        return parts.mean(axis=1) if average else parts

    without = np.array([values(np.delete(np.arange(R), r)) for r in range(R)])
    se = np.sqrt((R - 1) ** 2 / R * without.var(axis=0, ddof=1))
    found = bias_variance(predictions, truth, average=average)
    for part, expected in zip((found.bias2, found.variance, found.mse), se, strict=True):
        assert_allclose(part.se, expected, rtol=1e-9, atol=1e-9)
    assert_allclose(found.mse.se, np.std(squared(predictions, truth, average), axis=0, ddof=1) / np.sqrt(R), atol=1e-10)


def squared(predictions, truth, average):
    squares = (predictions - truth) ** 2
    return squares.mean(axis=1) if average else squares


@examples
@given(repeated(), st.integers(-9, 9), st.integers(-3, 3))
def test_a_shift_changes_no_part_and_a_factor_squares(problem, shift, c):
    predictions, truth = problem
    parts, moved = bias_variance(predictions, truth), bias_variance(c * predictions + shift, c * truth + shift)
    for name in ("bias2", "variance", "mse"):
        for field in ("value", "se"):
            expected = c**2 * getattr(getattr(parts, name), field)
            assert_allclose(getattr(getattr(moved, name), field), expected, rtol=1e-9, atol=1e-9)


def test_a_large_offset_costs_few_digits():
    predictions = np.array([[0.0], [0.5], [1.75], [2.0]])
    parts, far = bias_variance(predictions, [1.0]), bias_variance(predictions + 1e9, [1e9 + 1.0])
    for name in ("bias2", "variance", "mse"):
        assert_allclose(getattr(far, name).value, getattr(parts, name).value, rtol=1e-6)


def within(estimate, exact, errors=4):
    """Whether an estimate is within some standard errors of what it estimates, which tell something."""
    assert np.all(estimate.se > 0)
    assert np.all(np.abs(estimate.value - exact) < errors * estimate.se)


def fixed_design(n=20, p=4, seed=0):
    data = simulate(n, toeplitz(p, 0.6), coefficients(p, 2, pattern="alternating"), sigma=1.5, seed=seed)
    return data.X, data.X @ data.w, data.sigma


def fits(X, truth, sigma, estimator, repeats, seed):
    """Fitted values and responses of every repeat at one design."""

    def trial(rng):
        y = truth + sigma * rng.standard_normal(len(truth))
        return np.stack([X @ estimator(X, y), y])

    values = monte_carlo(trial, repeats, seed).values
    return values[:, 0], values[:, 1]


def test_least_squares_has_no_bias_and_the_variance_and_optimism_of_its_columns():
    X, truth, sigma = fixed_design()
    n, p = X.shape
    fitted, y = fits(X, truth, sigma, lstsq, 2000, 1)
    parts = bias_variance(fitted, truth, average=True)
    within(parts.bias2, 0)
    within(parts.variance, sigma**2 * p / n)
    within(parts.mse, sigma**2 * p / n)
    assert parts.variance.se < 0.05 * parts.variance.value
    within(optimism(fitted, y), 2 * sigma**2 * p / n)
    # Row by row the variance is the leverage.
    leverage = np.sum(np.linalg.qr(X)[0] ** 2, axis=1)
    within(bias_variance(fitted, truth).variance, sigma**2 * leverage, errors=4.5)


@pytest.mark.parametrize("lam", [0.05, 0.5, 5.0])
def test_ridge_has_the_bias_variance_and_optimism_of_its_filter_factors(lam):
    X, truth, sigma = fixed_design()
    n = len(X)
    fitted, y = fits(X, truth, sigma, lambda X, y: closed_form(X, y, lam), 2000, 2)
    U, d, _ = thin_svd(X)
    f = d**2 / (d**2 + n * lam)
    parts = bias_variance(fitted, truth, average=True)
    within(parts.bias2, np.sum(((1 - f) * (U.T @ truth)) ** 2) / n)
    within(parts.variance, sigma**2 * np.sum(f**2) / n)
    within(optimism(fitted, y), 2 * sigma**2 * np.sum(f) / n)
    assert parts.bias2.se < 0.2 * parts.bias2.value


def test_standard_errors_of_the_parts_cover_as_often_as_they_should():
    rng = np.random.default_rng(3)
    hits = np.zeros(4)
    for _ in range(1000):
        # A point where the prediction has bias 1 and variance 4, and follows its response by 3.
        y = rng.normal(size=(80, 1))
        predictions = 1 + np.sqrt(3) * rng.normal(size=(80, 1)) + y
        parts = bias_variance(predictions, [0.0], average=True)
        found = zip((parts.bias2, parts.variance, parts.mse, optimism(predictions, y)), (1, 4, 5, 2), strict=True)
        hits += [abs(estimate.value - exact) < 2 * estimate.se for estimate, exact in found]
    assert np.all((hits > 910) & (hits < 970))


def test_optimism_is_the_gap_between_new_and_training_responses():
    X, truth, sigma = fixed_design(seed=4)

    def trial(rng):
        y, new = truth + sigma * rng.standard_normal((2, len(truth)))
        fitted = X @ closed_form(X, y, 0.3)
        return np.mean((new - fitted) ** 2) - np.mean((y - fitted) ** 2)

    gap = monte_carlo(trial, 4000, 0)
    estimate = optimism(*fits(X, truth, sigma, lambda X, y: closed_form(X, y, 0.3), 4000, 1))
    assert abs(gap.mean - estimate.value) < 4 * np.hypot(gap.se, estimate.se)


@examples
@given(repeated(), st.integers(-9, 9))
def test_optimism_is_twice_the_mean_sample_covariance_and_blind_to_shifts(problem, shift):
    fitted, _ = problem
    y = np.cos(3 * fitted) + fitted
    n = fitted.shape[1]
    expected = 2 / n * sum(np.cov(fitted[:, i], y[:, i])[0, 1] for i in range(n))
    assert_allclose(optimism(fitted, y).value, expected, rtol=1e-10, atol=1e-10)
    assert_allclose(optimism(fitted + shift, y - shift).value, expected, rtol=1e-9, atol=1e-9)
    assert_allclose(optimism(np.ones_like(y), y).value, 0, atol=1e-14)
    assert_allclose(optimism(y, fitted).se, optimism(fitted, y).se, rtol=1e-9, atol=1e-12)


def test_excess_risk_of_least_squares_is_that_of_the_inverse_wishart_distribution():
    n, p, sigma = 20, 3, 2.0

    def trial(rng):
        data = simulate(n, toeplitz(p, 0.8), np.ones(p), sigma=sigma, seed=rng)
        return excess_risk(data, lstsq(data.X, data.y))

    risk = monte_carlo(trial, 2000, 0)
    # E trace(Σ (XᵀX)⁻¹) = p / (n − p − 1) for normal rows, whatever Σ is.
    assert abs(risk.mean - sigma**2 * p / (n - p - 1)) < 4 * risk.se


def test_a_difference_of_methods_is_told_apart_by_common_random_numbers():
    def trial(rng):
        data = simulate(30, toeplitz(5, 0.9), coefficients(5, 5), snr=1.0, seed=rng)
        return [excess_risk(data, closed_form(data.X, data.y, lam)) for lam in (1e-9, 0.1)]

    risks = monte_carlo(trial, 200, 0)
    gain = risks[0] - risks[1]
    assert gain.mean > 4 * gain.se
    assert gain.se < np.hypot(*risks.se)


def test_parts_by_hand():
    parts = bias_variance([[1, 0], [3, 0], [8, 3]], [1, 1])
    # Means 4 and 1, sums of squared deviations 26 and 6.
    assert_allclose(parts.variance.value, [13, 3], rtol=1e-15)
    assert_allclose(parts.bias2.value, [9 - 13 / 3, 0 - 1], rtol=1e-14)
    assert_allclose(parts.mse.value, [53 / 3, 2], rtol=1e-15)
    averaged = bias_variance([[1, 0], [3, 0], [8, 3]], [1, 1], average=True)
    assert_allclose(averaged.variance.value, 8, rtol=1e-15)
    assert isinstance(averaged.mse.value, float)
    # Without each repeat in turn the variances are 12.5, 24.5, 2 and 4.5, 4.5, 0.
    assert_allclose(averaged.variance.se, np.sqrt(2 * np.var([8.5, 14.5, 1])), rtol=1e-13)


def test_arrays_may_be_lists_of_integers_read_only_or_of_single_precision():
    predictions, truth = np.array([[1.0, 0], [3, 0], [8, 3]]), np.array([1.0, 1])
    predictions.flags.writeable = truth.flags.writeable = False
    expected = bias_variance(predictions, truth).mse.se
    for convert in (np.ndarray.tolist, np.int64, np.float32, np.asfortranarray):
        assert_allclose(bias_variance(convert(predictions), convert(truth)).mse.se, expected, rtol=1e-12)
        assert_allclose(optimism(convert(predictions), convert(predictions)).value, 16, rtol=1e-12)


def test_single_precision_is_summed_up_in_double():
    predictions = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    single, double = (bias_variance(values, [0, 0, 0]) for values in (predictions, predictions.astype(float)))
    assert_array_equal(single.variance.value, double.variance.value)
    assert_array_equal(single.bias2.se, double.bias2.se)


R3 = np.ones((3, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bias_variance(R3[:2], [1, 1]), "predictions must have one row a repeat, and three at least"),
        (lambda: bias_variance(R3[0], [1, 1]), "predictions must have two dimensions"),
        (lambda: bias_variance(R3 * np.nan, [1, 1]), "predictions holds NaN"),
        (lambda: bias_variance(R3, [1]), "truth must have one number a point; predictions are of 2 and it has 1"),
        (lambda: bias_variance(R3, 1.0), "truth must be one-dimensional"),
        (lambda: optimism(R3, R3[:, :1]), r"responses must have the shape of fitted, \(3, 2\); theirs is \(3, 1\)"),
        (lambda: optimism(R3[:2], R3[:2]), "fitted must have one row a repeat"),
        (lambda: optimism(R3, R3 * 1j), "responses is complex"),
    ],
)
def test_repeats_that_cannot_be_used_are_refused(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_repeats_hold_what_they_are_given():
    assert_array_equal(Repeats(np.array([1.0, 3.0]), ()).se, 1.0)

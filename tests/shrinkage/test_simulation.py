"""Laws of simulated designs, coefficients and responses, whose truth is known, and of the risk under it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.linalg import toeplitz as scipy_toeplitz
from shrinkage.simulation import (
    as_covariance,
    blocks,
    coefficients,
    excess_risk,
    grouped,
    ill_conditioned,
    independent,
    simulate,
    toeplitz,
)

from tests.shrinkage.problems import BAD_VECTORS

pytestmark = pytest.mark.filterwarnings("error")
examples = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32)


# Covariances


@st.composite
def covariances(draw, most=7):
    """A covariance matrix of every kind."""
    p = draw(st.integers(1, most))
    kind = draw(st.sampled_from(["independent", "toeplitz", "blocks", "grouped", "ill-conditioned"]))
    size = draw(st.integers(1, p))
    if kind == "toeplitz":
        return toeplitz(p, draw(st.floats(-0.99, 0.99)))
    if kind == "blocks":
        return blocks(p, size, draw(st.floats(-0.99 / max(size - 1, 1), 0.99)))
    if kind == "grouped":
        return grouped(p, draw(st.integers(1, p // size)), size, draw(st.floats(0.01, 10)))
    if kind == "ill-conditioned":
        return ill_conditioned(p, 10.0 ** draw(st.floats(0, 8)) if p > 1 else 1, draw(seeds))
    return independent(p)


@examples
@given(covariances())
def test_every_covariance_is_symmetric_and_positive_definite(covariance):
    assert_array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance).min() > 0
    checked, L = as_covariance(covariance)
    assert_array_equal(L, np.tril(L))
    assert_allclose(L @ L.T, covariance, atol=1e-14 * covariance.max())
    assert_array_equal(checked, covariance)


@examples
@given(st.integers(1, 9), st.floats(-0.99, 0.99))
def test_toeplitz_correlations_are_powers(p, rho):
    assert_allclose(toeplitz(p, rho), scipy_toeplitz(rho ** np.arange(p)), rtol=1e-14)


@examples
@given(st.integers(2, 9), st.floats(-0.99, 0.99))
def test_toeplitz_is_an_autoregression_of_order_one(p, rho):
    # What a column adds to its predecessor is independent of all before it: the precision is tridiagonal.
    precision = np.linalg.inv(toeplitz(p, rho))
    scale = precision.max()
    assert np.abs(np.triu(precision, 2)).max(initial=0) < 1e-12 * scale
    assert_allclose(np.diag(precision, 1), -rho / (1 - rho**2), atol=1e-12 * scale)


@examples
@given(st.integers(1, 9), st.data())
def test_columns_are_correlated_within_their_block_alone(p, data):
    size = data.draw(st.integers(1, p))
    rho = data.draw(st.floats(-0.99 / max(size - 1, 1), 0.99))
    covariance = blocks(p, size, rho)
    for j in range(p):
        for k in range(p):
            expected = 1 if j == k else rho if j // size == k // size else 0
            assert_allclose(covariance[j, k], expected, rtol=1e-14)


@examples
@given(st.integers(1, 9), st.floats(0.01, 10), st.data())
def test_groups_share_a_factor_and_nothing_else(p, noise, data):
    size = data.draw(st.integers(1, p))
    groups = data.draw(st.integers(1, p // size))
    # The columns are a linear map of independent factors and noises.
    membership = np.repeat(np.eye(groups), size, axis=0)
    loads = np.vstack([membership, np.zeros((p - groups * size, groups))])
    own = np.where(np.arange(p) < groups * size, noise, 1)
    assert_allclose(grouped(p, groups, size, noise), loads @ loads.T + np.diag(own), rtol=1e-15)


@examples
@given(st.integers(2, 9), st.floats(0, 8), seeds)
def test_the_condition_number_is_the_one_asked_for(p, exponent, seed):
    eigenvalues = np.linalg.eigvalsh(ill_conditioned(p, 10.0**exponent, seed))
    assert_allclose(eigenvalues[-1] / eigenvalues[0], 10.0**exponent, rtol=1e-14 * 10.0**exponent + 1e-12)
    assert_allclose(eigenvalues.mean(), 1, rtol=1e-12)
    ratios = eigenvalues[1:] / eigenvalues[:-1]
    assert_allclose(ratios, 10.0 ** (exponent / (p - 1)), rtol=1e-14 * 10.0**exponent + 1e-12)


def test_directions_of_an_ill_conditioned_design_are_uniform():
    rng = np.random.default_rng(0)
    # Of a uniform direction in three dimensions a squared coordinate has the mean 1/3 and the variance 4/45, a
    # product of two the mean 0 and the variance 1/15.
    drawn = np.array([ill_conditioned(3, 1e6, rng) for _ in range(2000)])
    leading = np.linalg.eigh(drawn)[1][:, :, -1]
    assert_allclose((leading**2).mean(axis=0), 1 / 3, atol=4 * np.sqrt(4 / 45 / 2000))
    cross = leading[:, [0, 0, 1]] * leading[:, [1, 2, 2]]
    assert_allclose(cross.mean(axis=0), 0, atol=4 * np.sqrt(1 / 15 / 2000))


def test_special_cases_are_independent_columns():
    for covariance in (toeplitz(4, 0), blocks(4, 1, 0.5), blocks(4, 4, 0), ill_conditioned(4, 1, 0).round(14)):
        assert_array_equal(covariance, np.eye(4))
    for covariance in (independent(1), toeplitz(1, 0.7), blocks(1, 1, 0.7), ill_conditioned(1, 1, 3)):
        assert_allclose(covariance, [[1.0]], rtol=1e-15)
    assert_array_equal(blocks(4, 4, 0.5), np.full((4, 4), 0.5) + 0.5 * np.eye(4))
    assert_array_equal(grouped(1, 1, 1, 0.5), [[1.5]])


@pytest.mark.parametrize(
    "covariance",
    [independent(3), toeplitz(3, -0.9), blocks(5, 2, 0.8), grouped(5, 2, 2, 0.1), ill_conditioned(4, 100, 1)],
)
def test_covariance_of_a_sample_converges_to_it(covariance):
    p, n = len(covariance), 20_000
    mean = np.arange(p) - 1.0
    data = simulate(n, covariance, np.zeros(p), sigma=1, mean=mean, seed=7)
    # For normal rows the variance of an entry of the sample covariance is (s_jj s_kk + s_jk²) / n.
    se = np.sqrt((np.outer(np.diag(covariance), np.diag(covariance)) + covariance**2) / n)
    assert np.all(np.abs(np.cov(data.X.T, ddof=1) - covariance) < 4.5 * se)
    assert np.all(np.abs(data.X.mean(axis=0) - mean) < 4.5 * np.sqrt(np.diag(covariance) / n))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: independent(0), "p must be an integer >= 1"),
        (lambda: toeplitz(2.0, 0.5), "p must be an integer"),
        (lambda: toeplitz(3, 1), "rho = 1 leaves columns dependent"),
        (lambda: toeplitz(3, -1), "rho = -1 leaves columns dependent"),
        (lambda: toeplitz(3, 1 - 1e-16), "rho = 1 leaves"),
        (lambda: toeplitz(3, 1.5), "rho = 1.5 leaves"),
        (lambda: toeplitz(3, np.nan), "rho must be one finite real number"),
        (lambda: blocks(3, 4, 0.5), "size must be at most the number of columns, 3; it is 4"),
        (lambda: blocks(3, 0, 0.5), "size must be an integer >= 1"),
        (lambda: blocks(3, 3, -0.5), "rho = -0.5 leaves columns of a block dependent; it must be above -0.5 and"),
        (lambda: blocks(4, 4, -1 / 3), r"rho = -0.333\d* leaves"),
        (lambda: blocks(3, 3, 1), "rho = 1 leaves"),
        (lambda: blocks(3, 1, -1), "rho = -1 leaves"),
        (lambda: grouped(5, 2, 3), "groups of 3 columns need 6 columns; p is 5"),
        (lambda: grouped(5, 0, 3), "groups must be an integer >= 1"),
        (lambda: grouped(5, 1, 3, 0), "noise = 0 leaves"),
        (lambda: grouped(5, 1, 3, -5), "noise = -5 leaves"),
        (lambda: grouped(5, 1, 3, 1e-17), "noise = 1e-17 leaves"),
        (lambda: ill_conditioned(3, 0.5, 0), "condition must be >= 1"),
        (lambda: ill_conditioned(1, 2, 0), "condition must be >= 1, and 1 for one column"),
        (lambda: ill_conditioned(3, 1e16, 0), "condition = 1e.16 cannot be told from infinity"),
        (lambda: ill_conditioned(3, 10, None), "seed must be"),
        (lambda: as_covariance([[1, 2], [2, 1]]), "covariance is not positive definite"),
        (lambda: as_covariance([[1, 1], [1, 1]]), "covariance is not positive definite"),
        (lambda: as_covariance([[1, 0.5], [0.4, 1]]), "covariance must be symmetric"),
        (lambda: as_covariance([[1, 0, 0], [0, 1, 0]]), r"covariance must be square.*\(2, 3\)"),
        (lambda: as_covariance([1, 2]), "covariance must have two dimensions"),
        (lambda: as_covariance([[1, 2], [2]]), "covariance is not a rectangular array"),
        (lambda: as_covariance([[1, np.nan], [np.nan, 1]]), "covariance holds NaN"),
    ],
)
def test_what_is_no_covariance_is_refused(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


def test_correlations_short_of_their_bounds_are_allowed():
    near = blocks(5, 5, -0.2499), blocks(2, 2, -0.9999), toeplitz(50, -0.999), grouped(9, 3, 3, 1e-6)
    for covariance in (*near, ill_conditioned(300, 1e12, 0)):
        as_covariance(covariance)


# Coefficients


@examples
@given(st.integers(1, 40), st.data(), seeds)
def test_the_support_is_of_the_size_and_in_the_place_asked_for(p, data, seed):
    k = data.draw(st.integers(0, p))
    for pattern in ("equal", "decaying", "alternating"):
        first = coefficients(p, k, pattern=pattern, size=2.5)
        values = first[:k]
        assert np.all(first[k:] == 0)
        assert np.all(values != 0)
        for place in ("spread", "random"):
            w = coefficients(p, k, pattern=pattern, place=place, size=2.5, seed=seed)
            assert w.shape == (p,)
            assert_array_equal(w[w != 0], values)
    support = np.flatnonzero(coefficients(p, k, place="spread"))
    # Distances between neighbours, and to the end, differ by one at most.
    gaps = np.diff(np.append(support, p))
    assert gaps.max(initial=0) - gaps.min(initial=p) <= 1
    assert k == 0 or support[0] == 0


def test_patterns_by_hand():
    assert_array_equal(coefficients(5, 3), [1, 1, 1, 0, 0])
    assert_array_equal(coefficients(5, 3, pattern="decaying", size=6), [6, 3, 2, 0, 0])
    assert_array_equal(coefficients(5, 3, pattern="alternating", size=-2), [-2, 2, -2, 0, 0])
    assert_array_equal(coefficients(7, 3, place="spread"), [1, 0, 1, 0, 1, 0, 0])
    assert_array_equal(coefficients(3, 0), [0, 0, 0])
    assert_array_equal(coefficients(1, 1, place="spread"), [1])


def test_a_random_support_is_each_column_equally_often():
    rng = np.random.default_rng(0)
    times = sum(coefficients(6, 2, place="random", seed=rng) for _ in range(3000))
    assert times.sum() == 6000
    assert_allclose(times / 3000, 1 / 3, atol=4 * np.sqrt(2 / 9 / 3000))
    once, again = (coefficients(50, 9, place="random", seed=4) for _ in range(2))
    assert_array_equal(once, again)


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        ((0, 0), {}, "p must be an integer >= 1"),
        ((3, -1), {}, "k must be an integer >= 0"),
        ((3, 4), {}, "k must be at most the number of columns, 3; it is 4"),
        ((3, 1.0), {}, "k must be an integer"),
        ((3, 1), {"pattern": "equals"}, "pattern must be one of equal, decaying, alternating; it is 'equals'"),
        ((3, 1), {"place": "last"}, "place must be one of first, spread, random; it is 'last'"),
        ((3, 1), {"size": 0}, "size = 0 leaves a coefficient of the support at zero"),
        ((3, 3), {"size": 5e-324, "pattern": "decaying"}, "size = .* leaves a coefficient"),
        ((3, 1), {"size": np.inf}, "size must be one finite real number"),
        ((3, 1), {"place": "random"}, "seed is needed where place is random"),
        ((3, 1), {"place": "random", "seed": -1}, "seed must be an integer >= 0; it is -1; a SeedSequence or a Gen"),
    ],
)
def test_coefficients_that_cannot_be_made_are_refused(arguments, keywords, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        coefficients(*arguments, **keywords)


# Samples


@examples
@given(covariances(), st.floats(-3, 3), st.integers(1, 5), seeds)
def test_the_signal_to_noise_ratio_is_met_exactly(covariance, exponent, n, seed):
    w = np.random.default_rng(seed).normal(size=len(covariance))
    data = simulate(n, covariance, w, snr=10.0**exponent, seed=seed)
    assert data.X.shape == (n, len(w))
    assert data.y.shape == (n,)
    signal = sum(w[j] * w[k] * covariance[j, k] for j in range(len(w)) for k in range(len(w)))
    assert_allclose(data.signal, signal, rtol=1e-9)
    assert_allclose(data.signal / data.sigma**2, 10.0**exponent, rtol=1e-12)


def test_signal_and_noise_of_a_sample_are_those_of_the_population():
    n = 40_000
    data = simulate(n, toeplitz(4, 0.6), coefficients(4, 3, pattern="alternating"), snr=0.5, b=3.0, seed=2)
    signal = data.X @ data.w
    noise = data.y - data.b - signal
    # The standard error of the variance of normal numbers is √(2/n) of it.
    assert abs(signal.var() / data.signal - 1) < 4 * np.sqrt(2 / n)
    assert abs(noise.var() / data.sigma**2 - 1) < 4 * np.sqrt(2 / n)
    assert abs(np.corrcoef(signal, noise)[0, 1]) < 4 / np.sqrt(n)
    assert abs(noise.mean()) < 4 * data.sigma / np.sqrt(n)


def test_a_seed_repeats_a_sample_and_noise_differs_in_size_alone():
    arguments = 20, toeplitz(3, 0.5), [1.0, 0.0, -1.0]
    data, same = simulate(*arguments, sigma=1.0, seed=5), simulate(*arguments, sigma=1.0, seed=5)
    assert_array_equal(data.X, same.X)
    assert_array_equal(data.y, same.y)
    assert not np.array_equal(data.y, simulate(*arguments, sigma=1.0, seed=6).y)
    louder = simulate(*arguments, sigma=4.0, seed=5)
    assert_array_equal(louder.X, data.X)
    assert_allclose(louder.y - louder.X @ louder.w, 4 * (data.y - data.X @ data.w), rtol=1e-9)
    rng = np.random.default_rng(5)
    assert not np.array_equal(*(simulate(*arguments, sigma=1.0, seed=rng).y for _ in range(2)))


def test_without_noise_the_response_is_linear():
    data = simulate(10, blocks(4, 2, -0.5), [1, -2, 0, 0], sigma=0, b=-2, mean=[5, 0, 0, 1], seed=1)
    assert_array_equal(data.y, -2 + data.X @ data.w)
    assert_array_equal(data.support, [0, 1])
    assert data.sigma == 0


def test_binomial_responses_have_the_probability_of_their_logit():
    data = simulate(50_000, independent(1), [2.0], response="binomial", b=-1.0, seed=3)
    assert set(data.y.tolist()) == {0.0, 1.0}
    assert data.sigma is None
    probability = 1 / (1 + np.exp(1 - 2 * data.X[:, 0]))
    for low in (-3, -1, 0, 0.5, 1):
        within = (data.X[:, 0] > low) & (data.X[:, 0] < low + 0.5)
        excess = np.sum(data.y[within] - probability[within])
        assert abs(excess) < 4 * np.sqrt(np.sum(probability[within] * (1 - probability[within])))


def test_a_certain_class_is_no_overflow():
    data = simulate(100, independent(1), [1e6], response="binomial", seed=0)
    assert_array_equal(data.y[np.abs(data.X[:, 0]) > 1e-3], (data.X[:, 0] > 0)[np.abs(data.X[:, 0]) > 1e-3])


def test_poisson_responses_have_their_mean_and_variance():
    data = simulate(50_000, independent(1), [0.5], response="poisson", b=1.0, seed=4)
    mean = np.exp(1 + 0.5 * data.X[:, 0])
    assert np.all(data.y == np.floor(data.y))
    assert data.y.min() == 0
    assert abs(np.sum(data.y - mean)) < 4 * np.sqrt(mean.sum())
    # (y − mean)² has the mean `mean` and the variance mean + 2 mean².
    assert abs(np.sum((data.y - mean) ** 2 - mean)) < 4 * np.sqrt(np.sum(mean + 2 * mean**2))


def test_one_row_and_one_column_are_a_sample():
    data = simulate(1, [[4.0]], [0.5], snr=1, seed=0)
    assert data.X.shape == (1, 1)
    assert data.sigma == data.signal == 1
    none = simulate(1, [[4.0]], [0.0], sigma=1, seed=0)
    assert none.support.size == 0
    assert none.signal == 0


def test_arrays_of_a_sample_are_read_only_and_the_callers_are_not():
    covariance, w, mean = toeplitz(3, 0.5), np.array([1, 0, 2]), np.zeros(3, np.float32)
    data = simulate(5, covariance, w, sigma=1, mean=mean, seed=0)
    for array in (data.X, data.y, data.w, data.covariance, data.mean):
        assert array.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    covariance[0, 0], w[0], mean[0] = 7, 7, 7
    assert data.covariance[0, 0] == data.w[0] == 1
    assert data.mean[0] == 0
    double = np.array([1.0, 0, 2])
    simulate(5, toeplitz(3, 0.5), double, sigma=1, mean=double, seed=0)
    assert double.flags.writeable


I2 = np.eye(2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n": 0}, "n must be an integer >= 1"),
        ({"covariance": [[1, 2], [2, 1]]}, "covariance is not positive definite"),
        ({"w": [1.0]}, "w must have one number a column"),
        ({"mean": [1.0]}, "mean must have one number a column; there are 2 and it has 1"),
        ({"mean": [[1.0, 2.0]]}, "mean must be one-dimensional"),
        ({"b": np.nan}, "b must be one finite real number"),
        ({"seed": None}, "seed must be"),
        ({"response": "normal"}, "response must be one of gaussian, binomial, poisson; it is 'normal'"),
        ({"sigma": None}, "snr or sigma, one of them"),
        ({"snr": 1.0}, "snr or sigma, one of them"),
        ({"response": "binomial"}, "snr or sigma, one of them"),
        ({"response": "poisson", "sigma": None, "snr": 1.0}, "snr or sigma, one of them"),
        ({"sigma": -1.0}, "sigma must be a finite number >= 0"),
        ({"sigma": None, "snr": 0}, "snr must be > 0"),
        ({"sigma": None, "snr": -1}, "snr must be > 0"),
        ({"sigma": None, "snr": np.inf}, "snr must be one finite real number"),
        ({"sigma": None, "snr": 1, "w": [0, 0]}, "snr must be > 0, and needs a signal; .* variance of x·w 0"),
        ({"response": "poisson", "sigma": None, "b": 800.0}, r"w and b make a mean count of exp\(80"),
        ({"response": "poisson", "sigma": None, "w": [500, 0], "n": 99}, "w and b make a mean count of exp"),
    ],
)
def test_samples_that_cannot_be_drawn_are_refused(change, message):
    given = {"n": 9, "covariance": I2, "w": [1.0, 0.0], "sigma": 1.0, "seed": 0}
    with pytest.raises(ValueError, match=f"^{message}"):
        simulate(**given | change)


@pytest.mark.parametrize("what", BAD_VECTORS)
def test_coefficients_that_cannot_be_used_are_refused_by_name(what):
    bad, message = BAD_VECTORS[what]
    with pytest.raises(ValueError, match=f"^w {message}"):
        simulate(9, I2, bad, sigma=1.0, seed=0)
    with pytest.raises(ValueError, match=f"^w {message}"):
        excess_risk(simulate(9, I2, [1.0, 0.0], sigma=1.0, seed=0), bad)


# Risk


@examples
@given(covariances(), seeds)
def test_excess_risk_is_the_mean_squared_difference_of_the_predictions(covariance, seed):
    p = len(covariance)
    w, mean, w_hat = np.random.default_rng(seed).normal(size=(3, p))
    data = simulate(1, covariance, w, sigma=0.5, b=1.5, mean=mean, seed=seed)
    # E (x·d + c)² with E xxᵀ = Σ + mean meanᵀ, multiplied out.
    d, c = w_hat - w, 0.25 - 1.5
    second = covariance + np.outer(mean, mean)
    assert_allclose(excess_risk(data, w_hat, 0.25), d @ second @ d + 2 * c * mean @ d + c**2, rtol=1e-9, atol=1e-10)
    assert excess_risk(data, w, 1.5) == 0
    assert excess_risk(data, w_hat, 1.5) >= 0


def test_excess_risk_is_what_a_large_sample_shows():
    data = simulate(100_000, toeplitz(3, 0.7), [1.0, 0.0, -1.0], sigma=1.0, b=2.0, mean=[3.0, 0.0, 1.0], seed=0)
    w_hat, b_hat = np.array([0.5, 0.2, -1.5]), 2.5
    squares = (data.y - b_hat - data.X @ w_hat) ** 2 - (data.y - data.b - data.X @ data.w) ** 2
    assert abs(squares.mean() - excess_risk(data, w_hat, b_hat)) < 4 * squares.std() / np.sqrt(100_000)


def test_excess_risk_by_hand():
    data = simulate(1, [[2.0, 1.0], [1.0, 3.0]], [1.0, 1.0], sigma=1.0, seed=0)
    # d = (1, -1): 2 - 2 + 3, and an intercept that is off by two.
    assert excess_risk(data, [2, 0]) == 3
    assert excess_risk(data, [2, 0], 2) == 7
    with pytest.raises(ValueError, match=r"^b must be one finite real number"):
        excess_risk(data, [2, 0], "2")
    with pytest.raises(ValueError, match=r"^w must have one number a column"):
        excess_risk(data, [2])

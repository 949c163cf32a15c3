"""Expectations by simulation, each with its standard error: risk, bias, variance, optimism.

A trial is run many times on random numbers of its own.  What is estimated from R repeats comes with the standard
error of the estimate, so that no difference is believed that the repeats cannot tell from zero.
"""

from dataclasses import dataclass

import numpy as np

from shrinkage.inputs import as_count, as_design, as_function, as_vector


@dataclass(frozen=True, eq=False)
class Repeats:
    """What a trial returned, repeat by repeat.

    ``repeats[i]`` is one of its quantities, and ``repeats[0] - repeats[1]`` their difference *paired*: two
    methods that saw the same random numbers are compared within each repeat, and what these have in common
    cancels; repeats of other random numbers are refused.  For anything else there is `values`.

    Parameters
    ----------
    values : ndarray of shape (repeats, ...)
    stream : tuple
        Which random numbers the repeats drew from.
    """

    values: np.ndarray
    stream: tuple

    @property
    def mean(self):
        """Mean over the repeats, of the shape of what one trial returns."""
        return self.values.mean(axis=0)

    @property
    def se(self):
        """Standard error of `mean`."""
        return self.values.std(axis=0, ddof=1) / len(self.values) ** 0.5

    def __getitem__(self, quantity):
        quantity = quantity if isinstance(quantity, tuple) else (quantity,)
        return Repeats(self.values[:, *quantity], self.stream)

    def __sub__(self, other):
        if not isinstance(other, Repeats):
            return NotImplemented
        if self.stream != other.stream:
            raise ValueError("other drew from other random numbers; run both with the same seed and repeats")
        return Repeats(self.values - other.values, self.stream)


def monte_carlo(trial, repeats, seed):
    """Repeat a trial with random numbers of its own each time.

    Repeat k draws from the k-th child of the seed, ``np.random.SeedSequence(seed).spawn(repeats)[k]``, so it is
    the same however many repeats are run, and can be run again by itself.

    Parameters
    ----------
    trial : callable
        ``trial(rng)`` returns a number or an array, of the same shape each time.  To compare methods, let one
        trial run them all on the same data.
    repeats : int
        How often, >= 2: one repeat has no standard error.
    seed : int, SeedSequence or Generator
        An int or a SeedSequence gives the same repeats at every call, a Generator others.

    Returns
    -------
    Repeats

    Raises
    ------
    ValueError
        If an argument cannot be used, or if `trial` returns what is not finite or of another shape than before.

    References
    ----------
    Owen (2013), Monte Carlo theory, methods and examples, chapters 2 and 8 (common random numbers).

    Examples
    --------
    >>> total = monte_carlo(lambda rng: rng.integers(1, 7, size=2).sum(), repeats=1000, seed=0)
    >>> bool(abs(total.mean - 7) < 3 * total.se)
    True
    """
    repeats = as_count(repeats, "repeats", 2)
    if isinstance(seed, np.random.Generator):
        seed = np.random.SeedSequence(seed.integers(2**32, size=4).tolist())
    elif not isinstance(seed, np.random.SeedSequence):
        seed = np.random.SeedSequence(as_count(seed, "seed", 0))
    values = []
    for k in range(repeats):
        # The seed's own spawn would count its children on, and the next call would differ.
        child = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, k), pool_size=seed.pool_size)
        value = np.asarray(as_function(trial, "trial")(np.random.default_rng(child)))
        if value.dtype.kind not in "biuf" or not np.isfinite(value).all():
            raise ValueError(f"trial must return finite numbers; repeat {k} returned {value!s:.60}")
        if k and value.shape != values[0].shape:
            raise ValueError(f"trial returned the shape {values[0].shape} and, in repeat {k}, {value.shape}")
        values.append(value.astype(np.float64))
    return Repeats(np.stack(values), (repr(seed.entropy), seed.spawn_key, repeats))


@dataclass(frozen=True, eq=False)
class Estimate:
    """An estimate and its standard error.

    Parameters
    ----------
    value : float or ndarray
    se : float or ndarray of the same shape
    """

    value: object
    se: object


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The parts of a mean squared error; bias² + variance = mse, for the estimates themselves too.

    Parameters
    ----------
    bias2 : Estimate
        Squared bias; the estimate may be below zero where the bias is too small to be told from none.
    variance : Estimate
    mse : Estimate
        Mean squared error about the truth, without the noise of a new response.
    """

    bias2: Estimate
    variance: Estimate
    mse: Estimate


def bias_variance(predictions, truth, *, average=False):
    """Split the mean squared error of an estimator into squared bias and variance.

    With the mean m and the sample variance V (over R − 1) of the R predictions at a point with the truth f,

        bias² = (m − f)² − V/R,    variance = V,    mse = the mean of (prediction − f)².

    The noise of m alone would make (m − f)² too large by V/R on average; without it both parts are unbiased,
    and they add up to the mean squared error exactly.

    Parameters
    ----------
    predictions : array_like of shape (R, m)
        Row r is what the estimator of the r-th independent training set predicts at m points; R >= 3.
    truth : array_like of shape (m,)
        Expected response at the points.
    average : bool
        Whether to average over the points.  The standard errors then allow for what the points share: one
        training set predicts them all.

    Returns
    -------
    Decomposition
        Of arrays of shape (m,), or of numbers if averaged.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    Standard errors are the jackknife's over the repeats: √((R − 1)/R Σ_r (e_r − ē)²) with e_r the estimate
    without repeat r.

    References
    ----------
    Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, section 7.3; Efron & Stein (1981),
    Annals of Statistics 9(3), 586-596.

    Examples
    --------
    >>> parts = bias_variance([[1.], [3.], [5.]], truth=[1.])
    >>> parts.bias2.value, parts.variance.value, parts.mse.value.round(12)
    (array([2.66666667]), array([4.]), array([6.66666667]))
    """
    predictions, truth = _as_repeats(predictions, "predictions"), as_vector(truth, "truth").astype(np.float64)
    R, m = predictions.shape
    if len(truth) != m:
        raise ValueError(f"truth must have one number a point; predictions are of {m} and it has {len(truth)}")
    deviation = predictions - predictions.mean(axis=0)
    bias = predictions.mean(axis=0) - truth
    variance, variance_without = _covariance(deviation, deviation)
    bias2, bias2_without = bias**2 - variance / R, (bias - deviation / (R - 1)) ** 2 - variance_without / (R - 1)
    squares = (predictions - truth) ** 2
    mse = squares.mean(axis=0)
    mse_without = (R * mse - squares) / (R - 1)
    parts = (bias2, bias2_without), (variance, variance_without), (mse, mse_without)
    return Decomposition(*(_estimate(*part, average) for part in parts))


def optimism(fitted, responses):
    """How much lower the error on the training rows is than on new responses at the same rows.

    On average over responses it is ``2/n Σ_i cov(fitted_i, y_i)``: the more a fit follows its own responses, the
    more its training error flatters it.

    Parameters
    ----------
    fitted : array_like of shape (R, n)
        Row r is what the fit to the r-th responses predicts at the n training rows; R >= 3.
    responses : array_like of shape (R, n)
        Independent responses, all at the same design matrix.

    Returns
    -------
    Estimate
        In response units squared; of numbers.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Efron (2004), J. Am. Stat. Assoc. 99(467), 619-632.

    Examples
    --------
    A fit that repeats its responses is flattered by twice their variance:

    >>> float(optimism([[1.], [3.], [5.]], [[1.], [3.], [5.]]).value)
    8.0
    """
    fitted, responses = _as_repeats(fitted, "fitted"), _as_repeats(responses, "responses")
    if fitted.shape != responses.shape:
        raise ValueError(f"responses must have the shape of fitted, {fitted.shape}; theirs is {responses.shape}")
    covariance, without = _covariance(fitted - fitted.mean(axis=0), responses - responses.mean(axis=0))
    return _estimate(2 * covariance, 2 * without, average=True)


def _covariance(a, b):
    """Sample covariance over the rows of what is centred, and its value without each of the rows."""
    R, products = len(a), a * b
    total = products.sum(axis=0)
    return total / (R - 1), (total - R / (R - 1) * products) / (R - 2)


def _estimate(value, without, average):
    """The estimate with its jackknife standard error."""
    if average:
        value, without = value.mean(), without.mean(axis=1)
    R = len(without)
    return Estimate(value, np.sqrt((R - 1) / R * np.sum((without - without.mean(axis=0)) ** 2, axis=0)))


def _as_repeats(values, name):
    values = as_design(values, name).astype(np.float64)
    if len(values) < 3:
        raise ValueError(f"{name} must have one row a repeat, and three at least; the shape is {values.shape}")
    return values

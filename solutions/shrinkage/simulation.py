"""Data whose truth is known: designs, coefficients, responses, and the risk of an estimate under them.

Rows of `X` are normal with a covariance matrix Σ that is chosen and not estimated, and

    E(y | x) = b + x·w,    its logit, or its logarithm

for a Gaussian, binomial or Poisson response.  So signal, noise and risk are exact: the variance of x·w is
``wᵀΣw``, whatever sample is drawn.
"""

from dataclasses import dataclass

import numpy as np

from shrinkage.inputs import as_coefficients, as_count, as_design, as_generator, as_lam, as_number, as_vector

LARGEST_COUNT = 2.0**53  # up to which every whole number is a float64


def independent(p):
    """Covariance of independent columns of variance one.

    Parameters
    ----------
    p : int
        Number of columns.

    Returns
    -------
    ndarray of shape (p, p)

    Raises
    ------
    ValueError
        If `p` is not an integer >= 1.

    Examples
    --------
    >>> independent(2)
    array([[1., 0.],
           [0., 1.]])
    """
    return np.eye(as_count(p, "p"))


def toeplitz(p, rho):
    """Covariance in which columns j and k have the correlation ``rho**|j − k|``, as in an AR(1) series.

    Parameters
    ----------
    p : int
        Number of columns.
    rho : float
        Correlation of neighbours, between −1 and 1; at 0 columns are independent.

    Returns
    -------
    ndarray of shape (p, p)
        Ones on the diagonal.

    Raises
    ------
    ValueError
        If `p` cannot be used, or if `rho` leaves the matrix singular up to rounding.

    Examples
    --------
    >>> toeplitz(3, -0.5)
    array([[ 1.  , -0.5 ,  0.25],
           [-0.5 ,  1.  , -0.5 ],
           [ 0.25, -0.5 ,  1.  ]])
    """
    p, rho = as_count(p, "p"), as_number(rho, "rho")
    require_definite(
        1 - abs(rho), p, f"rho = {rho:g} leaves columns dependent up to rounding; it must be above -1, below 1"
    )
    j = np.arange(p)
    return rho ** np.abs(j[:, None] - j)


def blocks(p, size, rho):
    """Covariance of blocks of neighbouring columns: `rho` within a block, 0 between blocks.

    Parameters
    ----------
    p : int
        Number of columns.
    size : int
        Columns in a block, at most p; the last block has what is left.
    rho : float
        Correlation of any two columns of a block, below 1 and above ``−1 / (size − 1)``: more than two columns
        cannot all be opposites of each other.

    Returns
    -------
    ndarray of shape (p, p)
        Ones on the diagonal.

    Raises
    ------
    ValueError
        If `p` or `size` cannot be used, or if `rho` leaves the matrix without an inverse.

    Examples
    --------
    >>> blocks(3, 2, 0.5)
    array([[1. , 0.5, 0. ],
           [0.5, 1. , 0. ],
           [0. , 0. , 1. ]])
    """
    p, size, rho = as_count(p, "p"), as_count(size, "size"), as_number(rho, "rho")
    if size > p:
        raise ValueError(f"size must be at most the number of columns, {p}; it is {size}")
    least = -1 / max(size - 1, 1)
    wrong = f"rho = {rho:g} leaves columns of a block dependent; it must be above {least:.3g} and below 1"
    require_definite(min(1 - rho, 1 + rho / -least), size, wrong)
    block = np.arange(p) // size
    return np.where(block[:, None] == block, rho, 0.0) + (1 - rho) * np.eye(p)


def grouped(p, groups, size, noise=0.01):
    """Covariance of groups of columns that share a factor: column = factor of its group + noise of its own.

    Factors are independent and of variance one.  The first ``groups * size`` columns are grouped, neighbours
    together; the others are independent, of variance one.

    Parameters
    ----------
    p : int
        Number of columns.
    groups : int
        Number of groups.
    size : int
        Columns in a group; ``groups * size <= p``.
    noise : float
        Variance of what a column does not share, > 0; within a group the correlation is ``1 / (1 + noise)``.

    Returns
    -------
    ndarray of shape (p, p)

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Zou & Hastie (2005), J. R. Stat. Soc. B 67(2), 301-320, section 5, example 4.

    Examples
    --------
    >>> grouped(3, groups=1, size=2, noise=0.25)
    array([[1.25, 1.  , 0.  ],
           [1.  , 1.25, 0.  ],
           [0.  , 0.  , 1.  ]])
    """
    p, groups, size = as_count(p, "p"), as_count(groups, "groups"), as_count(size, "size")
    noise = as_number(noise, "noise")
    if groups * size > p:
        raise ValueError(f"groups of {size} columns need {groups * size} columns; p is {p}")
    wrong = f"noise = {noise:g} leaves columns of a group dependent; it must be > 0"
    require_definite(noise, size, wrong)
    group = np.minimum(np.arange(p) // size, groups)
    shared = (group[:, None] == group) & (group < groups)
    return np.where(shared, 1.0, 0.0) + np.diag(np.where(group < groups, noise, 1.0))


def ill_conditioned(p, condition, seed):
    """Covariance of a chosen condition number, with directions at random.

    Its eigenvalues fall geometrically and average one; its eigenvectors are uniform over the rotations.

    Parameters
    ----------
    p : int
        Number of columns.
    condition : float
        Largest eigenvalue over the smallest, >= 1; exactly 1 for a single column.
    seed : int, SeedSequence or Generator

    Returns
    -------
    ndarray of shape (p, p)
        `condition` is met up to rounding, to a share of about ``condition * 1e-16``.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Mezzadri (2007), Notices of the AMS 54(5), 592-604 (uniform rotations by QR).

    Examples
    --------
    >>> eigenvalues = np.linalg.eigvalsh(ill_conditioned(3, 100.0, seed=0))
    >>> eigenvalues.round(3), float((eigenvalues[2] / eigenvalues[0]).round(6))
    (array([0.027, 0.27 , 2.703]), 100.0)
    """
    p, condition = as_count(p, "p"), as_number(condition, "condition")
    if condition < 1 or (p == 1 and condition > 1):
        raise ValueError(f"condition must be >= 1, and 1 for one column; it is {condition:g} for {p}")
    require_definite(1 / condition, p, f"condition = {condition:g} cannot be told from infinity; give a smaller one")
    # The signs that QR chooses for the columns of Q cancel in the product.
    Q = np.linalg.qr(as_generator(seed).standard_normal((p, p)))[0]
    eigenvalues = np.geomspace(1, 1 / condition, p)
    covariance = (Q * (eigenvalues / eigenvalues.mean())) @ Q.T
    return (covariance + covariance.T) / 2


def require_definite(smallest, p, refusal):
    """Refuse a matrix whose smallest eigenvalue, beside others of about one, is zero up to rounding.

    Parameters
    ----------
    smallest : float
        A bound on the eigenvalue.
    p : int
        Number of columns.
    refusal : str
        What the message says.

    Raises
    ------
    ValueError
        If `smallest` is at most ``10 p`` times the rounding unit.

    Examples
    --------
    >>> require_definite(1e-3, 10, "rho is too near to 1")
    >>> require_definite(0.0, 10, "rho is too near to 1")
    Traceback (most recent call last):
    ...
    ValueError: rho is too near to 1
    """
    if smallest <= 10 * p * np.finfo(float).eps:
        raise ValueError(refusal)


def coefficients(p, k, *, pattern="equal", place="first", size=1.0, seed=None):
    """Coefficients of which exactly k are not zero.

    Parameters
    ----------
    p : int
        Number of columns.
    k : int
        Size of the support, from 0 to p.
    pattern : {"equal", "decaying", "alternating"}
        The i-th coefficient of the support, from 0, is `size`, ``size / (i + 1)`` or ``(−1)**i size``.
    place : {"first", "spread", "random"}
        Where the support is: in the first k columns, at even distances from column 0, or at random.
    size : float
        Size of the largest coefficient, not 0.
    seed : int, SeedSequence, Generator or None
        Needed where `place` is "random", and only there.

    Returns
    -------
    w : ndarray of shape (p,)

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Hastie, Tibshirani & Tibshirani (2020), Statistical Science 35(4), 579-592 (patterns of such studies).

    Examples
    --------
    >>> coefficients(6, 3, pattern="alternating", place="spread")
    array([ 1.,  0., -1.,  0.,  1.,  0.])
    """
    p, k, size = as_count(p, "p"), as_count(k, "k", 0), as_number(size, "size")
    if k > p:
        raise ValueError(f"k must be at most the number of columns, {p}; it is {k}")
    i = np.arange(k)
    patterns = {"equal": np.ones(k), "decaying": 1 / (i + 1), "alternating": (-1.0) ** i}
    if pattern not in patterns:
        raise ValueError(f"pattern must be one of {', '.join(patterns)}; it is {pattern!r:.60}")
    if place not in ("first", "spread", "random"):
        raise ValueError(f"place must be one of first, spread, random; it is {place!r:.60}")
    values = size * patterns[pattern]
    if not values.all():
        raise ValueError(f"size = {size:g} leaves a coefficient of the support at zero; give a larger one")
    w = np.zeros(p)
    if place == "random" and seed is None:
        raise ValueError("seed is needed where place is random: give an integer, a SeedSequence or a Generator")
    if place == "random":
        i = np.sort(as_generator(seed).choice(p, k, replace=False))
    elif place == "spread":
        i = i * p // max(k, 1)
    w[i] = values
    return w


@dataclass(frozen=True, eq=False)
class Simulated:
    """A sample and the truth that it was drawn from; arrays are read-only until they are pickled.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Rows are independent and normal, with `mean` and `covariance`.
    y : ndarray of shape (n,)
        The response.
    w : ndarray of shape (p,)
        True coefficients.
    b : float
        True intercept.
    sigma : float or None
        Standard deviation of the noise; None where the response is not Gaussian.
    covariance : ndarray of shape (p, p)
    mean : ndarray of shape (p,)
        Of the columns.
    response : str
        "gaussian", "binomial" or "poisson".
    """

    X: np.ndarray
    y: np.ndarray
    w: np.ndarray
    b: float
    sigma: float | None
    covariance: np.ndarray
    mean: np.ndarray
    response: str

    def __post_init__(self):
        for array in (self.X, self.y, self.w, self.covariance, self.mean):
            array.flags.writeable = False

    @property
    def support(self):
        """Numbers of the columns whose coefficient is not zero."""
        return np.flatnonzero(self.w)

    @property
    def signal(self):
        """Variance of x·w in the population, ``wᵀΣw``."""
        return float(self.w @ self.covariance @ self.w)


def simulate(n, covariance, w, *, seed, response="gaussian", snr=None, sigma=None, b=0.0, mean=None):
    """Draw a sample of n rows.

    Parameters
    ----------
    n : int
        Number of rows.
    covariance : array_like of shape (p, p)
        Of the columns; symmetric and positive definite.
    w : array_like of shape (p,)
        True coefficients.
    seed : int, SeedSequence or Generator
        The same seed gives the same rows, and the same noise up to its size.
    response : {"gaussian", "binomial", "poisson"}
        y is ``b + x·w`` and normal noise; 1 with the probability ``1 / (1 + exp(−b − x·w))``, else 0; or a
        count of mean ``exp(b + x·w)``.
    snr : float or None
        Signal-to-noise ratio ``wᵀΣw / sigma²``, > 0, which is met exactly.  A Gaussian response needs either
        this or `sigma`; the others have neither.
    sigma : float or None
        Standard deviation of the noise, >= 0.
    b : float
        True intercept.
    mean : array_like of shape (p,) or None
        Means of the columns; None is 0 for all.

    Returns
    -------
    Simulated

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> data = simulate(100, toeplitz(3, 0.5), coefficients(3, 1), snr=4.0, seed=0)
    >>> data.X.shape, data.support, data.signal, data.sigma
    ((100, 3), array([0]), 1.0, 0.5)
    """
    n, rng = as_count(n, "n"), as_generator(seed)
    covariance, L = as_covariance(covariance)
    w = as_coefficients(w, L).astype(np.float64)
    b, mean = as_number(b, "b"), as_vector(np.zeros(len(w)) if mean is None else mean, "mean").astype(np.float64)
    if len(mean) != len(w):
        raise ValueError(f"mean must have one number a column; there are {len(w)} and it has {len(mean)}")
    if response not in ("gaussian", "binomial", "poisson"):
        raise ValueError(f"response must be one of gaussian, binomial, poisson; it is {response!r:.60}")
    if (snr is not None) + (sigma is not None) != (response == "gaussian"):
        raise ValueError("snr or sigma, one of them, is for a gaussian response; the others take neither")
    if snr is not None:
        signal = float(w @ covariance @ w)
        if not (as_number(snr, "snr") > 0 and signal > 0):
            raise ValueError(f"snr must be > 0, and needs a signal; it is {snr:g}, and the variance of x·w {signal:g}")
        sigma = (signal / snr) ** 0.5
    X = mean + rng.standard_normal((n, len(w))) @ L.T
    eta = b + X @ w
    if response == "gaussian":
        sigma = as_lam(sigma, name="sigma")
        y = eta + sigma * rng.standard_normal(n)
    elif response == "binomial":
        # Logistic noise exceeds -eta with exactly that probability, and nothing can overflow.
        y = (rng.logistic(size=n) > -eta).astype(np.float64)
    else:
        if eta.max() > np.log(LARGEST_COUNT):
            raise ValueError(f"w and b make a mean count of exp({eta.max():.3g}); give smaller ones")
        y = rng.poisson(np.exp(eta)).astype(np.float64)
    return Simulated(X, y, w, b, sigma, covariance, mean, response)


def as_covariance(covariance):
    """Check a covariance matrix: symmetric and positive definite.

    Parameters
    ----------
    covariance : array_like of shape (p, p), real

    Returns
    -------
    covariance : ndarray of shape (p, p), float64
        A new array.
    L : ndarray of shape (p, p), float64
        Lower triangular; ``L @ L.T`` is the matrix.

    Raises
    ------
    ValueError
        If it is not such a matrix.  That of two equal columns is not.

    Examples
    --------
    >>> as_covariance([[4, 2], [2, 2]])[1]
    array([[2., 0.],
           [1., 1.]])
    """
    covariance = as_design(covariance, "covariance").astype(np.float64)
    if len(covariance) != covariance.shape[1]:
        raise ValueError(f"covariance must be square, one row and one column for each; its shape is {covariance.shape}")
    if np.abs(covariance - covariance.T).max() > 1e-12 * np.abs(covariance).max():
        raise ValueError("covariance must be symmetric; use (covariance + covariance.T) / 2 if rounding made it so")
    try:
        return covariance, np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        raise ValueError("covariance is not positive definite: it has an eigenvalue <= 0 up to rounding") from None


def excess_risk(data, w, b=0.0):
    """Expected squared error of an estimate on a new row, above that of the truth; exact, without a sample.

    For ``d = w − true w`` it is ``dᵀΣd + (b + mean·w − true b − mean·true w)²``: the mean squared difference of
    the two linear predictors.  With noise of variance sigma² the whole risk is sigma² more.

    Parameters
    ----------
    data : Simulated
        Holds the truth.
    w : array_like of shape (p,)
        Estimated coefficients.
    b : float
        Estimated intercept.

    Returns
    -------
    float
        >= 0; response units squared for a Gaussian response.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> data = simulate(10, toeplitz(2, 0.5), [1.0, 0.0], sigma=1.0, b=3.0, seed=0)
    >>> excess_risk(data, [1.0, 0.0], 3.0), excess_risk(data, [0.0, 0.0], 2.0)
    (0.0, 2.0)
    """
    d = as_coefficients(w, data.X) - data.w
    off = as_number(b, "b") - data.b + data.mean @ d
    return float(d @ data.covariance @ d + off**2)

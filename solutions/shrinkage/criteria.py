"""Information criteria: what the training error of a fit owes to its degrees of freedom.

All take the fits of a path at once.  Only differences between fits to the same rows mean something.
"""

import numpy as np

from shrinkage.inputs import as_count, as_nonnegative, as_number


def cp(rss, n, df, sigma2):
    """Mallows' Cp as an estimate of the error at the same rows: ``(rss + 2 sigma2 df) / n``.

    The second term is the optimism of the training error.  Mallows' own scale is ``n cp / sigma2 − n``.

    Parameters
    ----------
    rss : array_like of shape (L,), float
        Residual sum of squares of each fit, response units squared.
    n : int
        Number of rows.
    df : array_like of shape (L,), float
        Degrees of freedom of each fit, the trace of its hat matrix, with 1 for an intercept
        (`ridge.degrees_of_freedom` leaves that out: add it).
    sigma2 : float
        Variance of the noise, > 0, known or estimated from a fit of little bias as its ``rss / (n − df)``;
        the same for all fits.

    Returns
    -------
    ndarray of shape (L,), float64
        In response units squared, as a mean squared error is.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Mallows (1973), Technometrics 15(4), 661-675; Hastie, Tibshirani & Friedman (2009), The Elements of
    Statistical Learning, equation (7.26).

    Examples
    --------
    >>> cp([40.0, 30.0], n=10, df=[1, 4], sigma2=2.0)
    array([4.4, 4.6])
    """
    rss, n, df, variance = _as_fits(rss, n, df, as_number(sigma2, "sigma2"))
    return (rss + 2 * variance * df) / n


def aic(rss, n, df, sigma2=None):
    """Akaike's criterion for Gaussian noise: minus twice the log-likelihood, plus 2 a parameter.

    Parameters
    ----------
    rss : array_like of shape (L,), float
        Residual sum of squares of each fit, response units squared.
    n : int
        Number of rows.
    df : array_like of shape (L,), float
        Degrees of freedom of each fit, with 1 for an intercept, as for `cp`.
    sigma2 : float or None
        Variance of the noise, > 0, the same for all fits.  None estimates it in each fit by ``rss / n``,
        the maximum of the likelihood, and counts it as one parameter more.

    Returns
    -------
    ndarray of shape (L,), float64
        ``n log(2π sigma2) + rss / sigma2 + 2 df``, or ``n log(2π rss / n) + n + 2 (df + 1)``.

    Raises
    ------
    ValueError
        If an argument cannot be used, or a fit has no residual whose variance could be estimated; the
        message names it.

    References
    ----------
    Akaike (1974), IEEE Trans. Automat. Contr. 19(6), 716-723; Zou, Hastie & Tibshirani (2007), Ann. Statist.
    35(5), 2173-2192.

    Examples
    --------
    >>> aic([40.0, 30.0], n=10, df=[1, 4], sigma2=2.0).round(3)
    array([47.31, 48.31])
    >>> aic([40.0, 30.0], n=10, df=[1, 4]).round(3)
    array([46.242, 49.365])
    """
    rss, n, df, variance = _as_fits(rss, n, df, sigma2)
    return _deviance(rss, n, variance) + 2 * (df + (sigma2 is None))


def aicc(rss, n, df):
    """Akaike's criterion for Gaussian noise of unknown variance, corrected for few rows.

    Parameters
    ----------
    rss : array_like of shape (L,), float
        Residual sum of squares of each fit, response units squared.
    n : int
        Number of rows.
    df : array_like of shape (L,), float
        Degrees of freedom of each fit, with 1 for an intercept, as for `cp`.

    Returns
    -------
    ndarray of shape (L,), float64
        ``n log(2π rss / n) + n + 2 n (df + 1) / (n − df − 2)``, and infinity where ``df >= n − 2``.  With a
        known variance `aic` needs no correction.

    Raises
    ------
    ValueError
        If an argument cannot be used, or a fit has no residual whose variance could be estimated; the
        message names it.

    References
    ----------
    Hurvich & Tsai (1989), Biometrika 76(2), 297-307; Hurvich, Simonoff & Tsai (1998), J. R. Statist. Soc. B
    60(2), 271-293.

    Examples
    --------
    >>> aicc([40.0, 30.0, 1e-9], n=10, df=[1, 4, 8]).round(3)
    array([47.956, 64.365,    inf])
    """
    rss, n, df, variance = _as_fits(rss, n, df)
    left = np.maximum(n - df - 2, 0)
    correction = np.divide(2 * n * (df + 1), left, out=np.full(len(rss), np.inf), where=left > 0)
    return _deviance(rss, n, variance) + correction


def bic(rss, n, df, sigma2=None):
    """Schwarz's criterion for Gaussian noise: minus twice the log-likelihood, plus log n a parameter.

    Parameters
    ----------
    rss : array_like of shape (L,), float
        Residual sum of squares of each fit, response units squared.
    n : int
        Number of rows.
    df : array_like of shape (L,), float
        Degrees of freedom of each fit, with 1 for an intercept, as for `cp`.
    sigma2 : float or None
        Variance of the noise, > 0, the same for all fits; None as for `aic`.

    Returns
    -------
    ndarray of shape (L,), float64
        ``n log(2π sigma2) + rss / sigma2 + log(n) df``, or ``n log(2π rss / n) + n + log(n) (df + 1)``.

    Raises
    ------
    ValueError
        As for `aic`.

    References
    ----------
    Schwarz (1978), Ann. Statist. 6(2), 461-464.

    Examples
    --------
    >>> bic([40.0, 30.0], n=10, df=[1, 4], sigma2=2.0).round(3)
    array([47.613, 49.521])
    """
    rss, n, df, variance = _as_fits(rss, n, df, sigma2)
    return _deviance(rss, n, variance) + np.log(n) * (df + (sigma2 is None))


def _deviance(rss, n, variance):
    """Minus twice the log-likelihood of Gaussian noise."""
    return n * np.log(2 * np.pi * variance) + rss / variance


def _as_fits(rss, n, df, sigma2=None):
    """(rss, n, df, variance of the noise), the last by the maximum of the likelihood where `sigma2` is None."""
    n, rss, df = as_count(n, "n"), as_nonnegative(rss, "rss"), as_nonnegative(df, "df").astype(np.float64)
    rss = rss.astype(np.float64)
    if len(df) != len(rss):
        raise ValueError(f"df must have one number a fit; there are {len(rss)} in rss and {len(df)} in df")
    if sigma2 is None and not rss.all():
        raise ValueError("rss is 0 for a fit, which leaves no residual to estimate the variance from; give sigma2")
    if sigma2 is not None and as_number(sigma2, "sigma2") <= 0:
        raise ValueError(f"sigma2 must be > 0, the variance of the noise; it is {float(sigma2)}")
    return rss, n, df, rss / n if sigma2 is None else float(sigma2)

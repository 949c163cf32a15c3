"""What the estimators of likelihoods share: a solution well below the tolerance."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from shrinkage.fit import prepare


def maximise(X, y, loss, penalty, lam, fit_intercept, sample_weight=None, *, tol=1e-4, w=None):
    """Minimise as far as double precision allows, whatever `tol` is.

    Parameters
    ----------
    X : ndarray or sparse matrix of shape (n, p), float
    y : ndarray of shape (n,), float
        Classes from 0 on, or counts.
    loss : shrinkage.losses.Logistic, Multinomial or Poisson
    penalty : shrinkage.penalties.ElasticNet
    lam : float
    fit_intercept : bool
    sample_weight : ndarray of shape (n,) or None
    tol : float
        Gap that is warned of, relative to the likelihood of zero coefficients.
    w : ndarray of shape (p,) or (p, K), or None
        Where to start.

    Returns
    -------
    shrinkage.result.Result

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Warns
    -----
    ConvergenceWarning
        If the gap is above `tol`.

    Examples
    --------
    >>> from shrinkage.losses import Poisson
    >>> from shrinkage.penalties import L2
    >>> round(maximise(np.zeros((2, 1)), np.array([1., 3.]), Poisson(), L2(), 1.0, True).b, 9)
    0.693147181
    """
    X, y = X.astype(np.float64), np.asarray(y, np.float64)
    made = prepare(X, y, loss, penalty, bool(fit_intercept), sample_weight=sample_weight)
    start = None if w is None else made.problem.start(w)
    return made.restored(maximise_prepared(made, lam, tol=tol, w=start), lam)


def maximise_prepared(made, lam, *, tol=1e-4, w=None):
    """`maximise` for data that are prepared already, in the units of the problem.

    Parameters
    ----------
    made : shrinkage.fit.Prepared
    lam, tol : float
        As for `maximise`.
    w : ndarray of shape (columns of the problem,) or None
        Where to start.

    Returns
    -------
    shrinkage.result.Result
        Another one can start from its `w`, intercepts included.

    Raises
    ------
    ValueError
        If there is no finite minimum.

    Warns
    -----
    ConvergenceWarning
        As `maximise`.

    Examples
    --------
    >>> from shrinkage.losses import Poisson
    >>> from shrinkage.penalties import L2
    >>> made = prepare(np.zeros((2, 1)), np.array([1., 3.]), Poisson(), L2())
    >>> maximise_prepared(made, 1.0).w[1:].round(9)
    array([0.69314718])
    """
    made.require_minimum(lam)
    _, minimise = made.chosen("auto", lam)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        result = minimise(made.X, made.y, lam, made.penalty, tol=1e-14, max_iter=50, w=w)
    null = result.history[0] if w is None else np.inf
    if result.gap > max(tol, 1e-12) * min(null, 1.0) and result.gap > 1e-10:
        warnings.warn(
            f"Objective did not converge: after {result.n_iter} steps the duality gap is {result.gap:.3e}; scale the "
            "columns.",
            ConvergenceWarning,
            stacklevel=4,
        )
    return result

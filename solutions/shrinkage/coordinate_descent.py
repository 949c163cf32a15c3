"""One coefficient at a time: the exact minimiser of each, in turn, until the gap says enough."""

import warnings
from dataclasses import dataclass

import numpy as np

from shrinkage.duality import gap
from shrinkage.inputs import as_budget, as_coefficients, as_problem, squared_lengths
from shrinkage.penalties import ElasticNet


@dataclass(frozen=True, eq=False)
class Result:
    """What an iterative solver found, and how far it can be from the optimum.

    Parameters
    ----------
    w : ndarray of shape (p,)
        Coefficients.
    b : float
        Intercept; 0 on centred data.
    gap : float
        Bound on the objective at `w` minus the least, response units squared.
    n_iter : int
        Sweeps over all columns.
    history : ndarray of shape (n_iter + 1,)
        The gap before the first sweep and after each.
    """

    w: np.ndarray
    b: float
    gap: float
    n_iter: int
    history: np.ndarray


def minimise(X, y, lam, penalty, *, tol=None, max_iter=10_000, w=None):
    """Minimise {eq}`eq-lasso-objective` on centred data by cyclic coordinate descent, with a certificate.

    Ends at the first `w` whose duality gap is at most `tol` times the objective at zero.  A solver that
    ran out of sweeps has stopped and not converged: it warns and says how large the gap is.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, > 0.
    penalty : shrinkage.penalties.ElasticNet
    tol : float or None
        Gap to reach, relative to the objective at zero; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Sweeps at most.
    w : ndarray of shape (p,) or None
        Where to start, never changed; None is zero.

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), 1-22.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> result = minimise(np.array([[1.], [-1.]]), np.array([2., -2.]), lam=0.5, penalty=L1())
    >>> result.w, result.n_iter
    (array([1.5]), 1)
    """
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_budget((1e-6 if X.dtype == np.float32 else 1e-12) if tol is None else tol, max_iter)
    n, p = X.shape
    w = np.zeros(p, X.dtype) if w is None else as_coefficients(w, X).astype(X.dtype)
    lengths = squared_lengths(X) / n
    # A column of zeros is worth 0 wherever a penalty asks for it, and every column is where y is 0.
    w[(lengths == 0) | ~y.any()] = 0
    residual = y - X @ w
    enough = tol * float(y @ y) / (2 * n)
    history = [gap(X, y, w, lam, penalty)]
    columns = [ElasticNet(penalty.l1_ratio, [f], penalty.positive) for f in penalty.factors(p)]
    # A gap that is not a number is not enough either.
    while not history[-1] <= enough and len(history) <= max_iter:
        for j in np.flatnonzero(lengths):
            ### BEGIN SOLUTION
            z = w[j] + X[:, j] @ residual / (n * lengths[j])
            new = columns[j].prox([z], lam / float(lengths[j]))[0]
            residual += (w[j] - new) * X[:, j]
            w[j] = new
            ### END SOLUTION
        residual = y - X @ w
        history.append(gap(X, y, w, lam, penalty))
    if not history[-1] <= enough:
        warnings.warn(
            f"stopped after {max_iter} sweeps with the gap {history[-1]:.1e}, above {enough:.1e}: raise max_iter",
            RuntimeWarning,
            stacklevel=2,
        )
    return Result(w, 0.0, history[-1], len(history) - 1, np.array(history))

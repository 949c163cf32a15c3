"""Functions of the gallery: one for each form of argument and of result."""

from dataclasses import dataclass

import numpy as np


def descend(gradient, w, L, tol):
    """Follow `gradient` from `w` in steps of length 1/L until its norm is at most `tol`.

    Parameters
    ----------
    gradient : callable
        Gives the gradient at a point; each call of it costs.
    w : ndarray of shape (p,)
        Where to start.
    L : float
        Lipschitz constant of the gradient.
    tol : float
        Norm of the gradient at which to stop.

    Returns
    -------
    ndarray of shape (p,)
    """
    ### BEGIN SOLUTION
    slope = gradient(w)
    while np.linalg.norm(slope) > tol:
        w = w - slope / L
        slope = gradient(w)
    return w
    ### END SOLUTION


def minimise(loss, penalty, X, y, lam):
    """Minimise ``loss + lam * penalty`` by proximal gradient steps of length 1/L.

    Parameters
    ----------
    loss : object with ``gradient(X, y, w)`` and ``lipschitz(X)``
    penalty : object with ``prox(z, t)``
    X : ndarray of shape (n, p)
    y : ndarray of shape (n,)
    lam : float

    Returns
    -------
    ndarray of shape (p,)
    """
    ### BEGIN SOLUTION
    step = 1.0 / loss.lipschitz(X)
    w = np.zeros(X.shape[1])
    for _ in range(10_000):
        before = w
        w = penalty.prox(w - step * loss.gradient(X, y, w), step * lam)
        if np.max(np.abs(w - before)) <= 1e-15 * np.max(np.abs(w)):
            break
    return w
    ### END SOLUTION


def iterates(gradient, w, step):
    """Yield `w` and then the point after each step against `gradient`, without end.

    Parameters
    ----------
    gradient : callable
        Gives the gradient at a point; asked for a step only when that step is asked for.
    w : ndarray of shape (p,)
        The first point.
    step : float
        Length of the steps.

    Yields
    ------
    ndarray of shape (p,)
    """
    ### BEGIN SOLUTION
    while True:
        yield w
        w = w - step * gradient(w)
    ### END SOLUTION


@dataclass(frozen=True)
class Mean:
    """A shrunken mean `m` and its duality gap."""

    m: float
    gap: float


def certified_mean(y, lam):
    """Minimise ``mean((y - m)^2)/2 + lam |m|`` over m, and certify it.

    Parameters
    ----------
    y : ndarray of shape (n,)
    lam : float

    Returns
    -------
    Mean
        `m`, and the primal objective at it minus the dual one, whose dual point is the mean
        residual, cut to [-lam, lam].
    """
    ### BEGIN SOLUTION
    centre = float(np.mean(y))
    m = float(np.sign(centre) * max(abs(centre) - lam, 0.0))
    dual_point = min(max(centre - m, -lam), lam)
    primal = (centre - m) ** 2 / 2 + lam * abs(m)
    dual = centre * dual_point - dual_point**2 / 2
    return Mean(m, primal - dual)
    ### END SOLUTION

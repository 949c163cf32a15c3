"""Losses that are no quadratic: a quadratic of their own curvature at every point, and descent along its minimiser.

Around predictions eta the loss is ``Σ c_i (z_i − eta_i)²/2`` up to third order, with the curvatures `c` and the
working responses ``z = eta − slope/c``: a weighted least-squares problem under the same penalty, which the solvers
for those take.
"""

import warnings

import numpy as np

from shrinkage import active_set, direct, polish
from shrinkage.columns import require_squares, squared_lengths
from shrinkage.coordinate_descent import default_tol
from shrinkage.duality import certified, gap
from shrinkage.inputs import as_budget, as_coefficients, as_problem
from shrinkage.losses import QUADRATIC, known_objective
from shrinkage.newton_step import NewtonStep, rooted
from shrinkage.result import Progress
from shrinkage.sparse import Centred


def minimise(X, y, lam, penalty, *, loss=QUADRATIC, tol=None, max_iter=100, w=None):
    """Minimise ``F(Xw) + lam pen(w)`` for a loss with a curvature.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; an intercept is a column of ones of factor 0.
    y : ndarray of shape (n,), float
        Target, as the loss takes it.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
    loss : shrinkage.losses.Logistic, Poisson or Multinomial, or shrinkage.likelihood.Weighted
    tol : float or None
        Gap to reach, relative to the objective at zero; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Quadratics at most.
    w : ndarray of shape (p,) or None
        Where to start; never changed.

    Returns
    -------
    shrinkage.result.Result

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Warns
    -----
    RuntimeWarning
        If the gap is not reached.

    Notes
    -----
    Once it is reached one more step is taken, which is neither counted nor asked for.

    References
    ----------
    Lee, Sun & Saunders (2014), SIAM J. Optim. 24(3), 1420-1443; Friedman, Hastie & Tibshirani (2010), J. Stat.
    Softw. 33(1), 1-22.

    Examples
    --------
    Two thirds of the rows are of class 1, so the log-odds are log 2:

    >>> from shrinkage.losses import Logistic
    >>> from shrinkage.penalties import L2
    >>> minimise(np.ones((3, 1)), np.array([1., 1., 0.]), 0.0, L2(), loss=Logistic()).w.round(9)
    array([0.69314718])
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    if reason := refusal(X, loss, penalty, lam):
        raise ValueError(f"loss or penalty cannot be taken by this solver: {reason}")
    tol, max_iter = as_budget(default_tol(X.dtype) if tol is None else tol, max_iter)
    dtype, (X, y) = X.dtype, (a.astype(np.float64) for a in (X, y))
    require_squares(y)
    squared_lengths(X)
    w = np.zeros(X.shape[1]) if w is None else as_coefficients(w, X).astype(np.float64)
    null = loss.value(y, np.zeros_like(y))
    progress = Progress(tol * null, max_iter)
    eta = X @ w
    progress.record(certified(X, y, eta, w, lam, penalty, loss)[0])
    least, eps = known_objective(y, eta, w, lam, penalty, loss), np.finfo(np.float64).eps
    share, towards = 1e-3, _way(X, y, lam, penalty, loss, null)
    while not progress.over:
        aim = towards(w, eta, share * progress.history[-1])
        step, there, then = 1.0, aim, X @ aim
        # A difference that rounding hides is none.
        while (value := known_objective(y, then, there, lam, penalty, loss)) > least + 4 * eps * abs(
            least
        ) and step > 1e-10:
            step /= 2
            there = w + step * (aim - w)
            then = X @ there
        if step > 1e-10 and not np.array_equal(w, there):
            w, eta, least = there, then, min(value, least)
        else:
            progress.stuck, share = share < 1e-12, 1e-3 * share
        progress.record(certified(X, y, eta, w, lam, penalty, loss)[0])
    if progress.converged and len(progress.history) > 1:
        # One step more doubles the digits of `w`, of which a gap sees half.
        last = towards(w, eta, 0.0)
        known = certified(X, y, X @ last, last, lam, penalty, loss)[0]
        if known <= max(progress.enough, progress.history[-1]):
            w, progress.history[-1] = last, known
    if dtype != w.dtype:
        w = w.astype(dtype)
        progress.history[-1] = gap(X, y, w, lam, penalty, loss)
    return progress.result(w, 0.0, "prox_newton")


def _way(X, y, lam, penalty, loss, null):
    """From `w` and a gap that is small enough to the minimiser of the quadratic around `w`."""
    squares = penalty.squares(X.shape[1]) if lam > 0 and not penalty.positive else None
    if squares is None or loss == QUADRATIC:
        return lambda w, eta, enough: _minimiser_of_quadratic(X, y, w, eta, lam, penalty, loss, enough)
    step = NewtonStep(X, lam * squares, loss, y)
    return lambda w, eta, enough: w + step.from_point(w, eta, min(enough / (null or 1.0), 1e-2))


def _minimiser_of_quadratic(X, y, w, eta, lam, penalty, loss, enough):
    n = len(y)
    # With c at least the second derivative RᵀR the slope is −Rᵀq for q = −slope/√c.
    scale, q = n**0.5, -loss.gradient(y, eta) / np.sqrt(loss.curvature(y, eta))
    rows, target = rooted(X, loss, y, eta, scale), scale * (loss.root(eta[:, None], y, eta)[:, 0] + q)
    tol = min(max(enough / (QUADRATIC.value(target, np.zeros(n)) or 1.0), 1e-15), 1e-3)
    with warnings.catch_warnings():
        # Whether the way has led far enough is for the outer gap to say.
        warnings.simplefilter("ignore", RuntimeWarning)
        if not direct.refusal(rows, QUADRATIC, penalty, lam):
            return direct.solve(rows, target, lam, penalty).w
        if not active_set.refusal(rows, QUADRATIC, penalty, lam):
            found = active_set.minimise(rows, target, lam, penalty, w=w)
            if found.converged:
                return found.w
            w = found.w
        return polish.minimise(rows, target, lam, penalty, tol=tol, max_iter=1000, w=w).w


def refusal(X, loss, penalty, lam):
    """Why this solver cannot take a problem, or nothing.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float
    loss : shrinkage.losses.Logistic
    penalty : shrinkage.penalties.ElasticNet
    lam : float

    Returns
    -------
    str
        Empty where it can.

    Examples
    --------
    >>> from shrinkage.losses import Logistic
    >>> from shrinkage.penalties import L1
    >>> refusal(np.eye(2), Logistic(), L1(), 0.1)
    ''
    """
    if not hasattr(loss, "root"):
        return "the loss has no root of its curvature"
    if isinstance(X, Centred) and X.m.any():
        return "X is sparse and centred"
    return "" if hasattr(penalty, "prox_one") else "the penalty is no sum over the coefficients"

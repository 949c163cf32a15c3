"""Ridge and least squares from products with the data alone: conjugate gradients on the normal equations.

Started from zero, they only ever add combinations of the rows, so at ``lam = 0``, or at one that rounding hides, they
end at the solution of smallest norm; and where rows are few or alike, after few steps.
"""

import numpy as np

from shrinkage.columns import require_squares, squared_lengths
from shrinkage.coordinate_descent import default_tol
from shrinkage.duality import gap
from shrinkage.inputs import as_budget, as_problem
from shrinkage.losses import QUADRATIC
from shrinkage.result import Progress, Result


def refusal(X, loss, penalty, lam):
    """Why this solver cannot take a problem, or nothing.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float
    loss : shrinkage.losses.Quadratic
    penalty : shrinkage.penalties.ElasticNet
    lam : float

    Returns
    -------
    str
        Empty where it can.

    Examples
    --------
    >>> from shrinkage.penalties import L1, L2
    >>> refusal(np.eye(2), QUADRATIC, L2(), 0.1), refusal(np.eye(2), QUADRATIC, L2([1.0, 2.0]), 0.1)
    ('', 'the penalty is not the same square for all columns')
    """
    if loss != QUADRATIC:
        return "the loss is not quadratic"
    squares = penalty.squares(X.shape[1]) if lam > 0 else np.zeros(1)
    if penalty.positive or squares is None or (squares != squares[0]).any():
        return "the penalty is not the same square for all columns"
    return ""


def solve(X, y, lam, penalty, *, tol=None, max_iter=5, steps=300):
    """Minimise {eq}`eq-lasso-objective` on centred data where the penalty is ``c ‖w‖₂²/2``, or `lam` is 0.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
        One with equal `squares`; any at ``lam = 0`` that allows negative coefficients.
    tol : float or None
        Gap to reach, relative to the objective at zero; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Passes at most.  Each takes the rounding of the one before out of its residual; there is another only where
        the last has come to its end.
    steps : int
        Steps of conjugate gradients in a pass.

    Returns
    -------
    shrinkage.result.Result
        It has converged where the gap is small enough, or where nothing but rounding is left of the derivative: a
        tiny `lam` magnifies that in the gap.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    The residual is carried along, and the derivative is formed from it afresh in every step: what the matrix of the
    normal equations would forget in being formed, this does not.  Columns of very unlike lengths make it slow;
    `shrinkage.polish.minimise` measures each by its length, and then finds another of the solutions.

    References
    ----------
    Björck (1996), Numerical Methods for Least Squares Problems, section 7.4.

    Examples
    --------
    Of all the pairs of coefficients with the sum 2 that with the smallest norm:

    >>> from shrinkage.penalties import L2
    >>> solve(np.array([[1., 1.], [-1., -1.]]), np.array([2., -2.]), 0.0, L2()).w
    array([1., 1.])
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    tol, max_iter = as_budget(default_tol(X.dtype) if tol is None else tol, max_iter)
    steps = as_budget(tol, steps)[1]
    if reason := refusal(X, QUADRATIC, penalty, lam):
        raise ValueError(f"penalty cannot be taken by this solver: {reason}; use shrinkage.coordinate_descent")
    require_squares(y)
    ridge = len(y) * lam * float(penalty.squares(X.shape[1])[0]) if lam > 0 else 0.0
    lengths = np.sqrt(squared_lengths(X) + ridge)
    units = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    progress = Progress(tol * QUADRATIC.value(y, np.zeros_like(y)), max_iter)
    w, residual = np.zeros(X.shape[1], X.dtype), y
    slope = X.T @ residual
    size, length = float(np.linalg.norm(units * slope)), float(np.linalg.norm(y))
    # No objective is below 0.
    progress.record(QUADRATIC.value(y, np.zeros_like(y)))
    eps = float(np.finfo(X.dtype).eps)
    rounding = 64 * eps * max(size, length)
    for _ in range(max_iter):
        v, ended = _steps(X, residual, slope, w, ridge, eps * length, steps)
        trial = w + v
        residual = y - X @ trial
        slope = X.T @ residual - ridge * trial
        before, now = size, float(np.linalg.norm(units * slope))
        if now < before:
            w, size = trial, now
        progress.record(gap(X, y, w, lam, penalty))
        if size <= rounding or not (ended and now < before / 10):
            break
    n_iter, converged = len(progress.history) - 1, progress.converged or size <= rounding
    return Result(w, 0.0, progress.history[-1], n_iter, np.array(progress.history), converged, "cgls")


def _steps(X, residual, slope, w, ridge, enough, most):
    """What is to be added to `w`, and whether a last step would move the predictions by no more than `enough`."""
    v, way, square = np.zeros_like(w), slope, float(slope @ slope)
    for _ in range(most):
        along = X @ way
        curvature = float(along @ along) + ridge * float(way @ way)
        if curvature <= 0 or square <= enough * curvature**0.5:
            return v, True
        v = v + square / curvature * way
        residual = residual - square / curvature * along
        slope = X.T @ residual - ridge * (w + v)
        before, square = square, float(slope @ slope)
        way = slope + square / before * way
    return v, False

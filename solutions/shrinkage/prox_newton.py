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
from shrinkage.duality import gap
from shrinkage.inputs import as_budget, as_coefficients, as_problem
from shrinkage.losses import QUADRATIC, objective
from shrinkage.result import Progress
from shrinkage.sparse import Centred

MOST_COLUMNS = 3000  # of a sparse matrix whose product with itself is formed: 72 MB


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
    progress = Progress(tol * loss.value(y, np.zeros_like(y)), max_iter)
    progress.record(gap(X, y, w, lam, penalty, loss))
    least, eps = objective(X, y, w, lam, penalty, loss=loss), np.finfo(np.float64).eps
    share = 1e-3
    while not progress.over:
        aim = _minimiser_of_quadratic(X, y, w, lam, penalty, loss, share * progress.history[-1])
        step, there = 1.0, aim
        # A difference that rounding hides is none.
        while (value := objective(X, y, there, lam, penalty, loss=loss)) > least + 4 * eps * abs(
            least
        ) and step > 1e-10:
            step /= 2
            there = w + step * (aim - w)
        if step > 1e-10 and not np.array_equal(w, there):
            w, least = there, min(value, least)
        else:
            progress.stuck, share = share < 1e-12, 1e-3 * share
        progress.record(gap(X, y, w, lam, penalty, loss))
    if progress.converged and len(progress.history) > 1:
        # One step more doubles the digits of `w`, of which a gap sees half.
        last = _minimiser_of_quadratic(X, y, w, lam, penalty, loss, 0.0)
        known = gap(X, y, last, lam, penalty, loss)
        if known <= max(progress.enough, progress.history[-1]):
            w, progress.history[-1] = last, known
    if dtype != w.dtype:
        w = w.astype(dtype)
        progress.history[-1] = gap(X, y, w, lam, penalty, loss)
    return progress.result(w, 0.0, "prox_newton")


def _minimiser_of_quadratic(X, y, w, lam, penalty, loss, enough):
    """Minimiser of the quadratic around `w`, up to the gap `enough`, by linear algebra where that can be."""
    eta, n = X @ w, X.shape[0]
    # With c at least the second derivative RᵀR the slope is −Rᵀq for q = −slope/√c.
    scale, q = n**0.5, -loss.gradient(y, eta) / np.sqrt(loss.curvature(y, eta))
    rows, target = _rooted(X, y, eta, loss, scale), scale * (loss.root(eta[:, None], y, eta)[:, 0] + q)
    tol = min(max(enough / (QUADRATIC.value(target, np.zeros(n)) or 1.0), 1e-15), 1e-3)
    dense, many = isinstance(X, np.ndarray), len(w) > MOST_COLUMNS
    squares = penalty.squares(len(w)) if lam > 0 and not penalty.positive else None
    if squares is not None and (loss != QUADRATIC if dense else not many):
        return w + _step(rows, target - rows @ w, lam * squares, w)
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


def _step(X, residual, d, w):
    """Solve ``(XᵀX/n + diag(d)) step = Xᵀresidual/n − dw``, by the rows where these are fewer."""
    n, slope = len(residual), X.T @ residual / len(residual) - d * w
    dense = isinstance(X, np.ndarray)
    free = d == 0
    if dense and len(w) - np.count_nonzero(free) > n:
        step = _step_by_rows(X, d, free, slope)
        # Dividing by a small d magnifies rounding, of which what is left of the slope tells.
        return step + _step_by_rows(X, d, free, slope - X.T @ (X @ step) / n - d * step)
    H = (X.T @ X if dense else (X.X.T @ X.X).toarray()) / n + np.diag(d)
    units = 1 / np.sqrt(np.where(np.diag(H) > 0, np.diag(H), 1))
    H *= units * units[:, None]
    # Where columns without a penalty depend, rounding would lead anywhere.
    H += 1e-13 * np.eye(len(w))
    return units * np.linalg.solve(H, units * slope)


def _step_by_rows(X, d, free, slope):
    """The same by ``(XᵀX/n + D)⁻¹ = D⁻¹ − D⁻¹Xᵀ M⁻¹ X D⁻¹/n``, ``M = I + XD⁻¹Xᵀ/n``; columns `Z` have no penalty."""
    n, step, X, Z, d, g = len(X), np.zeros(len(d)), X[:, ~free], X[:, free], d[~free], slope[~free]
    M = (X / d) @ X.T / n + np.eye(n)
    if free.any():
        S = np.linalg.solve(M, np.column_stack([Z, X @ (g / d)]))
        step[free] = np.linalg.lstsq(Z.T @ S[:, :-1] / n, slope[free] - Z.T @ S[:, -1] / n, rcond=1e-13)[0]
        g = g - X.T @ (Z @ step[free]) / n
    step[~free] = (g - X.T @ np.linalg.solve(M, X @ (g / d)) / n) / d
    return step


def _rooted(X, y, eta, loss, scale):
    """``scale R X`` for the root `R` of the curvature, sparse if `X` is."""
    if not isinstance(X, Centred):
        return scale * loss.root(X, y, eta)
    from scipy.sparse import csr_array

    # R has a block of K rows and columns for each row of the data: what it makes of unit matrices, one below the other.
    N, K = len(eta), loss.K
    blocks = scale * loss.root(np.tile(np.eye(K), (N // K, 1)), y, eta)
    columns = np.repeat(np.arange(N).reshape(-1, K), K, axis=0)
    R = csr_array((blocks.ravel(), columns.ravel(), np.arange(0, N * K + 1, K)), shape=(N, N))
    return Centred((R @ X.X).tocsc(), X.m, X.d)


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

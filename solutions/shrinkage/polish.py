"""The last digits: Newton's method on the equation that a minimiser solves, by conjugate gradients.

A minimiser is a fixed point, ``w = prox(w − t grad)`` for every ``t > 0``.  Where the prox is made of straight pieces,
as those of L1, L2 and their mixes are, Newton's method on this equation is exact as soon as it stands on the right
piece.  A duality gap is a difference of two objectives and does not see an error in `w` below the root of the
rounding; this equation does.
"""

import warnings

import numpy as np

from shrinkage import coordinate_descent
from shrinkage.columns import require_squares, squared_lengths
from shrinkage.duality import gap
from shrinkage.inputs import as_budget, as_coefficients, as_nonnegative, as_problem, as_vector
from shrinkage.losses import QUADRATIC, objective
from shrinkage.result import Progress
from shrinkage.sparse import Centred

SWEEPS = 20  # before each polish; where a start is given, 1 before the first
MOST_STEPS = 100  # of one polish
MOST_PRODUCTS = 300  # of conjugate gradients in one step


def minimise(X, y, lam, penalty, *, tol=None, max_iter=10_000, w=None):
    """Minimise {eq}`eq-lasso-objective` on centred data to its last digits, with a certificate.

    Coordinate descent soon finds which coefficients are zero, and slowly the others; `polish` finds the others at
    once, where it is known which they are.  They take turns.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
        Or any other that is a sum over the coefficients and says so.
    tol : float or None
        Gap to reach, relative to the objective at zero; None is 1e-12, or 1e-6 in single precision.  At the end
        there is a polish whatever the gap, so that the digits which no gap shows are right too.
    max_iter : int
        Sweeps and polishes at most; one polish is always made.
    w : ndarray of shape (p,) or None
        Where to start, never changed; None is zero.

    Returns
    -------
    shrinkage.result.Result
        Its `n_iter` counts sweeps and polishes, and is at least 1.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Warns
    -----
    RuntimeWarning
        If the solver stopped short of `tol`; the result's gap says how far from it.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> result = minimise(np.array([[1.], [-1.]]), np.array([2., -2.]), lam=0.5, penalty=L1())
    >>> result.w, result.converged
    (array([1.5]), True)
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    tol, max_iter = as_budget(coordinate_descent.default_tol(X.dtype) if tol is None else tol, max_iter)
    require_squares(y)
    sweeps = SWEEPS if w is None else 1
    w = np.zeros(X.shape[1], X.dtype) if w is None else as_coefficients(w, X).astype(X.dtype)
    progress = Progress(tol * QUADRATIC.value(y, np.zeros_like(y)), max(max_iter, 1))
    progress.record(gap(X, y, w, lam, penalty))
    squares = penalty.squares(X.shape[1])
    # A sum of squares has no zeros to be found.
    sweeps = 0 if lam > 0 and squares is not None and squares.min() > 0 else sweeps
    while True:
        budget = min(sweeps, progress.max_iter - len(progress.history))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            found = coordinate_descent.minimise(X, y, lam, penalty, tol=tol, max_iter=budget, w=w, accelerate=True)
        progress.history.extend(found.history[1:])
        before, w = w, polish(X, y, found.w, lam, penalty)
        progress.record(gap(X, y, w, lam, penalty))
        progress.stuck = bool(sweeps) and np.array_equal(w, before)
        if progress.over or len(progress.history) >= progress.max_iter:
            return progress.result(w, 0.0, "polish")
        sweeps = SWEEPS


def polish(X, y, w, lam, penalty):
    """Take Newton steps from `w` as long as they bring it nearer to a minimiser of {eq}`eq-lasso-objective`.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    w : ndarray of shape (p,), float
        Where to start, never changed: near a minimiser, or anywhere where the penalty is a sum of squares.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
        Or any other whose prox is that of each coefficient.

    Returns
    -------
    ndarray of shape (p,)
        At least as near to a minimiser as `w`, as ``w − prox(w − t grad)`` measures it.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Li, Sun & Toh (2018), SIAM J. Optim. 28(1), 433-458.

    Examples
    --------
    >>> from shrinkage.penalties import L1, L2
    >>> X, y = np.array([[1., 1.], [-1., 1.]]), np.array([2., -2.])
    >>> polish(X, y, np.array([1.4, 0.]), lam=0.5, penalty=L1())
    array([1.5, 0. ])
    >>> polish(X, y, np.zeros(2), lam=1.0, penalty=L2())
    array([1., 0.])
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    w, n = as_coefficients(w, X).astype(X.dtype), len(y)
    lengths = squared_lengths(X) / n
    if not lengths.any():
        return w
    t, rounding = float(1 / lengths.max()), 10 * float(np.finfo(X.dtype).eps)

    def at(w):
        """How large the objective and the step of the prox are at `w`, and what the prox sees and says."""
        z = w + t * (X.T @ (y - X @ w)) / n
        new = penalty.prox(z, t * lam)
        return objective(X, y, w, lam, penalty), float(np.linalg.norm((w - new) * np.sqrt(lengths))), z, new

    value, size, z, new = at(w)
    if not w.any():
        # What a prox leaves of numbers that cancel is nothing.
        new = np.where(np.abs(new) > rounding * np.abs(z), new, 0)
    for _ in range(MOST_STEPS):
        # Those that are to leave zero are left to coordinate descent, which knows in which order.
        used = np.flatnonzero(np.where(w, new, 0) if w.any() else new)
        # Away from zero no piece ends, so the slope there is that of the piece.
        slope = (penalty.prox(2 * z, t * lam) - new)[used] / z[used]
        near = size <= rounding * float(np.linalg.norm(w * np.sqrt(lengths))) / 10
        if near or not used.size or slope.min() <= 0:
            break
        c, step = (new - w)[used] / slope / t, np.where(new == 0, -w, 0)
        if step.any():
            c = c - (X.T @ (X @ step))[used] / n
        # Along columns that depend and have no square to pay, rounding in `c` would lead anywhere.
        d = np.maximum(1 / slope - 1, 0) / t + 50 * rounding * lengths[used]
        step[used] = conjugate_gradients(_columns(X, used), c, d)
        trial = _up_to_the_first_zero(w, w + step)
        if not np.isfinite(trial).all():
            break
        found = at(trial)
        if not (found[0] < value * (1 - rounding) or (found[0] <= value * (1 + rounding) and found[1] < size)):
            break
        w, (value, size, z, new) = trial, found
    return w


def _up_to_the_first_zero(w, to):
    """As far on the way from `w` to `to` as no coefficient changes its sign."""
    crossing = np.flatnonzero(w * to < 0)
    if not crossing.size:
        return to
    shares = w[crossing] / (w[crossing] - to[crossing])
    trial = w + shares.min() * (to - w)
    trial[crossing[shares == shares.min()]] = 0
    return trial


def conjugate_gradients(X, c, d):
    """Solve ``(XᵀX/n + diag(d)) v = c`` with nothing of `X` but its products with vectors.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
    c : ndarray of shape (p,), float
    d : ndarray of shape (p,), float
        >= 0.

    Returns
    -------
    ndarray of shape (p,)
        When rounding leaves no more of `c` to be met, or after 10p steps or `MOST_PRODUCTS`: along it, the quadratic
        function of which this equation finds the minimum always descends.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    Each unknown is first measured in units that make the diagonal of the matrix one, so columns may have very
    unlike lengths.

    References
    ----------
    Golub & Van Loan (2013), Matrix Computations, 4th ed., section 11.5.

    Examples
    --------
    >>> conjugate_gradients(np.array([[2., 0.], [0., 4.]]), np.array([2., 9.]), np.array([0., 1.]))
    array([1., 1.])
    """
    c, d = as_vector(c, "c"), as_nonnegative(d, "d")
    X = as_problem(X, np.zeros(X.shape[0], c.dtype), 0.0, sparse=True)[0]
    n, p = X.shape
    diagonal = squared_lengths(X) / n + d
    units = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1))
    v, rest = np.zeros(p, X.dtype), units * c
    way, square = rest, float(rest @ rest)
    enough = (float(np.finfo(X.dtype).eps) * 4) ** 2 * square
    for _ in range(min(10 * p, MOST_PRODUCTS)):
        u = units * way
        product = units * (X.T @ (X @ u) / n + d * u)
        curvature = float(way @ product)
        if curvature <= 0 or square <= enough:
            break
        v = v + square / curvature * way
        rest = rest - square / curvature * product
        before, square = square, float(rest @ rest)
        way = rest + square / before * way
    return units * v


def _columns(X, used):
    """Some of the columns, as they are."""
    return Centred(X.X[:, used], X.m[used], X.d) if isinstance(X, Centred) else X[:, used]

"""One coefficient at a time: the exact minimiser of each, in turn, until the gap says enough."""

import numpy as np

from shrinkage.acceleration import Anderson
from shrinkage.columns import require_squares, squared_lengths
from shrinkage.duality import gap
from shrinkage.inputs import as_budget, as_coefficients, as_problem
from shrinkage.losses import QUADRATIC, objective
from shrinkage.result import Progress
from shrinkage.sparse import Centred


def minimise(X, y, lam, penalty, *, tol=None, max_iter=10_000, w=None, accelerate=False):
    """Minimise {eq}`eq-lasso-objective` on centred data by cyclic coordinate descent, with a certificate.

    Ends at the first `w` whose duality gap is at most `tol` times the objective at zero.  A solver that
    ran out of sweeps has stopped and not converged: it warns and says how large the gap is.

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
        Gap to reach, relative to the objective at zero; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Sweeps at most.
    w : ndarray of shape (p,) or None
        Where to start, never changed; None is zero.
    accelerate : bool
        Whether an extrapolation of the last sweeps is taken wherever its objective is less.

    Returns
    -------
    shrinkage.result.Result

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    A sweep costs as much as reading the stored entries of `X` once.  The columns of a sparse `X` stay sparse:
    as ``x_j − m_j d`` is orthogonal to `d`, the residual `R` may hold any multiple of `d`, and in
    ``(x_j − m_j d)·R / n = x_j·R / n − b m_j`` only ``b = d·R / n`` knows of the centring.
    Without a penalty, at ``lam = 0`` or for a factor of 0, columns are filled for the certificate.

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
    X, y, lam = as_problem(X, y, lam, sparse=True)
    tol, max_iter = as_budget(default_tol(X.dtype) if tol is None else tol, max_iter)
    n, p = X.shape
    require_squares(y)
    w = np.zeros(p, X.dtype) if w is None else as_coefficients(w, X).astype(X.dtype)
    lengths = squared_lengths(X) / n
    with np.errstate(over="ignore", invalid="ignore"):
        residual = y - X @ w
        if not np.isfinite(residual @ residual):
            raise ValueError("w is so large that the squares of the residuals overflow; start nearer to zero")
    # A column of zeros is worth 0 wherever a penalty asks for it, and every column is where y is 0.
    w[(lengths == 0) | ~y.any()] = 0
    used = np.flatnonzero(lengths)
    prices = _prices(lam, lengths, penalty.factors(p))
    column, m = (X.column, X.m.tolist()) if isinstance(X, Centred) else (_column_of(X), [0.0] * p)
    progress = Progress(tol * QUADRATIC.value(y, np.zeros_like(y)), max_iter)
    progress.record(gap(X, y, w, lam, penalty))
    anderson = Anderson()
    while not progress.over:
        before = w.copy()
        # Single-precision products of BLAS may raise the flag of an invalid number in lanes that nobody reads.
        with np.errstate(invalid="ignore"):
            residual = y - X @ w
        b = float(X.d @ residual) / n if isinstance(X, Centred) else 0.0
        for j in used:
            rows, x = column(j)
            ### BEGIN SOLUTION
            z = w[j] + (x @ residual[rows] / n - b * m[j]) / lengths[j]
            new = penalty.prox_one(float(z), prices[j], j)
            change = w[j] - new
            residual[rows] += change * x
            b += float(change) * m[j]
            w[j] = new
            ### END SOLUTION
        guess = anderson.guess(w) if accelerate else None
        if guess is not None and objective(X, y, guess, lam, penalty) < objective(X, y, w, lam, penalty):
            w = guess
        progress.record(gap(X, y, w, lam, penalty))
        progress.stuck = np.array_equal(w, before)
    return progress.result(w, 0.0, "coordinate_descent")


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
    >>> from shrinkage.penalties import L1
    >>> refusal(np.eye(2), QUADRATIC, L1(), 0.1)
    ''
    """
    if loss != QUADRATIC:
        return "the loss is not quadratic"
    # Only a sum over the coefficients has a prox for each.
    return "" if hasattr(penalty, "prox_one") else "the penalty is no sum over the coefficients"


def default_tol(dtype):
    """The relative gap that is asked for where none is given: 1e-12, or 1e-6 in single precision.

    Parameters
    ----------
    dtype : dtype
        Of the data.

    Returns
    -------
    float

    Examples
    --------
    >>> default_tol(np.float32)
    1e-06
    """
    return 1e-6 if np.dtype(dtype) == np.float32 else 1e-12


def _prices(lam, lengths, factors):
    """What a unit of each coefficient costs beside its own square, ``lam`` over the squared length over n."""
    with np.errstate(over="ignore"):
        prices = lam / np.where(lengths > 0, lengths, 1).astype(np.float64)
        highest = prices * np.maximum(factors, 1)
    if not np.isfinite(highest).all():
        raise ValueError(
            "X has a column too short for lam: lam over its squared length, times the factor of the "
            "penalty, overflows; rescale the columns or the factors"
        )
    return prices.tolist()


def _column_of(X):
    X = np.asfortranarray(X)
    everywhere = slice(None)
    return lambda j: (everywhere, X[:, j])

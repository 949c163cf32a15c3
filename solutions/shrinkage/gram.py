"""Ridge from a Gram matrix, ``XᵀX`` or ``XXᵀ``, whichever is smaller, refined until the digits lost in it are back.

Squares lose the small singular values, but a residual of the data themselves knows them.  With ``A = XᵀX + n lam I``
and the gradient ``g = Xᵀ(y − Xw) − n lam w``, measured on `X`, the step ``w + A⁻¹g`` errs by as much as `A` does,
relative to what was left: one or two are enough.  The gap, with the residual as dual point, is

    P(w) − D = ‖g‖₂² / (2 n² lam),

a square, in which no digits cancel.  Where `lam` is so small that it cannot be certified another solver has to do it.
"""

from dataclasses import dataclass

import numpy as np

from shrinkage.columns import require_range, require_squares
from shrinkage.coordinate_descent import default_tol
from shrinkage.inputs import as_design, as_lam, as_lams, as_weights
from shrinkage.least_squares import centre_columns
from shrinkage.losses import as_shares
from shrinkage.plain import plain_problem
from shrinkage.result import Result
from shrinkage.sparse import Centred

STEPS = 6  # of refinement
# Of the objective at zero: thirteen digits of the predictions, which is enough, and ten, below which others are better.
ENOUGH, WORST = 1e-26, 1e-20
CANCELLED = 0.01  # of a sum of squares, what is at least to be left when the mean's share is taken off


@dataclass(frozen=True, eq=False)
class Gathered:
    """Data without intercept and weights, for several targets, with a Gram matrix.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (m, p), float64
        Rows of positive weight, multiplied by its root; centred if the model has an intercept.
    Y : ndarray of shape (m, K), float64
        Targets in response units, treated likewise.
    G : ndarray of shape (p, p), or (m, m) if p > m
        ``XᵀX`` or ``XXᵀ``.
    c : ndarray of shape (p, K), or None if p > m
        ``XᵀY``, where `G` speaks of columns.
    x_mean : ndarray of shape (p,)
        What was taken off the columns, in their units.
    y_mean : ndarray of shape (K,)
        What was taken off the targets, response units.
    """

    X: object
    Y: np.ndarray
    G: np.ndarray
    c: np.ndarray | None
    x_mean: np.ndarray
    y_mean: np.ndarray


def gather(X, Y, fit_intercept=True, sample_weight=None):
    """Take intercept and weights out of data for several targets, and form the smaller Gram matrix.

    Of dense data without weights no copy is made: ``(X − 1mᵀ)ᵀ(X − 1mᵀ)`` is ``XᵀX`` less what the means contribute,
    unless they are so far from zero that this difference would lose its digits.

    Parameters
    ----------
    X : ndarray or sparse matrix of shape (n, p), float
        Never written to.
    Y : ndarray of shape (n, K), float
        Targets in response units.
    fit_intercept : bool
    sample_weight : ndarray of shape (n,), float, or None
        Weights of the rows, >= 0.

    Returns
    -------
    Gathered

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> data = gather(np.array([[1., 0.], [3., 0.], [5., 3.]]), np.array([[0.], [4.], [5.]]))
    >>> data.G, data.x_mean, data.y_mean
    (array([[8., 6.],
           [6., 6.]]), array([3., 1.]), array([3.]))
    """
    Y = np.asarray(as_design(Y, "Y"), np.float64)
    n = len(Y)
    if fit_intercept and sample_weight is None and _fits(X, n):
        Yc, y_mean = centre_columns(Y, np.ones(n))
        _require_squares(Yc)
        with np.errstate(over="ignore", invalid="ignore"):
            squares, one = gram(X), np.ones(n)
            if X.shape[1] <= n:
                x_mean, c = _sums(X, Yc)
                G = _less_the_means(squares, x_mean, one, n * x_mean)
            else:
                # The mean of the columns of ``XXᵀ`` is `X` times its own mean row.
                x_mean, c = X.mean(axis=0), None
                G = _less_the_means(squares, one, x_mean, squares.mean(axis=1))
            kept = np.diag(G) > CANCELLED * np.diag(squares)
        if np.isfinite(G).all() and kept.all():
            return Gathered(Centred(X, x_mean), Yc, G, c, x_mean, y_mean)
    plain = plain_problem(X, Y[:, 0], bool(fit_intercept), False, sample_weight)
    s = as_weights(sample_weight, n)
    Y, s, y_mean = Y[s > 0], s[s > 0], np.zeros(Y.shape[1])
    if fit_intercept:
        Y, y_mean = centre_columns(Y, s)
    Y = Y * np.sqrt(len(s) * as_shares(s, len(s)))[:, None]
    _require_squares(Y)
    with np.errstate(over="ignore", invalid="ignore"):
        G, c = gram(plain.X), plain.X.T @ Y if X.shape[1] <= len(Y) else None
    require_range(G, plain.X)
    return Gathered(plain.X, Y, G, c, plain.x_mean, y_mean)


def _require_squares(Y):
    for y in Y.T:
        require_squares(y)


def _fits(X, n):
    """Whether `X` is a dense matrix of `n` rows that can be taken as it stands."""
    dense = isinstance(X, np.ndarray) and not isinstance(X, np.ma.MaskedArray)
    return dense and X.ndim == 2 and X.dtype == np.float64 and len(X) == n and X.shape[1] > 0


def gram(X):
    """The smaller of ``XᵀX`` and ``XXᵀ``.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float

    Returns
    -------
    ndarray of shape (p, p), or (n, n) if p > n; a sparse matrix for one

    Examples
    --------
    >>> gram(np.array([[3., 4., 0.]])), gram(np.array([[3.], [4.]]))
    (array([[25.]]), array([[25.]]))
    """
    n, p = X.shape
    if not isinstance(X, Centred):
        return X.T @ X if p <= n else X @ X.T
    squares = gram(X.X)
    squares = squares if isinstance(squares, np.ndarray) else squares.toarray()
    return _less_the_means(squares, X.m, X.d, X.X.T @ X.d) if p <= n else _less_the_means(squares, X.d, X.m, X.X @ X.m)


def _less_the_means(squares, m, d, along):
    """``(X − d mᵀ)ᵀ(X − d mᵀ)`` from ``XᵀX`` and ``Xᵀd``; with the transpose of `X`, what it is of the rows."""
    cross = np.outer(m, along)
    return squares - cross - cross.T + np.outer(m, m) * (d @ d)


def _blocks(X):
    """Rows of a dense `X`, as many as are read once into a processor's cache and used twice."""
    step = max(1024, 2**18 // X.shape[1])
    return [slice(i, i + step) for i in range(0, len(X), step)]


def _sums(X, Y):
    """Means of the columns of a dense `X`, and ``XᵀY`` for a centred `Y`."""
    total, c = np.zeros(X.shape[1]), np.zeros((X.shape[1], Y.shape[1]))
    for rows in _blocks(X):
        total += np.ones(len(X[rows])) @ X[rows]
        c += X[rows].T @ Y[rows]
    return total / len(X), c


def _residual(X, W, Y):
    """``Y − XW``, and `Xᵀ` times it."""
    if not (isinstance(X, Centred) and isinstance(X.X, np.ndarray)):
        rest = Y - X @ W
        return rest, X.T @ rest
    rest, c, of_mean = np.empty_like(Y), np.zeros_like(W), X.m @ W
    for rows in _blocks(X.X):
        rest[rows] = Y[rows] - X.X[rows] @ W + of_mean
        c += X.X[rows].T @ rest[rows]
    return rest, c - np.outer(X.m, rest.sum(axis=0))


def ridge(data, lams):
    """Ridge for every target with the duality gap of each, from one Cholesky factorisation for each `lam`.

    Parameters
    ----------
    data : Gathered
    lams : array_like of shape (K,), float
        Penalty weight of each target, >= 0.

    Returns
    -------
    list of shrinkage.result.Result
        One a target, in the units of the data as they came; empty where they cannot be certified, for a `lam` is too
        small for the squares.

    Raises
    ------
    ValueError
        If `lams` cannot be used.

    References
    ----------
    Golub & Van Loan (2013), Matrix Computations, 4th ed., sections 3.5.3 and 4.2.

    Examples
    --------
    >>> (result,) = ridge(gather(np.array([[1.], [3.]]), np.array([[0.], [4.]])), [1.0])
    >>> result.w.round(12), round(result.b, 12), result.gap < 1e-20
    (array([1.]), 0.0, True)
    """
    lams, found = as_lams(lams), {}
    for lam in np.unique(lams):
        at = np.flatnonzero(lams == lam)
        results = _ridge(
            data.X, data.Y[:, at], data.G, None if data.c is None else data.c[:, at], as_lam(float(lam), len(data.Y))
        )
        if results is None:
            return []
        W, histories = results
        B = data.y_mean[at] - data.x_mean @ W
        for k, w, b, history in zip(at, W.T, B, histories.T, strict=True):
            found[k] = Result(w, float(b), float(history[-1]), 1, history, True, "gram")
    return [found[k] for k in range(len(lams))]


def _ridge(X, Y, G, c, lam):
    """Coefficients of shape (p, K), and gaps before and after of shape (2, K); None where they are not certified."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    n, p = X.shape
    t, wide = n * lam, p > n
    A = G + t * np.eye(len(G))
    if not t or not np.isfinite(A).all():
        return None
    # Of all diagonal scalings, ones on the diagonal are nearly the best for the condition.
    units = 1 / np.sqrt(np.diag(A))
    try:
        factor = cho_factor(A * np.outer(units, units))
    except LinAlgError:
        return None
    # A penalty that the rounding of the squares hides does not choose among what the data leave open.
    if np.diag(factor[0]).min() ** 2 <= 10 * len(G) * np.finfo(float).eps:
        return None
    null, found = np.sum(Y**2, axis=0), []
    W, a, rest = np.zeros((p, Y.shape[1])), 0.0, Y
    for _ in range(STEPS):
        # The gradient, or that of which it is Xᵀ times: what neither the fit nor the penalty explains yet.
        left = rest - t * a if wide else c - t * W
        step = units[:, None] * cho_solve(factor, units[:, None] * left)
        # Twice n times what the objective is above its least, as the factorisation knows it.
        excess = np.sum(left * (left - t * step if wide else step), axis=0)
        if found and (excess > found[-1][0] / 4).any():
            break
        found.append((excess, W, left))
        if (excess <= ENOUGH * null).all():
            break
        a = a + step
        W = X.T @ a if wide else W + step
        rest, c = (Y - X @ W, None) if wide else _residual(X, W, Y)
    excess, W, left = found[-1]
    gaps = np.sum((X.T @ left if wide else left) ** 2, axis=0) / (2 * n * t)
    if (np.abs(excess) > WORST * null).any() or (2 * n * gaps > default_tol(float) * null).any():
        return None
    # Of the start the squares themselves know enough.
    start = np.sum(Y * (G @ Y) if wide else found[0][2] ** 2, axis=0) / (2 * n * t)
    return W, np.stack([start, gaps])

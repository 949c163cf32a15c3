"""Leaving out each row of a ridge fit, for many `lam` and targets at once, rows of sparse data included.

The data are plain: weights are in the rows, and columns and targets are centred where there is an intercept.  With the
singular value decomposition ``X = U diag(d) Vᵀ`` the error of row i, predicted by all the others, is

    (y_i − Σ_k f_k u_ik z_k) / (1 − g_i² − Σ_k f_k u_ik²),   f_k = d_k² / (d_k² + n lam),   z = Uᵀy,

with the direction ``g`` of the intercept, of length 1.
"""

import numpy as np

from shrinkage.gram import gram
from shrinkage.inputs import as_columns, as_lams
from shrinkage.least_squares import thin_svd

ROWS = 4096  # at a time


def errors_of_others(X, Y, lams, g=None, G=None):
    """Errors of predicting each row from all the others, some rows at a time, from one factorisation.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Rows multiplied by the roots of their weights; columns centred if the model has an intercept.
    Y : ndarray of shape (n, K), float
        Targets in response units, treated likewise.
    lams : array_like of shape (L,), float
        Penalty weights, each >= 0; the total penalty stays ``n lam`` when a row is left out.
    g : ndarray of shape (n,) or None
        The direction of the intercept, the roots of the weights divided by their length; None for no intercept.

    G : ndarray of shape (p, p), or (n, n) if p > n, or None
        `shrinkage.gram.gram` of `X`, where it is known already.

    Yields
    ------
    rows : slice
    E : ndarray of shape (L, number of rows, K)
        Infinite where the others say nothing about a row.

    Returns
    -------
    generator

    Raises
    ------
    ValueError
        If `X` or `lams` cannot be used; the message names it.

    References
    ----------
    Golub, Heath & Wahba (1979), Technometrics 21(2), 215-223.

    Examples
    --------
    With an enormous `lam` each row is predicted by the mean of the others:

    >>> X, Y, g = np.array([[-2.], [-1.], [3.]]), np.array([[-3.], [0.], [3.]]), np.full(3, 3 ** -0.5)
    >>> [E.round(6).ravel() for rows, E in errors_of_others(X, Y, [1e12], g)]
    [array([-4.5,  0. ,  4.5])]
    """
    X, lams = as_columns(X), as_lams(lams)
    n, g = len(Y), np.zeros(len(Y)) if g is None else g
    eps, t = float(np.finfo(X.dtype).eps), n * lams[:, None]
    squares, V = np.linalg.eigh(gram(X) if G is None else G)
    # The squares know a small d only up to the rounding of the largest, which a penalty above it hides.
    exact = not hasattr(X, "X") or isinstance(X.X, np.ndarray)
    if exact and t.min() < 1e8 * eps * squares[-1]:
        U, d = _factors(X if isinstance(X, np.ndarray) else X.X - np.outer(X.d, X.m))
    elif X.shape[1] > n:
        U, d = V[:, ::-1], np.sqrt(np.where(squares > n * eps * squares[-1], squares, 0))[::-1]
    else:
        yield from _by_columns(X, Y, t, g, V, np.maximum(squares, 0))
        return
    most = n - bool(g.any())  # as many directions are left
    k = min(int((d > 0).sum()), most)
    U, d, spanned = U[:, :k].astype(np.float64), d[:k].astype(np.float64), k == most
    z, left = U.T @ Y, t / (d**2 + t)
    for rows in _blocks(n):
        # Sums of what ridge leaves, and no differences to one, keep their digits where a row is nearly met.
        beyond = 0.0 if spanned else np.maximum(1 - g[rows] ** 2 - np.sum(U[rows] ** 2, axis=1), 0)
        rest = 0.0 if spanned else Y[rows] - U[rows] @ z
        remaining = left @ (U[rows] ** 2).T + beyond
        residual = np.einsum("lk,ik,kj->lij", left, U[rows], z, optimize=True) + rest
        yield rows, _ratio(residual, remaining, 0 if spanned else 10 * n * eps)


def _factors(X):
    """`U` and `d` with all their digits; for more columns than rows those of the triangle of ``Xᵀ``, which is small."""
    return thin_svd(X if X.shape[1] <= len(X) else np.linalg.qr(X.T, mode="r").T)[:2]


def _by_columns(X, Y, t, g, V, squares):
    """The same for more rows than columns: with ``Q = XV`` the share ``f_k u_ik²`` is ``q_ik²/(d_k² + n lam)``."""
    n, eps = len(Y), float(np.finfo(X.dtype).eps)
    shares = np.divide(1, squares + t, out=np.zeros((len(t), len(squares))), where=squares + t > 0)
    c = V.T @ (X.T @ Y)
    dense = isinstance(X, np.ndarray)
    by_rows = X if dense else X.X if isinstance(X.X, np.ndarray) else X.X.tocsr()
    mean = None if dense else X.m @ V
    for rows in _blocks(n):
        Q = by_rows[rows] @ V
        if not dense:
            Q -= np.outer(X.d[rows], mean)
        remaining = 1 - g[rows] ** 2 - shares @ (Q**2).T
        residual = Y[rows] - np.einsum("lk,ik,kj->lij", shares, Q, c, optimize=True)
        yield rows, _ratio(residual, remaining, 10 * n * eps)


def _blocks(n):
    return [slice(i, min(i + ROWS, n)) for i in range(0, n, ROWS)]


def _ratio(residual, remaining, least):
    unknown = remaining <= least
    return np.where(unknown[..., None], np.inf, residual / np.where(unknown, 1, remaining)[..., None])

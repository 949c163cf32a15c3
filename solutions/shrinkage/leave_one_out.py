"""Leaving out each row of a ridge fit, for many `lam` and targets at once, rows of sparse data included.

The data are plain: weights are in the rows, and columns and targets are centred where there is an intercept.  With the
singular value decomposition ``X = U diag(d) Vᵀ`` the error of row i, predicted by all the others, is

    (y_i − Σ_k f_k u_ik z_k) / (1 − g_i² − Σ_k f_k u_ik²),   f_k = d_k² / (d_k² + n lam),   z = Uᵀy,

with the direction ``g`` of the intercept, of length 1.
"""

import numpy as np

from shrinkage.inputs import as_columns, as_lams
from shrinkage.least_squares import thin_svd
from shrinkage.sparse import Centred

ROWS = 4096  # at a time


def errors_of_others(X, Y, lams, g=None):
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
    most = n - bool(g.any())  # as many directions are left
    U_of, d = _directions(X, float(n * lams.min()))
    k = min(int((d > 0).sum()), most)
    d, spanned = d[:k].astype(np.float64), k == most
    blocks = [slice(i, min(i + ROWS, n)) for i in range(0, n, ROWS)]
    z = sum((U_of(rows)[:, :k].T @ Y[rows] for rows in blocks), np.zeros((k, Y.shape[1])))
    t = np.sqrt(n * lams)[:, None]
    left = (t / np.hypot(d, t)) ** 2 if k else np.zeros((len(lams), 0))
    eps = float(np.finfo(X.dtype).eps)
    for rows in blocks:
        U = U_of(rows)[:, :k].astype(np.float64)
        # Sums of what ridge leaves, and no differences to one, keep their digits where a row is nearly met.
        beyond = 0.0 if spanned else np.maximum(1 - g[rows] ** 2 - np.sum(U**2, axis=1), 0)
        rest = 0.0 if spanned else Y[rows] - U @ z
        remaining = left @ (U**2).T + beyond
        residual = np.einsum("lk,ik,kj->lij", left, U, z, optimize=True) + rest
        unknown = remaining <= (0 if spanned else 10 * n * eps)
        yield rows, np.where(unknown[..., None], np.inf, residual / np.where(unknown, 1, remaining)[..., None])


def _directions(X, total):
    """A function that gives rows of `U`, and `d`, decreasing and 0 where it is noise."""
    (n, p), eps = X.shape, float(np.finfo(X.dtype).eps)
    sparse = isinstance(X, Centred)
    if not sparse and p > n:
        U, d, _ = thin_svd(np.linalg.qr(X.T, mode="r").T)
        return (lambda rows: U[rows]), d
    if sparse and p > n:
        squares, U = np.linalg.eigh(_gram_of_rows(X))
        d = np.sqrt(np.maximum(squares[::-1], 0))
        return (lambda rows: U[rows, ::-1]), np.where(d > np.sqrt(n * eps) * d[0], d, 0)
    squares, V = np.linalg.eigh(_gram(X) if sparse else X.T @ X)
    d, V = np.sqrt(np.maximum(squares[::-1], 0)), V[:, ::-1]
    # The squares know a small d only up to the rounding of the largest, which a penalty above it hides.
    if not sparse and total < 1e8 * eps * d[0] ** 2:
        U, d, _ = thin_svd(X)
        return (lambda rows: U[rows]), d
    d = np.where(d > np.sqrt(p * eps) * d[0], d, 0)
    W = V * np.divide(1, d, out=np.zeros_like(d), where=d > 0)
    if not sparse:
        return (lambda rows: X[rows] @ W), d
    by_rows, mean = X.X.tocsr(), X.m @ W
    return (lambda rows: by_rows[rows] @ W - np.outer(X.d[rows], mean)), d


def _gram(X):
    """``(X − d mᵀ)ᵀ (X − d mᵀ)``, of shape (p, p)."""
    cross = np.outer(X.m, X.X.T @ X.d)
    return (X.X.T @ X.X).toarray() - cross - cross.T + np.outer(X.m, X.m) * (X.d @ X.d)


def _gram_of_rows(X):
    """``(X − d mᵀ) (X − d mᵀ)ᵀ``, of shape (n, n)."""
    cross = np.outer(X.d, X.X @ X.m)
    return (X.X @ X.X.T).toarray() - cross - cross.T + np.outer(X.d, X.d) * (X.m @ X.m)

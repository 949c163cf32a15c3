"""Sparse columns, centred without filling them: products and single columns are all a solver needs.

A matrix whose columns are centred has no zeros left.  But ``(X − d mᵀ) w`` is ``Xw`` less a multiple of `d`,
and ``(X − d mᵀ)ᵀ r`` is ``Xᵀr`` less a multiple of `m`, so the centred matrix is never formed.
"""

import numpy as np


class Centred:
    """The matrix ``X − d mᵀ`` with a sparse `X`, in the place of a dense one.

    Parameters
    ----------
    X : scipy.sparse.csc_array of shape (n, p)
        Rows multiplied by `d`, where there are sample weights.  Where products are all that is asked for, a dense one
        that is not to be copied will do.
    m : ndarray of shape (p,)
        What is taken off: ``Xᵀd / n`` where the columns are centred, 0 where they are not.
    d : ndarray of shape (n,) or None
        Roots of the weights, with ``d·d = n``; ones without weights, which is None.

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> A = Centred(csc_array([[0., 1.], [4., 1.]]), np.array([2., 1.]))
    >>> A @ np.array([1., 5.]), A.T @ np.array([1., 2.])
    (array([-2.,  2.]), array([2., 0.]))
    >>> A.squared_lengths()
    array([8., 0.])
    """

    def __init__(self, X, m, d=None):
        self.X, self.m = X, m
        self.d = np.ones(X.shape[0], X.dtype) if d is None else d
        self.shape, self.dtype = X.shape, X.dtype

    def __matmul__(self, w):
        return self.X @ w - np.multiply.outer(self.d, self.m @ w)

    @property
    def T(self):
        """The transpose, which has a product too."""
        return _Transposed(self)

    def astype(self, dtype):
        """The same matrix in another precision."""
        return Centred(self.X.astype(dtype), self.m.astype(dtype), self.d.astype(dtype))

    def dense(self, columns):
        """Some of the columns, filled: an ndarray of shape (n, k)."""
        return self.X[:, columns].toarray() - np.outer(self.d, self.m[columns])

    def column(self, j):
        """The rows and the entries of column `j` of `X` that are stored."""
        at = slice(self.X.indptr[j], self.X.indptr[j + 1])
        return self.X.indices[at], self.X.data[at]

    def largest(self):
        """Largest absolute value stored in every column of `X`, of shape (p,)."""
        return abs(self.X).max(axis=0).toarray().ravel()

    def squared_lengths(self):
        """Squared length of every centred column, of shape (p,); exactly 0 for constant ones."""
        X, n, stored = self.X, self.shape[0], np.diff(self.X.indptr)
        of = np.repeat(np.arange(self.shape[1]), stored)
        d, m = self.d[X.indices].astype(np.float64), self.m.astype(np.float64)
        off, weight = np.zeros((2, self.shape[1]))
        np.add.at(off, of, (X.data - d * m[of]) ** 2)
        np.add.at(weight, of, d**2)
        # Both terms are sums of squares: those of the entries that are stored, and of those that are zero.
        full, eps = stored == n, 10 * np.finfo(self.dtype).eps
        total = float(self.d.astype(np.float64) @ self.d)
        squares = off + m**2 * np.where(full, 0, np.maximum(total - weight, 0))
        # Of a full column only the rounding of its entries is noise, of another that of the sums too.
        noise = n * m**2 * np.where(full, eps**2, 10 * np.finfo(np.float64).eps)
        return np.where((squares > noise) | ~np.isfinite(squares), squares, 0).astype(self.dtype)


class _Transposed:
    def __init__(self, of):
        self.of = of

    def __matmul__(self, r):
        return self.of.X.T @ r - np.multiply.outer(self.of.m, self.of.d @ r)

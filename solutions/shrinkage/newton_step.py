"""Newton's step for a loss of the predictions under squares of the coefficients, in the way that is cheapest.

With the second derivative ``C = RᵀR`` of the loss in the predictions, ``D = diag(d)`` of the penalty ``Σ d_j w_j²/2``
and `g`, minus the slope of both together, the step solves ``(XᵀCX + D) step = g``.  By the rows, where these are fewer,

    step = D⁻¹(g − XᵀRᵀa),   (I + R K Rᵀ) a = R X D⁻¹ g,   K = X D⁻¹ Xᵀ,

and `K` is the same for every step.  By the columns the matrix is formed and factored at one point, and leads conjugate
gradients at the next ones until they take long.  Those of a sparse `X` do without it as long as they can.
"""

import numpy as np

from shrinkage.sparse import Centred

MOST_COLUMNS = 3000  # of a sparse matrix whose product with itself is formed: 72 MB
STEPS = 300  # of conjugate gradients without a factor
LEAST = 1e-20  # of the squared slope, at which they stop


class NewtonStep:
    """The step from any point, for one `X` and one penalty.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float64
        Not centred if it is sparse.
    d : ndarray of shape (p,), float64
        >= 0.
    loss : shrinkage.losses.Logistic
    y : ndarray of shape (n,), float64

    Examples
    --------
    >>> from shrinkage.losses import QUADRATIC
    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> NewtonStep(X, np.array([1.0]), QUADRATIC, y).from_point(np.zeros(1), np.zeros(2)).round(9)
    array([1.])
    """

    def __init__(self, X, d, loss, y):
        self.X, self.d, self.loss, self.y = X, d, loss, y
        self.dense, self.free, self.factor = isinstance(X, np.ndarray), d == 0, None
        self.by_rows = self.dense and np.count_nonzero(d) > len(y)
        if self.by_rows:
            self.Z, self.A = X[:, self.free], X[:, ~self.free] if self.free.any() else X
            curved = roots(loss, y, np.zeros(len(y))).squared().diagonal() @ np.einsum("ij,ij->i", self.A, self.A)
            # Below this share of the curvature at zero a division by `d` would magnify rounding alone.
            self.lifted = np.maximum(d[~self.free], 1e-13 * curved / self.A.shape[1])
            self.K = (self.A / self.lifted) @ self.A.T
        elif not self.dense:
            self.squares = X.X.power(2)

    def from_point(self, w, eta, enough=0.0):
        """The step from `w` with the predictions `eta`, of shape (p,).

        Parameters
        ----------
        w : ndarray of shape (p,), float64
        eta : ndarray of shape (n,), float64
            ``Xw``.
        enough : float
            The share of the squared slope at which conjugate gradients may stop.

        Returns
        -------
        ndarray of shape (p,)
        """
        R, g = roots(self.loss, self.y, eta), -(self.X.T @ self.loss.gradient(self.y, eta)) - self.d * w
        if self.by_rows:
            return self._by_rows(R, g)
        C, step, ended = R.squared(), None, False
        if self.factor is not None:
            # Forming the matrix costs a few products with the data, and factoring it a share of its columns.
            step, ended = self._by_products(C, g, enough, self._by_factor, 5 + len(g) // 10)
        elif not self.dense:
            diagonal = self.squares.T @ C.diagonal() + self.d
            units = np.divide(1, diagonal, out=np.zeros_like(diagonal), where=diagonal > 0)
            step, ended = self._by_products(C, g, enough, lambda left: units * left, STEPS)
        if not ended and (self.dense or len(g) <= MOST_COLUMNS):
            self._form(eta)
            step, _ = self._by_products(C, g, enough, self._by_factor, STEPS)
        return step

    def _by_rows(self, R, g):
        from scipy.linalg import cho_factor

        factor, RZ = cho_factor(np.eye(len(self.y)) + R @ (R @ self.K).T, overwrite_a=True), R @ self.Z
        step = self._solved(factor, R, RZ, g)
        # Dividing by a small d magnifies rounding, of which what is left of the slope tells.
        left = g - self.X.T @ (R.T @ (R @ (self.X @ step))) - self.d * step
        return step + self._solved(factor, R, RZ, left)

    def _solved(self, factor, R, RZ, g):
        from scipy.linalg import cho_solve

        d, step = self.lifted, np.zeros(len(g))
        a = cho_solve(factor, R @ (self.A @ (g[~self.free] / d)), check_finite=False)
        if self.free.any():
            # Columns without a penalty are eliminated first.
            S = cho_solve(factor, RZ, check_finite=False)
            step[self.free] = z = np.linalg.lstsq(RZ.T @ S, g[self.free] - RZ.T @ a, rcond=1e-13)[0]
            a = a + S @ z
        step[~self.free] = (g[~self.free] - self.A.T @ (R.T @ a)) / d
        return step

    def _form(self, eta):
        from scipy.linalg import cho_factor

        rows = rooted(self.X, self.loss, self.y, eta)
        H = rows.T @ rows if self.dense else (rows.X.T @ rows.X).toarray()
        diagonal = np.einsum("jj->j", H)
        diagonal += self.d
        self.units = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1))
        H *= self.units
        H *= self.units[:, None]
        # Where columns without a penalty depend, rounding would lead anywhere.
        diagonal += 1e-12
        self.factor = cho_factor(H, overwrite_a=True)

    def _by_factor(self, left):
        from scipy.linalg import cho_solve

        return self.units * cho_solve(self.factor, self.units * left, check_finite=False)

    def _by_products(self, C, g, enough, near, most):
        """Conjugate gradients led by `near`, which nearly solves the system; and whether they came to their end."""
        X, d = self.X if self.dense else self.X.X, self.d
        step, left, way = np.zeros_like(g), g, near(g)
        size = float(g @ way)
        least = max(enough, LEAST) * size
        for _ in range(most):
            if size <= least:
                return step, True
            bent = X.T @ (C @ (X @ way)) + d * way
            share = size / float(way @ bent)
            step, left = step + share * way, left - share * bent
            leads = near(left)
            size, before = float(left @ leads), size
            way = leads + size / before * way
        return step, size <= least


class Blocks:
    """A matrix of blocks on the diagonal, one for each row of the data.

    Parameters
    ----------
    blocks : ndarray of shape (n/K, K, K), float64

    Examples
    --------
    >>> Blocks(np.array([[[2.0]], [[3.0]]])) @ np.ones(2)
    array([2., 3.])
    """

    def __init__(self, blocks):
        self.blocks = blocks

    @property
    def T(self):
        """The transpose."""
        return Blocks(self.blocks.transpose(0, 2, 1))

    def __matmul__(self, A):
        if self.blocks.shape[1] == 1:
            return (self.blocks[:, 0] if A.ndim > 1 else self.blocks[:, 0, 0]) * A
        return (self.blocks @ A.reshape(*self.blocks.shape[:2], -1)).reshape(A.shape)

    def squared(self):
        """The product of the transpose with it."""
        return Blocks(self.blocks**2 if self.blocks.shape[1] == 1 else self.T.blocks @ self.blocks)

    def diagonal(self):
        """Of shape (n,)."""
        return np.diagonal(self.blocks, axis1=1, axis2=2).ravel()


def roots(loss, y, eta):
    """Roots `R` of the second derivative ``RᵀR`` of a loss.

    Parameters
    ----------
    loss : shrinkage.losses.Logistic
    y, eta : ndarray of shape (n,), float64

    Returns
    -------
    Blocks

    Examples
    --------
    >>> from shrinkage.losses import Logistic
    >>> roots(Logistic(), np.array([1.]), np.zeros(1)).blocks
    array([[[0.5]]])
    """
    # What they make of unit matrices, one below the other.
    K = loss.K
    return Blocks(loss.root(np.tile(np.eye(K), (len(eta) // K, 1)), y, eta).reshape(-1, K, K))


def rooted(X, loss, y, eta, scale=1.0):
    """``scale RX`` for the root `R` of the second derivative, sparse if `X` is.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float64
    loss : shrinkage.losses.Logistic
    y, eta : ndarray of shape (n,), float64
    scale : float

    Returns
    -------
    ndarray or shrinkage.sparse.Centred, of shape (n, p)

    Examples
    --------
    >>> from shrinkage.losses import Logistic
    >>> rooted(np.array([[4.]]), Logistic(), np.array([1.]), np.zeros(1))
    array([[2.]])
    """
    if not isinstance(X, Centred):
        return scale * loss.root(X, y, eta)
    from scipy.sparse import csr_array

    N, K = len(eta), loss.K
    columns = np.repeat(np.arange(N).reshape(-1, K), K, axis=0)
    R = csr_array(
        (scale * roots(loss, y, eta).blocks.ravel(), columns.ravel(), np.arange(0, N * K + 1, K)), shape=(N, N)
    )
    return Centred((R @ X.X).tocsc(), X.m, X.d)

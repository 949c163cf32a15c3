"""Classes and counts as they come, and the same problem for a solver that knows predictions alone.

No centring takes the intercept out of a likelihood, so it is a column of ones without a penalty; shares and offsets go
into the loss.  With K classes every column stands K times, once for each class.
"""

from dataclasses import dataclass, replace

import numpy as np

from shrinkage.inputs import as_vector
from shrinkage.least_squares import centre_columns, standardise, weighted_rows
from shrinkage.plain import as_rows, sparse_scales
from shrinkage.sparse import Centred


@dataclass(frozen=True, eq=False)
class Weighted:
    """A loss of rows with shares of their own, around a known part of each prediction: ``F(eta + o)``.

    Parameters
    ----------
    loss : shrinkage.losses.Logistic, Poisson or Multinomial
    share : ndarray of shape (n,)
        From `as_shares`.
    offset : ndarray of the shape of eta
        The known part `o`, in the units of eta.

    Examples
    --------
    >>> from shrinkage.losses import Logistic
    >>> loss = Weighted(Logistic(), np.array([0.25, 0.75]), np.zeros(2))
    >>> loss.gradient(np.array([0., 1.]), np.zeros(2))
    array([ 0.125, -0.375])
    """

    loss: object
    share: np.ndarray
    offset: np.ndarray

    @property
    def K(self):
        """That of the loss."""
        return self.loss.K

    @property
    def lipschitz(self):
        """That of the loss where a row has the largest share."""
        return self.loss.lipschitz * float(self.share.max()) * len(self.share)

    def value(self, y, eta, share=None):
        """``F(eta + o)``; `share` stays None, as the loss has its own."""
        return self.loss.value(y, eta + self.offset, self.share)

    def gradient(self, y, eta):
        """Slope of `value` in each prediction."""
        return self.loss.gradient(y, eta + self.offset, self.share)

    def curvature(self, y, eta):
        """That of the loss."""
        return self.loss.curvature(y, eta + self.offset, self.share)

    def root(self, A, y, eta):
        """That of the loss."""
        return self.loss.root(A, y, eta + self.offset, self.share)

    def conjugate(self, y, v):
        """Convex conjugate of `value` at `v`."""
        return self.loss.conjugate(y, v, self.share) - float(v @ self.offset)


@dataclass(frozen=True, eq=False)
class Likelihood:
    """A problem of predictions, and the way back.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (m K, (p + c) K), float
        The m rows of positive weight, with c columns for the intercept: one, two of either sign where coefficients
        may not be negative, or none.
    y : ndarray of shape (m K,), float
    loss : shrinkage.losses.Weighted
    x_mean : ndarray of shape (p,), float64
        What was taken off the columns, in their units.
    x_scale : ndarray of shape (p,)
        What divided the columns, in their units.
    signs : tuple of float
        Those of the columns for the intercept.
    """

    X: object
    y: np.ndarray
    loss: Weighted
    x_mean: np.ndarray
    x_scale: np.ndarray
    signs: tuple

    def factors(self, penalty):
        """The factors of `penalty` for the columns of `X`, of shape ((p + c) K,)."""
        return np.repeat([*penalty.factors(len(self.x_scale)), *(0.0 for _ in self.signs)], self.loss.K)

    def start(self, w):
        """Coefficients of shape (p,) or (p, K) as the columns of `X` have them; the intercept starts at zero."""
        p, K, w = len(self.x_scale), self.loss.K, as_vector(np.ravel(w), "w")
        if len(w) != p * K:
            raise ValueError(f"w must have {K} for each of {p} columns; it has {len(w)} numbers")
        W = w.reshape(p, K) * self.x_scale[:, None]
        return np.append(W, np.zeros((len(self.signs), W.shape[1]), W.dtype))

    def restored(self, result, free):
        """A `shrinkage.result.Result` of this problem as one of the data as they came.

        Of the coefficients of the columns `free`, which have no penalty, and of intercepts the mean over the classes
        is nobody's, and taken off.
        """
        p, K = len(self.x_scale), self.loss.K
        W = result.w.reshape(-1, K)
        w = W[:p] / self.x_scale[:, None]
        b = np.asarray(self.signs) @ W[p:] - self.x_mean @ w
        if K == 1:
            return replace(result, w=w[:, 0], b=float(b[0]))
        # Under a penalty the mean is zero or has its price.
        w[free] -= w[free].mean(axis=1, keepdims=True)
        return replace(result, w=w, b=b - b.mean())


def require_minimum(X, y, loss):
    """Refuse a likelihood that rises for ever along columns without a penalty: separated classes are of this kind.

    Parameters
    ----------
    X : ndarray of shape (n, k), float
        The columns without a penalty, that for the intercept included.
    y : ndarray of shape (n,), float
    loss : shrinkage.likelihood.Weighted

    Raises
    ------
    ValueError
        If there is no finite minimum.

    References
    ----------
    Albert & Anderson (1984), Biometrika 71(1), 1-10.

    Examples
    --------
    >>> from shrinkage.losses import Logistic
    >>> require_minimum(np.array([[1.], [2.], [-1.]]), np.array([1., 1., 0.]), Weighted(Logistic(), None, None))
    Traceback (most recent call last):
    ...
    ValueError: y is separated by columns without a penalty: the likelihood has no maximum; give them one, and lam > 0
    """
    from scipy.optimize import linprog

    E, D = loss.loss.downhill(X, y)
    scale = np.abs(X).max(axis=0)
    E, D = (A.astype(np.float64) / np.where(scale > 0, scale, 1) for A in (E, D))
    ahead = linprog(-D.sum(axis=0), A_ub=-D, b_ub=np.zeros(len(D)), A_eq=E, b_eq=np.zeros(len(E)), bounds=(-1, 1))
    if -ahead.fun > 1e-7:
        raise ValueError(
            "y is separated by columns without a penalty: the likelihood has no maximum; give them one, and lam > 0"
        )


def likelihood_problem(
    X, y, loss, positive=False, fit_intercept=True, standardize=False, sample_weight=None, offset=None
):
    """Put weights and offset into the loss and the intercept into the columns.

    Parameters
    ----------
    X, y, loss, positive, fit_intercept, standardize, sample_weight, offset : object
        As for `shrinkage.fit.fit`.

    Returns
    -------
    Likelihood

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> from shrinkage.losses import Logistic
    >>> problem = likelihood_problem(np.array([[1.], [3.]]), np.array([0., 1.]), Logistic())
    >>> problem.X
    array([[-1.,  1.],
           [ 1.,  1.]])
    """
    X, y, s, offset = as_rows(X, y, fit_intercept, standardize, sample_weight, offset, loss.K)
    target = loss.target(y)
    if fit_intercept and (reason := loss.lacks(y)):
        raise ValueError(f"y {reason} that counts, so the intercept has no finite best value")
    (m, p), share, K = X.shape, s / s.sum(), loss.K
    x_mean, x_scale = np.zeros(p), np.ones(p, X.dtype)
    signs = ((1.0, -1.0) if positive else (1.0,)) if fit_intercept else ()
    ones = np.tile(np.array(signs, X.dtype), (m, 1))
    if isinstance(X, np.ndarray):
        A = X
        if standardize:
            scaled, _, x_scale = standardise(X, s)
            A = scaled if fit_intercept else X / x_scale
        if fit_intercept:
            centred, x_mean = centre_columns(X, s)
            A = A if standardize else centred
        A = np.kron(np.column_stack([A, ones]), np.eye(K, dtype=X.dtype))
    else:
        from scipy.sparse import csc_array, eye_array, hstack, kron

        if standardize:
            rows, _, roots = weighted_rows(X, y, s)
            x_scale = sparse_scales(rows, (X.T @ share).astype(X.dtype), roots)
            X.data /= np.repeat(x_scale, np.diff(X.indptr))
        A = csc_array(kron(hstack([X, csc_array(ones)]), eye_array(K, dtype=X.dtype)))
        A = Centred(A, np.zeros(A.shape[1], A.dtype))
    shift = np.zeros(m * K, y.dtype) if offset is None else offset.ravel()
    return Likelihood(A, target, Weighted(loss, share.astype(y.dtype), shift), x_mean, x_scale, signs)

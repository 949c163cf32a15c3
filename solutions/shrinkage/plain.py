"""Data as they come, and the same problem without intercept, weights, scales and offset.

Centring takes the intercept out, for its best value makes the mean residual zero.  Multiplying row i by the root of
its share of the weights takes these out, and what divides a column multiplies its coefficient.
"""

from dataclasses import dataclass, replace

import numpy as np

from shrinkage.inputs import as_coefficients, as_design, as_problem, as_vector, as_weights
from shrinkage.least_squares import centre_columns, standardise, weighted_rows
from shrinkage.losses import QUADRATIC, as_shares
from shrinkage.sparse import Centred


@dataclass(frozen=True, eq=False)
class Plain:
    """A problem without intercept, weights, scales and offset, and the way back.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (m, p), float
        The m rows of positive weight; columns centred if the model has an intercept.
    y : ndarray of shape (m,), float
    x_mean : ndarray of shape (p,), float64
        What was taken off the columns, in their units.
    x_scale : ndarray of shape (p,)
        What divided the columns, in their units.
    y_mean : float
        What was taken off the target, response units.
    """

    X: object
    y: np.ndarray
    x_mean: np.ndarray
    x_scale: np.ndarray
    y_mean: float

    loss = QUADRATIC

    def factors(self, penalty):
        """The factors of `penalty` for the columns of `X`, of shape (p,)."""
        return penalty.factors(len(self.x_scale))

    def start(self, w):
        """Coefficients of shape (p,) in the units of the columns of `X`."""
        return as_coefficients(w, self.X) * self.x_scale

    def restored(self, result, free=None):
        """A `shrinkage.result.Result` of this problem as one of the data as they came."""
        with np.errstate(over="ignore"):
            w = result.w / self.x_scale
        if not np.isfinite(w).all():
            raise ValueError(f"X has a column so small that its coefficient overflows {w.dtype}; rescale the columns")
        return replace(result, w=w, b=float(self.y_mean - self.x_mean @ w))


def plain_problem(X, y, fit_intercept=True, standardize=False, sample_weight=None, offset=None):
    """Take intercept, weights, scales and offset out of a problem.

    Parameters
    ----------
    X, y, fit_intercept, standardize, sample_weight, offset : object
        As for `shrinkage.fit.fit`.

    Returns
    -------
    Plain

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> from shrinkage.coordinate_descent import minimise
    >>> from shrinkage.penalties import L1
    >>> plain = plain_problem(np.array([[1.], [3.]]), np.array([0., 4.]))
    >>> plain.X.ravel(), plain.y, plain.x_mean, plain.y_mean
    (array([-1.,  1.]), array([-2.,  2.]), array([2.]), 2.0)
    >>> result = plain.restored(minimise(plain.X, plain.y, 0.5, L1()))
    >>> result.w, result.b
    (array([1.5]), -1.0)
    """
    X, y, s, offset = as_rows(X, y, fit_intercept, standardize, sample_weight, offset)
    y = y if offset is None else y - offset
    if not isinstance(X, np.ndarray):
        return _plain_sparse(X, y, s, fit_intercept, standardize)
    p = X.shape[1]
    A, x_mean, x_scale, y_mean = X, np.zeros(p), np.ones(p, X.dtype), 0.0
    if fit_intercept:
        A, x_mean = centre_columns(X, s)
        y, y_mean = centre_columns(y, s)
    if standardize:
        scaled, _, x_scale = standardise(X, s)
        A = scaled if fit_intercept else X / x_scale
    A, y, _ = weighted_rows(A, y, s)
    return Plain(A, y, x_mean, x_scale, float(y_mean))


def as_rows(X, y, fit_intercept, standardize, sample_weight, offset, K=1):
    """Check a problem as it comes, and leave out the rows of weight zero.

    Parameters
    ----------
    X, y, fit_intercept, standardize, sample_weight, offset : object
        As for `shrinkage.fit.fit`.
    K : int
        Numbers in a row of the offset.

    Returns
    -------
    X : ndarray or CSC matrix of shape (m, p)
        The caller's own array where it is dense and fits; a sparse one is a new one.
    y : ndarray of shape (m,)
    s : ndarray of shape (m,)
        Weights, the largest 1.
    offset : ndarray of shape (m,), of shape (m, K) if K > 1, or None

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> as_rows([[1], [2]], [3, 4], True, False, [0, 5], None)[:3]
    (array([[2.]]), array([4.]), array([1.]))
    """
    if isinstance(X, Centred):
        raise ValueError("X is centred already; give the sparse matrix itself")
    X, y, _ = as_problem(X, y, 0.0, sparse=True)
    n = X.shape[0]
    for value, name in ((fit_intercept, "fit_intercept"), (standardize, "standardize")):
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{name} must be True or False; it is {value!r:.60}")
    if offset is not None:
        offset = (as_vector if K == 1 else as_design)(offset, "offset").astype(y.dtype)
        if len(offset) != n or offset.size != n * K:
            each = "one number" if K == 1 else f"{K} numbers"
            raise ValueError(f"offset must have {each} a row of X; X has {n} rows and it has the shape {offset.shape}")
    s, X = as_weights(sample_weight, n), X.X if isinstance(X, Centred) else X
    if not s.all():
        # Whatever stands in a row that is left out, it is in no sum.
        X, y, offset, s = X[s > 0], y[s > 0], None if offset is None else offset[s > 0], s[s > 0]
    return X, y, s, offset


def sparse_scales(X, m, roots):
    """Standard deviations of sparse columns of weighted rows, 1 for constant ones.

    Parameters
    ----------
    X : CSC matrix of shape (n, p), float
        Rows multiplied by `roots`.
    m : ndarray of shape (p,)
        Means, 0 for a column that has been centred.
    roots : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape (p,)

    Examples
    --------
    >>> from scipy.sparse import csc_array
    >>> sparse_scales(csc_array([[0.], [4.]]), np.array([2.]), np.ones(2))
    array([2.])
    """
    # As for dense columns: dividing by the largest entry first keeps the squares in range.
    unit, largest = X.copy(), Centred(X, m).largest()
    largest[largest == 0] = 1
    unit.data /= np.repeat(largest, np.diff(X.indptr))
    lengths = Centred(unit, m / largest, roots).squared_lengths()
    return np.where(lengths > 0, largest * np.sqrt(lengths / len(roots)), 1).astype(X.dtype)


def _plain_sparse(X, y, s, fit_intercept, standardize):
    """The same for a sparse `X`, which is written to."""
    (n, p), stored, y_mean = X.shape, np.diff(X.indptr), 0.0
    x_mean = X.T @ as_shares(s, n)
    # A column without zeros is centred as it stands, so a large common offset costs no digits there either.
    full = stored == n
    within = np.repeat(full, stored)
    centred, x_mean[full] = centre_columns(X.data[within].reshape(-1, n).T, s)
    implicit = x_mean.astype(X.dtype)
    if fit_intercept:
        X.data[within], implicit[full] = centred.T.ravel(), 0
        y, y_mean = centre_columns(y, s)
    X, y, roots = weighted_rows(X, y, s)
    x_scale = np.ones(p, X.dtype)
    if standardize:
        x_scale = sparse_scales(X, implicit, roots)
        X.data /= np.repeat(x_scale, stored)
    if not fit_intercept:
        x_mean, implicit = np.zeros(p), np.zeros(p, X.dtype)
    return Plain(Centred(X, implicit / x_scale, roots), y, x_mean, x_scale, float(y_mean))

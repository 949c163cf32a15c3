"""Least angle regression and the lasso from knot to knot, as scikit-learn's ``lars_path``."""

import numpy as np
from sklearn import linear_model
from sklearn.utils._param_validation import validate_params

from shrinkage.lars import lars

EPS = np.finfo(float).eps


@validate_params(linear_model.lars_path._skl_parameter_constraints, prefer_skip_nested_validation=True)
def lars_path(
    X,
    y,
    Xy=None,
    *,
    Gram=None,
    max_iter=500,
    alpha_min=0,
    method="lar",
    copy_X=True,
    eps=EPS,
    copy_Gram=True,
    verbose=0,
    return_path=True,
    return_n_iter=False,
    positive=False,
):
    """Path of least angle regression, or of the lasso, without an intercept, drop-in for scikit-learn's ``lars_path``.

    The lasso minimises ``1/(2n) ‖y − Xw‖₂² + alpha ‖w‖₁``; between two knots its coefficients are a line in `alpha`.

    Parameters
    ----------
    X : ndarray of shape (n, p)
        Never written to.
    y : ndarray of shape (n,)
    Xy : ndarray of shape (p,) or None
        ``X.T @ y``; changes nothing, and is refused where it is something else.
    Gram : ndarray of shape (p, p), bool, "auto" or None
        ``X.T @ X``; changes nothing, and is refused where it is something else.
    max_iter : int
        Columns that join or leave, at most.
    alpha_min : float
        Where to end.
    method : {"lar", "lasso"}
    copy_X : bool
        Changes nothing.
    eps : float or None
        Changes nothing.
    copy_Gram : bool
        Changes nothing.
    verbose : int
        Changes nothing.
    return_path : bool
        Whether all knots are returned, or the last alone.
    return_n_iter : bool
        Whether the number of steps is returned too.
    positive : bool
        Whether negative coefficients are forbidden; for the lasso only.

    Returns
    -------
    alphas : ndarray of shape (L,), or (1,) for the last knot
        ``|x_jᵀr|/n`` of the columns in use at each knot, from the largest down.
    active : list of int
        Columns in use at the end, in the order in which they joined.
    coefs : ndarray of shape (p, L), or (p,) for the last knot
        In single precision where all arrays are.
    n_iter : int
        Steps, one less than there are knots; with `return_n_iter` alone.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if `X` or `y` is None: for `Gram` and `Xy` alone scikit-learn has
        ``lars_path_gram``.

    Notes
    -----
    Where it differs from scikit-learn 1.9, by the laws that both go by: the path is followed to its end, and not to
    an `alpha` of 1e-7.  A column that depends on those in use waits until one of them leaves, and is not dropped for
    good with a warning.  With ``method="lar"`` the columns in use have equal correlations to the end, also where a
    coefficient changes its sign.  Of an end between two knots `active` tells the columns in use there.  The last
    point of a `positive` path is a minimiser too.

    References
    ----------
    Efron, Hastie, Johnstone & Tibshirani (2004), Ann. Statist. 32(2), 407-499.

    Examples
    --------
    >>> X = np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    >>> alphas, active, coefs = lars_path(X, X @ np.array([3.0, -1.0]), method="lasso")
    >>> alphas, active
    (array([3., 1., 0.]), [0, 1])
    >>> coefs
    array([[ 0.,  2.,  3.],
           [ 0.,  0., -1.]])
    """
    if X is None or y is None:
        raise ValueError("X and y are needed; for Gram and Xy alone use scikit-learn's lars_path_gram")
    if method == "lar" and positive:
        raise ValueError("Positive constraint not supported for 'lar' coding method.")
    arrays = [array for array in (X, y, Xy, Gram) if isinstance(array, np.ndarray)]
    dtype = np.float32 if {array.dtype for array in arrays} == {np.dtype(np.float32)} else np.float64
    knots = lars(X, y, method=method, positive=bool(positive), lam_min=float(alpha_min), max_knots=int(max_iter) + 1)
    _require_products(np.asarray(X, np.float64), np.asarray(y, np.float64), Xy, Gram)
    # Where all is over before it has begun, scikit-learn calls the only knot by the end that was asked for.
    alphas, coefs = np.maximum(knots.lams, alpha_min).astype(dtype), knots.W.T.astype(dtype)
    active, n_iter = _in_use(knots), len(alphas) - 1
    found = (alphas, active, coefs) if return_path else (alphas[-1:], active, coefs[:, -1])
    return (*found, n_iter) if return_n_iter else found


def _require_products(X, y, Xy, Gram):
    """Refuse what was not made of `X` and `y`, for the answer would not be what was asked for."""
    lengths, p = np.linalg.norm(X, axis=0), X.shape[1]
    size = 1e-4 * lengths * np.linalg.norm(y)
    if Xy is not None and (Xy.shape != (p,) or not np.all(abs(Xy - X.T @ y) <= size)):
        raise ValueError(f"Xy must be X.T @ y, of shape ({p},); leave it out to have it computed")
    if isinstance(Gram, np.ndarray):
        v = 1 / np.where(lengths > 0, lengths, 1)
        if Gram.shape != (p, p) or not np.all(abs(Gram @ v - X.T @ (X @ v)) <= 1e-4 * lengths * p):
            raise ValueError(f"Gram must be X.T @ X, of shape ({p}, {p}); leave it out to do without")


def _in_use(knots):
    """The columns in use just above the last knot, and below it if one leaves there, in the order of joining."""
    active, last = [], len(knots.lams) - 1
    for k, j in enumerate(knots.changed.tolist()):
        if j >= 0 and not knots.signs[k, j]:
            active.remove(j)
        elif j >= 0 and k < last:
            active.append(j)
    return active

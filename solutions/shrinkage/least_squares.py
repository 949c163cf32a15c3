"""What every chapter starts from: centring, scaling, and least squares itself.

Nothing here changes an array of the caller's, and single precision stays single precision.
"""

import numpy as np


def centre(X, y):
    """Subtract the mean of every column of `X` and of `y`.

    This takes an unpenalised intercept out of any penalised least-squares problem,
    {eq}`eq-ridge-intercept`.  Means are taken of the differences to the first row, so a constant
    column becomes exactly zero and a large common offset costs no digits.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float

    Returns
    -------
    Xc : ndarray of shape (n, p)
        `X` with columns of mean zero; a new array.
    yc : ndarray of shape (n,)
        `y` with mean zero; a new array.
    x_mean : ndarray of shape (p,)
        In the units of the columns.
    y_mean : float
        In response units.

    Examples
    --------
    >>> Xc, yc, x_mean, y_mean = centre(np.array([[1., 7.], [3., 7.]]), np.array([0., 4.]))
    >>> Xc
    array([[-1.,  0.],
           [ 1.,  0.]])
    >>> yc, x_mean, y_mean
    (array([-2.,  2.]), array([2., 7.]), 2.0)
    """
    Xc, x_mean = _centre_columns(X)
    yc, y_mean = _centre_columns(y)
    return Xc, yc, x_mean, float(y_mean)


def _centre_columns(A):
    first = A[0]
    difference = A - first
    # Sums over many float32 rows lose digits unless they are taken in float64.
    shift = difference.mean(axis=0, dtype=np.float64).astype(A.dtype)
    difference -= shift
    return difference, first + shift


def standardise(X):
    """Give every column mean zero and population variance one; constant columns become zero.

    The population standard deviation divides by n, as scikit-learn's ``StandardScaler`` and glmnet
    do; with n − 1 the same `lam` would mean another penalty, by the factor n / (n − 1).

    Parameters
    ----------
    X : ndarray of shape (n, p), float

    Returns
    -------
    Xs : ndarray of shape (n, p)
        Dimensionless; a new array.
    x_mean : ndarray of shape (p,)
        In the units of the columns.
    x_scale : ndarray of shape (p,)
        Population standard deviations, 1 for a constant column; ``X = x_mean + x_scale * Xs``.

    Examples
    --------
    >>> Xs, x_mean, x_scale = standardise(np.array([[1., 7.], [3., 7.]]))
    >>> Xs
    array([[-1.,  0.],
           [ 1.,  0.]])
    >>> x_scale
    array([1., 1.])
    """
    Xs, x_mean = _centre_columns(X)
    largest = np.abs(Xs).max(axis=0)
    safe = np.where(largest > 0, largest, 1).astype(X.dtype)
    # Dividing by the largest entry first keeps the squares of very small or large columns in range.
    Xs /= safe
    spread = np.sqrt(np.mean(Xs**2, axis=0, dtype=np.float64)).astype(X.dtype)
    spread = np.where(largest > 0, spread, 1).astype(X.dtype)
    Xs /= spread
    return Xs, x_mean, safe * spread


def thin_svd(X):
    """Thin singular value decomposition with the noise of rank deficiency set to zero.

    Parameters
    ----------
    X : ndarray of shape (n, p), float

    Returns
    -------
    U : ndarray of shape (n, k), k = min(n, p)
        Orthonormal columns.
    d : ndarray of shape (k,)
        Singular values, decreasing; exactly 0 where at most ``max(n, p) * eps`` times the largest,
        which is as small as the rounding of `X` itself.
    Vt : ndarray of shape (k, p)
        Orthonormal rows, ``X = U @ np.diag(d) @ Vt`` up to rounding.

    References
    ----------
    Golub & Van Loan (2013), Matrix Computations, 4th ed., section 5.4 (numerical rank).

    Examples
    --------
    Two equal columns have rank one, exactly:

    >>> thin_svd(np.array([[3., 3.], [4., 4.]]))[1].round(12)
    array([7.07106781, 0.        ])
    """
    U, d, Vt = np.linalg.svd(X, full_matrices=False)
    threshold = max(X.shape) * np.finfo(X.dtype).eps * d[0]
    return U, np.where(d > threshold, d, d.dtype.type(0)), Vt


def lstsq(X, y):
    """Least squares by the singular value decomposition: the solution of smallest norm.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Any rank; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float

    Returns
    -------
    w : ndarray of shape (p,)
        Minimises ‖y − Xw‖₂; among all minimisers the one of smallest ‖w‖₂.

    Examples
    --------
    >>> lstsq(np.array([[1., 1.], [1., 1.]]), np.array([2., 2.])).round(12)
    array([1., 1.])
    """
    U, d, Vt = thin_svd(X)
    k = int((d > 0).sum())
    return ((y @ U[:, :k]) / d[:k]) @ Vt[:k]


def lstsq_qr(X, y):
    """Least squares by the QR decomposition; `X` must have independent columns.

    ``X = QR`` turns the normal equations into ``R w = Qᵀy`` without forming XᵀX, whose condition
    number is the square of that of `X`.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        n >= p and of full column rank.
    y : ndarray of shape (n,), float

    Returns
    -------
    w : ndarray of shape (p,)

    Raises
    ------
    ValueError
        If the columns of `X` are dependent up to rounding.

    References
    ----------
    Golub & Van Loan (2013), Matrix Computations, 4th ed., section 5.3.

    Examples
    --------
    >>> lstsq_qr(np.array([[1., 0.], [0., 2.], [0., 0.]]), np.array([3., 4., 5.])) + 0.0
    array([3., 2.])
    """
    p = X.shape[1]
    Q, R = np.linalg.qr(X)
    rank = int((thin_svd(R)[1] > 0).sum())
    if rank < p:
        raise ValueError(f"X has rank {rank} and {p} columns: its columns are dependent; use lstsq")
    return np.linalg.solve(R, Q.T @ y)

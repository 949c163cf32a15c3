"""What every chapter starts from: centring, scaling, and least squares itself.

Nothing here changes an array of the caller's, and single precision stays single precision.
"""

import numpy as np

from shrinkage.inputs import as_design, as_problem, as_weights


def centre(X, y, sample_weight=None):
    """Subtract the mean of every column of `X` and of `y`.

    This takes an unpenalised intercept out of any penalised least-squares problem,
    {eq}`eq-ridge-intercept`.  Means are taken of the differences to a row, the first of those with the
    largest weight, so a constant column becomes exactly zero and a large common offset costs no digits.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float
    sample_weight : array_like of shape (n,), float, or None
        Weights of the rows in the means, >= 0; None for equal weights.

    Returns
    -------
    Xc : ndarray of shape (n, p)
        `X` with columns of weighted mean zero; a new array.
    yc : ndarray of shape (n,)
        `y` with weighted mean zero; a new array.
    x_mean : ndarray of shape (p,)
        In the units of the columns.
    y_mean : float
        In response units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> Xc, yc, x_mean, y_mean = centre(np.array([[1., 7.], [3., 7.]]), np.array([0., 4.]))
    >>> Xc
    array([[-1.,  0.],
           [ 1.,  0.]])
    >>> yc, x_mean, y_mean
    (array([-2.,  2.]), array([2., 7.]), 2.0)
    >>> centre(np.array([[1.], [3.]]), np.array([0., 4.]), sample_weight=[1, 3])[2:]
    (array([2.5]), 3.0)
    """
    X, y, _ = as_problem(X, y, 0.0)
    s = as_weights(sample_weight, len(y))
    Xc, x_mean = centre_columns(X, s)
    yc, y_mean = centre_columns(y, s)
    return Xc, yc, x_mean.astype(X.dtype), float(y_mean)


def centre_columns(A, s):
    """Subtract the weighted mean of every column, unchecked.

    Parameters
    ----------
    A : ndarray of shape (n, ...), float
    s : ndarray of shape (n,), float
        From `shrinkage.inputs.as_weights`.

    Returns
    -------
    centred : ndarray of the shape of `A`
        A new array, of the dtype of `A`.
    mean : ndarray of float64
        What has been subtracted, with all its digits: in single precision a mean far from zero has few.

    Examples
    --------
    >>> centre_columns(np.array([[1.], [3.]]), np.ones(2))
    (array([[-1.],
           [ 1.]]), array([2.]))
    """
    # The heaviest row: it counts, and the differences to it are the small ones of most rows.
    typical = A[np.argmax(s)]
    difference = A - typical
    # Sums over many float32 rows lose digits unless they are taken in float64.
    shift = _mean(difference, s).astype(A.dtype)
    difference -= shift
    return difference, typical.astype(np.float64) + shift


def _mean(A, s):
    A, s = _counted(A, s), _counted(s, s)
    # Equal weights are no weights, to the last bit.
    return A.mean(axis=0, dtype=np.float64) if s.min() == 1 else s @ A / s.sum()


def _counted(A, s):
    return A if s.all() else A[s > 0]


def standardise(X, sample_weight=None):
    """Give every column mean zero and population variance one; constant columns become zero.

    The population variance ``Σ s_i (x_i − mean)² / Σ s_i`` divides by n where no weights are given, as
    scikit-learn's ``StandardScaler`` and glmnet do; with n − 1 the same `lam` would mean another
    penalty, by the factor n / (n − 1).

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    sample_weight : array_like of shape (n,), float, or None
        Weights of the rows in mean and variance, >= 0; None for equal weights.

    Returns
    -------
    Xs : ndarray of shape (n, p)
        Dimensionless; a new array.
    x_mean : ndarray of shape (p,)
        In the units of the columns.
    x_scale : ndarray of shape (p,)
        Population standard deviations, 1 for a column that is constant over the rows of positive weight;
        ``X = x_mean + x_scale * Xs``.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> Xs, x_mean, x_scale = standardise(np.array([[1., 7.], [3., 7.]]))
    >>> Xs
    array([[-1.,  0.],
           [ 1.,  0.]])
    >>> x_scale
    array([1., 1.])
    >>> standardise(np.array([[0.], [4.]]), sample_weight=[1, 3])[1:]
    (array([3.]), array([1.73205081]))
    """
    X = as_design(X)
    s = as_weights(sample_weight, len(X))
    Xs, x_mean = centre_columns(X, s)
    largest = np.abs(_counted(Xs, s)).max(axis=0)
    safe = np.where(largest > 0, largest, 1).astype(X.dtype)
    # Dividing by the largest entry first keeps the squares of very small or large columns in range.
    Xs /= safe
    spread = np.sqrt(_mean(_counted(Xs, s) ** 2, _counted(s, s))).astype(X.dtype)
    spread = np.where(spread > 0, spread, 1).astype(X.dtype)
    Xs /= spread
    return Xs, x_mean.astype(X.dtype), safe * spread


def weighted_rows(X, y, sample_weight):
    """Turn a weighted least-squares problem into one without weights, for any solver and the same `lam`.

    The m rows of positive weight are multiplied by ``r_i = √(m s_i / Σ s)``, which makes
    ``1/(2m) ‖y' − X'w‖²`` of what is returned equal to ``1/(2 Σ s) Σ s_i (y_i − x_i·w)²``.  An integer
    weight then means what repeating its row would, and a row of weight 0 is left out.

    Parameters
    ----------
    X : ndarray or CSC matrix of scipy of shape (n, p), float
        Columns centred with the same weights if the model has an intercept.
    y : ndarray of shape (n,), float
        Centred likewise.
    sample_weight : array_like of shape (n,), float, or None
        Weights of the rows, >= 0; None for equal weights.

    Returns
    -------
    X : ndarray or CSC matrix of shape (m, p)
        The scaled rows, sparse if `X` is.
    y : ndarray of shape (m,)
    roots : ndarray of shape (m,)
        The factors r_i, of the dtype of `X` and with ``Σ r_i² = m``.  An `X` that was not centred turns
        into the centred rows by taking ``np.outer(roots, x_mean)`` away, which need never be formed.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    Equal weights multiply nothing: `X` and `y` are then given back themselves and must not be written to.

    Examples
    --------
    >>> X, y, roots = weighted_rows(np.array([[1.], [2.], [3.]]), np.array([3., 2., 1.]), [1, 0, 3])
    >>> roots.round(3), X.round(3).ravel(), y.round(3)
    (array([0.707, 1.225]), array([0.707, 3.674]), array([2.121, 1.225]))
    """
    if not hasattr(X, "tocsc"):
        X, y, _ = as_problem(X, y, 0.0)
    s = as_weights(sample_weight, len(y))
    X, y, s = _counted(X, s), _counted(y, s), _counted(s, s)
    roots = np.sqrt(len(s) * s / s.sum()).astype(X.dtype)
    if s.min() == 1:
        return X, y, roots
    if hasattr(X, "tocsc"):
        X = X.tocsc(copy=True)
        X.data *= roots[X.indices]
    else:
        X = X * roots[:, None]
    return X, y * roots, roots


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

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Golub & Van Loan (2013), Matrix Computations, 4th ed., section 5.4 (numerical rank).

    Examples
    --------
    Two equal columns have rank one, exactly:

    >>> thin_svd(np.array([[3., 3.], [4., 4.]]))[1].round(12)
    array([7.07106781, 0.        ])
    """
    X = as_design(X)
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

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> lstsq(np.array([[1., 1.], [1., 1.]]), np.array([2., 2.])).round(12)
    array([1., 1.])
    """
    X, y, _ = as_problem(X, y, 0.0)
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
        If an argument cannot be used, or if the columns of `X` are dependent up to rounding.

    References
    ----------
    Golub & Van Loan (2013), Matrix Computations, 4th ed., section 5.3.

    Examples
    --------
    >>> lstsq_qr(np.array([[1., 0.], [0., 2.], [0., 0.]]), np.array([3., 4., 5.])) + 0.0
    array([3., 2.])
    """
    X, y, _ = as_problem(X, y, 0.0)
    p = X.shape[1]
    Q, R = np.linalg.qr(X)
    rank = int((thin_svd(R)[1] > 0).sum())
    if rank < p:
        raise ValueError(f"X has rank {rank} and {p} columns: its columns are dependent; use lstsq")
    return np.linalg.solve(R, Q.T @ y)

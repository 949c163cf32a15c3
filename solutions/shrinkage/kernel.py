"""Kernel ridge: ridge on features that are never formed, from the products of the rows alone.

The dual form of ridge reads the data through ``K = XXᵀ`` alone.  Any other kernel in its place is ridge on
the features whose products it gives; the fitted function is ``f(x) = Σ_i a_i k(x, x_i) + b``.
"""

import numpy as np

from shrinkage.inputs import as_count, as_design, as_lam, as_number, as_problem, as_vector, as_weights
from shrinkage.least_squares import centre, weighted_rows


def linear(A, B):
    """Products of rows, ``k(a, b) = a·b``: with them kernel ridge is ridge.

    Parameters
    ----------
    A : ndarray of shape (n, p), float
        Centred with the means of the data that are fitted: a large common offset costs digits.
    B : ndarray of shape (m, p), float
        Centred likewise.

    Returns
    -------
    K : ndarray of shape (n, m), float

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> linear([[1., 2.]], [[3., 4.], [0., 1.]])
    array([[11.,  2.]])
    """
    A, B = _as_pair(A, B)
    return A @ B.T


def polynomial(A, B, degree, scale=1.0, offset=1.0):
    """Powers of products of rows, ``k(a, b) = (scale a·b + offset)^degree``: all monomials up to a degree.

    Parameters
    ----------
    A : ndarray of shape (n, p), float
    B : ndarray of shape (m, p), float
    degree : int
        At least 1.
    scale : float
        Positive.
    offset : float
        At least 0; at 0 the monomials of lower degree are left out.

    Returns
    -------
    K : ndarray of shape (n, m), float

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> polynomial([[1.]], [[3.], [0.]], degree=2)
    array([[16.,  1.]])
    """
    scale, offset = _as_positive(scale, "scale"), as_lam(offset, name="offset")
    return (scale * linear(A, B) + offset) ** as_count(degree, "degree")


def radial(A, B, scale=1.0):
    """Closeness of rows, ``k(a, b) = exp(−scale ‖a − b‖²)``: 1 where they are equal, 0 far apart.

    Parameters
    ----------
    A : ndarray of shape (n, p), float
    B : ndarray of shape (m, p), float
    scale : float
        Positive, per squared unit of the columns.

    Returns
    -------
    K : ndarray of shape (n, m), float

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> radial([[1.]], [[1.], [3.]], scale=0.25).round(3)
    array([[1.   , 0.368]])
    """
    A, B = _as_pair(A, B)
    # Differences are taken before squares: ‖a‖² + ‖b‖² − 2 a·b loses the digits of what is common to all rows.
    squares = np.stack([np.sum((B - a) ** 2, axis=1) for a in A])
    return np.exp(-_as_positive(scale, "scale") * squares)


def kernel_dual_coef(K, y, lam):
    """Dual coefficients of kernel ridge without an intercept: ``(K + n lam I) a = y``, {eq}`eq-ridge-dual`.

    Parameters
    ----------
    K : ndarray of shape (n, n), float
        Kernel of the rows with themselves, symmetric with no negative eigenvalue.
    y : ndarray of shape (n,), float
        Target in response units.
    lam : float
        Penalty weight, >= 0.

    Returns
    -------
    a : ndarray of shape (n,), float

    Raises
    ------
    ValueError
        If an argument cannot be used, or if ``K + n lam I`` is not positive up to rounding.

    References
    ----------
    Saunders, Gammerman & Vovk (1998), Proc. ICML, 515-521.

    Examples
    --------
    >>> X = np.array([[1.], [-1.]])
    >>> kernel_dual_coef(linear(X, X), [2., -2.], lam=1.0)
    array([ 0.5, -0.5])
    """
    K, y, lam = _as_kernel(K, y, lam)
    n = len(K)
    ridged = K + n * lam * np.eye(n, dtype=K.dtype)
    # The factor exists only if the smallest eigenvalue is more than the rounding of the largest.
    floor = n * float(np.finfo(K.dtype).eps * np.linalg.norm(K))
    try:
        np.linalg.cholesky(ridged - floor * np.eye(n, dtype=K.dtype))
    except np.linalg.LinAlgError:
        raise ValueError(
            f"lam = {lam:g} leaves K + n lam I not positive up to rounding; give a larger lam, or a K without negative "
            "eigenvalues, which a kernel has"
        ) from None
    return np.linalg.solve(ridged, y)


def kernel_ridge(K, y, lam, sample_weight=None):
    """Kernel ridge with an unpenalised intercept, and with weights.

    Centring the features is centring the kernel in both directions; what is left has no intercept.  Its dual
    coefficients sum to zero, so the means of the features drop out of the prediction, which is
    ``K_new @ a + b`` with a kernel that is not centred.

    Parameters
    ----------
    K : ndarray of shape (n, n), float
        Kernel of the rows with themselves, symmetric with no negative eigenvalue; not centred.
    y : ndarray of shape (n,), float
        Target in response units, not centred.
    lam : float
        Penalty weight, > 0.
    sample_weight : array_like of shape (n,), float, or None
        Weights of the rows, >= 0; None for equal weights.

    Returns
    -------
    a : ndarray of shape (n,), float
        Sums to zero; 0 for a row of weight 0.
    b : float
        Intercept in response units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> X = np.array([[1.], [3.]])
    >>> a, b = kernel_ridge(linear(X, X), [0., 4.], lam=1.0)
    >>> a.round(12), round(abs(b), 12), (X.T @ a).round(12)
    (array([-0.5,  0.5]), 0.0, array([1.]))
    """
    K, y, lam = _as_kernel(K, y, lam)
    half, yc, k_mean, y_mean = centre(K, y, sample_weight)
    both = centre(half.T, y, sample_weight)[0]
    # Rows and columns get the roots of the weights: the kernel of scaled rows.
    half, target, roots = weighted_rows(both, yc, sample_weight)
    rows, _, _ = weighted_rows(half.T, y, sample_weight)
    scaled = kernel_dual_coef((rows + rows.T) / 2, target, lam)
    a = np.zeros_like(y)
    a[as_weights(sample_weight, len(y)) > 0] = roots * scaled
    return a, float(y_mean - k_mean @ a)


def kernel_predict(K_new, a, b=0.0):
    """Predictions of kernel ridge for new rows, ``f(x) = Σ_i a_i k(x, x_i) + b``.

    Parameters
    ----------
    K_new : ndarray of shape (m, n), float
        Kernel of the new rows with those of the fit; not centred.
    a : ndarray of shape (n,), float
        Dual coefficients.
    b : float
        Intercept in response units.

    Returns
    -------
    ndarray of shape (m,), float
        Response units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> X = np.array([[1.], [3.]])
    >>> a, b = kernel_ridge(linear(X, X), [0., 4.], lam=1.0)
    >>> kernel_predict(linear([[2.], [10.]], X), a, b).round(12)
    array([ 2., 10.])
    """
    K_new, a = as_design(K_new, "K_new"), as_vector(a, "a")
    if K_new.shape[1] != len(a):
        raise ValueError(f"K_new must have one column a row of the fit, {len(a)}; its shape is {K_new.shape}")
    return K_new @ a + as_number(b, "b")


def _as_pair(A, B):
    A, B = as_design(A, "A"), as_design(B, "B")
    if A.shape[1] != B.shape[1]:
        raise ValueError(f"B must have the columns of A; A has {A.shape[1]} and B has {B.shape[1]}")
    return A, B


def _as_positive(value, name):
    if as_lam(value, name=name) == 0:
        raise ValueError(f"{name} must be > 0; at 0 all rows are alike")
    return float(value)


def _as_kernel(K, y, lam):
    K = as_design(K, "K")
    if K.shape[0] != K.shape[1]:
        raise ValueError(f"K must be square, the kernel of the rows with themselves; its shape is {K.shape}")
    if np.abs(K - K.T).max() > 100 * np.finfo(K.dtype).eps * np.abs(K).max():
        raise ValueError("K must be symmetric, the kernel of the rows with themselves")
    return as_problem(K, y, lam)

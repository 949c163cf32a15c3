"""Ridge with weights, and choosing `lam`: leverages, leave-one-out, GCV, evidence, at the cost of one fit.

Centring and one factorisation turn the data into directions in which ridge acts on numbers: along the k-th
it keeps ``d_k²/(d_k² + n lam)`` of the target and leaves ``n lam/(d_k² + n lam)``.  All that depends on
`lam` is a sum of these shares.
"""

from typing import NamedTuple

import numpy as np

from shrinkage.inputs import as_design, as_lam, as_lams, as_problem, as_weights
from shrinkage.least_squares import centre, thin_svd, weighted_rows
from shrinkage.ridge import svd_path


class _Spectrum(NamedTuple):
    """Centred data with the weights in their rows, as rank-one parts: ``X = U diag(d) Vᵀ``, ``y = U z + rest``."""

    X: np.ndarray  # (n, p), centred, no weights in it
    y: np.ndarray  # (n,), likewise
    s: np.ndarray  # (n,), weights of mean one over the m rows of positive weight
    U: np.ndarray  # (m, k), all of them orthogonal to the intercept's direction √s
    d: np.ndarray  # (k,), > 0, float64
    z: np.ndarray  # (k,)
    rest: np.ndarray  # (m,)
    lams: np.ndarray  # (L,)
    t: np.ndarray  # (L, 1), √(m lam)
    left: np.ndarray  # (L, k), m lam / (d² + m lam): what ridge leaves of each z; one less the filter factor


def _spectrum(X, y, lams, sample_weight, least=2):
    """One factorisation for all `lams`; what it costs, min(n, p)² max(n, p), is the cost of one fit."""
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    as_lam(lams.max(), len(X), X.dtype, "lams")
    X, y, _, _ = centre(X, y, sample_weight)
    rows, target, _ = weighted_rows(X, y, sample_weight)
    m, p = rows.shape
    if m < least:
        raise ValueError("X has one row that counts, which its own mean predicts; give two at least")
    # U and d² are the eigenvectors and eigenvalues of XXᵀ.  Forming XXᵀ, or XᵀX, would lose all d below √eps
    # of the largest; the triangle of Xᵀ = QR has the same U and d, is m by m, and loses none.
    U, d, _ = thin_svd(rows if p <= m else np.linalg.qr(rows.T, mode="r").T)
    # Centred rows span at most m − 1 directions.  Where they span them all, a y of mean zero has no rest.
    k = min(int((d > 0).sum()), m - 1)
    U, d = U[:, :k], d[:k].astype(np.float64)
    z = U.T @ target
    rest = target - U @ z if k < m - 1 else np.zeros_like(target)
    t = np.sqrt(m * lams)[:, None]
    s = as_weights(sample_weight, len(X))
    return _Spectrum(X, y, s * (m / s.sum()), U, d, z, rest, lams, t, (t / np.hypot(d, t)) ** 2)


def weighted(X, y, lam, sample_weight):
    """Ridge with an unpenalised intercept and weights of the rows, on data as they come.

    Minimises ``1/(2 Σ s_i) Σ s_i (y_i − x_i·w − b)² + lam/2 ‖w‖₂²``.  Weighted centring takes the
    intercept out, `weighted_rows` the weights, and `svd_path` solves what is left.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, not centred.
    y : ndarray of shape (n,), float
        Target in response units, not centred.
    lam : float
        Penalty weight, >= 0.
    sample_weight : array_like of shape (n,), float, or None
        Weights >= 0, of which the ratios matter: 0 leaves a row out, an integer repeats it; None for
        equal weights.

    Returns
    -------
    w : ndarray of shape (p,), float
        At ``lam = 0`` the least-squares solution of smallest norm.
    b : float
        Intercept in response units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    The weighted means are 2 and 3, the weighted mean of (x − 2)² is 1, and ``lam = 1`` halves the slope:

    >>> w, b = weighted([[1.], [3.], [9.]], [1., 5., 0.], lam=1.0, sample_weight=[2, 2, 0])
    >>> w.round(12), round(b, 12)
    (array([1.]), 1.0)
    """
    X, y, lam = as_problem(X, y, lam)
    Xc, yc, x_mean, y_mean = centre(X, y, sample_weight)
    w = svd_path(*weighted_rows(Xc, yc, sample_weight)[:2], [lam])[0]
    return w, float(y_mean - x_mean @ w)


def hat_diagonal(X, lams, sample_weight=None):
    """Leverages of all rows for many `lam`, from one factorisation and one matrix product.

    The leverage ``h_i = ∂ŷ_i/∂y_i = s_i/Σs + Σ_k u_ik² f_k`` says how much of its own fitted value a row
    decides; the intercept is counted.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, not centred.
    lams : array_like of shape (L,), float
        Penalty weights, each >= 0.
    sample_weight : array_like of shape (n,), float, or None
        Weights of the rows, >= 0; a row of weight w counts as w rows, and has the leverage of all of them.

    Returns
    -------
    h : ndarray of shape (L, n), float
        From 0 to 1; row l sums to ``degrees_of_freedom + 1``, and a row of weight 0 has leverage 0.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Hoaglin & Welsch (1978), The American Statistician 32(1), 17-22.

    Examples
    --------
    >>> hat_diagonal([[0.], [1.], [5.]], [0.0, 1e12]).round(3)
    array([[0.619, 0.405, 0.976],
           [0.333, 0.333, 0.333]])
    """
    X = as_design(X)
    a = _spectrum(X, np.zeros(len(X), X.dtype), lams, sample_weight, least=1)
    kept = a.s > 0
    h = np.zeros((len(a.t), len(X)), X.dtype)
    h[:, kept] = ((a.d / np.hypot(a.d, a.t)) ** 2).astype(X.dtype) @ (a.U**2).T
    h[:, kept] += a.s[kept] / kept.sum()
    return h


def leave_one_out_path(X, y, lams, sample_weight=None):
    """Errors of `leave_one_out` for many `lam`, from one factorisation and two matrix products.

    One product gives the residuals, the other one minus the leverages; each entry of their ratio is the
    error of a refit.  Both are sums of what ridge leaves, ``n lam / (d² + n lam)``, and not differences to
    one, so that they keep their digits where p > n and `lam` is so small that every row is nearly met.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, not centred; n >= 2.
    y : ndarray of shape (n,), float
        Target in response units, not centred.
    lams : array_like of shape (L,), float
        Penalty weights, each >= 0.
    sample_weight : array_like of shape (n,), float, or None
        Weights of the rows, >= 0.  A row is left out with all of its weight, and the total penalty stays
        ``lam Σ s_i``; a row of weight 0 is predicted by the fit, which never saw it.

    Returns
    -------
    E : ndarray of shape (L, n), float
        ``y_i`` minus its prediction from the other rows, response units.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if the smallest `lam` is so small that a row has leverage one:
        the other rows then say nothing about it.

    References
    ----------
    Golub, Heath & Wahba (1979), Technometrics 21(2), 215-223.

    Examples
    --------
    With an enormous `lam` each row is predicted by the mean of the others:

    >>> leave_one_out_path([[0.], [1.], [5.]], [3., 6., 9.], [0.1, 1e12]).round(3)
    array([[-2.331,  1.758, -3.937],
           [-4.5  ,  0.   ,  4.5  ]])
    """
    a = _spectrum(X, y, lams, sample_weight)
    (m, k), dtype, kept = a.U.shape, a.X.dtype, a.s > 0
    eps, spanned = float(np.finfo(dtype).eps), k == m - 1
    beyond = 0.0 if spanned else np.maximum(1 - a.s[kept] / m - np.sum(a.U**2, axis=1), 0)
    remaining = np.ones((len(a.t), len(a.y)), dtype)
    remaining[:, kept] = a.left.astype(dtype) @ (a.U**2).T + beyond
    if remaining.min() <= (0 if spanned else 10 * m * eps):
        raise ValueError(f"lams = {a.lams.min():g} leaves a row with leverage one; give larger ones")
    residual = np.empty_like(remaining)
    residual[:, kept] = (a.left * a.z).astype(dtype) @ a.U.T + a.rest
    # A light row's own residual is what the scaled rows say least about, so it is taken from the coefficients.
    light = a.s < eps**0.5
    residual[:, ~light] /= np.sqrt(a.s[~light])
    if light.any():
        W = svd_path(*weighted_rows(a.X, a.y, a.s)[:2], a.lams)
        residual[:, light] = a.y[light] - W @ a.X[light].T
    return residual / remaining


def gcv(X, y, lams, sample_weight=None):
    """Generalised cross-validation for many `lam`: leave-one-out with the leverages made equal.

    It is ``(1/n) Σ_i (y_i − ŷ_i)² / (1 − (1 + df)/n)²``: each leverage is replaced by their mean.  Unlike
    the mean squared error of `leave_one_out` it does not depend on the directions of the rows.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, not centred; n >= 2.
    y : ndarray of shape (n,), float
        Target in response units, not centred.
    lams : array_like of shape (L,), float
        Penalty weights, each >= 0.
    sample_weight : array_like of shape (n,), float, or None
        Weights of the squares in their mean, >= 0; n is the number of rows of positive weight, which
        `leave_one_out_path` leaves out one by one, whatever their weights.

    Returns
    -------
    scores : ndarray of shape (L,), float64
        Response units squared.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if the smallest `lam` leaves no degree of freedom to the
        residuals.

    References
    ----------
    Golub, Heath & Wahba (1979), Technometrics 21(2), 215-223.

    Examples
    --------
    With an enormous `lam` it is n²/(n − 1)² times the variance 6:

    >>> gcv([[0.], [1.], [5.]], [3., 6., 9.], [0.1, 1e12]).round(3)
    array([ 5.571, 13.5  ])
    """
    a = _spectrum(X, y, lams, sample_weight)
    m, k = a.U.shape
    freedom = a.left.sum(axis=1, keepdims=True) + (m - 1 - k)
    if freedom.min() <= 0:
        raise ValueError(f"lams = {a.lams.min():g} leaves the residuals no degree of freedom; give larger ones")
    # Divided before they are squared: both sums vanish with lam where p > n, and their ratio does not.
    along, beyond = a.left * a.z / freedom, a.rest / freedom
    return m * (np.sum(along**2, axis=1) + np.sum(beyond**2, axis=1))


def evidence(X, y, lams, sample_weight=None):
    """Log marginal likelihood of the Gaussian model whose posterior mode is ridge, for many `lam`.

    The model is ``y_i | w, b ~ N(x_i·w + b, sigma²/s_i)``, ``w ~ N(0, sigma²/(n lam) I)`` and a flat prior
    for `b`, with weights `s` of mean one.  What remains when `w` and `b` are integrated out is a density
    of the n − 1 coordinates of ``√s y`` across the intercept; at the variance that maximises it,
    ``sigma² = Q/(n − 1)``, it is

        −(n − 1)/2 (log(2π Q/(n − 1)) + 1) − ½ Σ_k log(1 + d_k²/(n lam)),

    with ``Q = Σ_k z_k² n lam/(d_k² + n lam) + ‖y − Uz‖²``, which is the penalised sum of squares
    ``‖y − Xŵ‖² + n lam ‖ŵ‖²`` of the centred data, and ``z = Uᵀy``.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, not centred; n >= 2.
    y : ndarray of shape (n,), float
        Target in response units, not centred and not constant.
    lams : array_like of shape (L,), float
        Penalty weights, each > 0: at 0 the prior is none.
    sample_weight : array_like of shape (n,), float, or None
        Ratios of the precisions of the rows, >= 0; n is the number of rows of positive weight.

    Returns
    -------
    log_evidence : ndarray of shape (L,), float64
        In nats.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    MacKay (1992), Neural Computation 4(3), 415-447.

    Examples
    --------
    With an enormous `lam` it is the log likelihood of two coordinates with mean square 9:

    >>> evidence([[0.], [1.], [5.]], [3., 6., 9.], [0.1, 1e12]).round(3)
    array([-4.895, -5.035])
    >>> -round(float(np.log(2 * np.pi * 9)) + 1, 3)
    -5.035
    """
    a = _spectrum(X, y, lams, sample_weight)
    m = len(a.rest)
    if a.lams.min() == 0:
        raise ValueError("lams must be > 0; at 0 the prior of w has no density")
    Q = np.sum(a.left * a.z.astype(np.float64) ** 2, axis=1) + np.sum(a.rest.astype(np.float64) ** 2)
    if Q.min() == 0:
        raise ValueError("y is constant, so the noise has variance zero and the evidence no bound")
    return -(m - 1) / 2 * (np.log(2 * np.pi * Q / (m - 1)) + 1) - np.sum(np.log1p((a.d / a.t) ** 2), axis=1) / 2

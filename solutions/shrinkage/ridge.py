"""Ridge regression: least squares with a squared penalty, in forms that agree.

The objective is {eq}`eq-ridge-objective`,

    P(w, b) = 1/(2n) Σ (y_i − x_i·w − b)² + lam/2 ‖w‖₂²,

with an intercept `b` that is never penalised.  Functions that take centred data leave `b` out.
"""

import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_budget, as_design, as_lam, as_lams, as_nonnegative, as_problem
from shrinkage.least_squares import centre, lstsq, thin_svd


def objective(X, y, w, lam, b=0.0):
    """Value of the ridge objective {eq}`eq-ridge-objective` at any `w` and `b`.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float
        Target in response units.
    w : ndarray of shape (p,), float
        Coefficients, response units per unit of each column.
    lam : float
        Penalty weight, >= 0.
    b : float
        Intercept in response units; 0 for centred data.

    Returns
    -------
    float
        Response units squared.

    Raises
    ------
    ValueError
        If `X`, `y` or `lam` cannot be used; the message names the argument.

    Examples
    --------
    >>> objective(np.array([[1.], [-1.]]), np.array([2., -2.]), np.array([1.]), lam=1.0)
    1.0
    """
    X, y, lam = as_problem(X, y, lam)
    residual = y - X @ w - b
    return float(residual @ residual / (2 * len(y)) + lam / 2 * np.dot(w, w))


def kkt_residual(X, y, w, lam, b=None):
    """Largest violation of the optimality conditions {eq}`eq-ridge-kkt`; zero at a minimiser only.

    The gradient of the objective in `w` is ``-Xᵀ(y − Xw − b)/n + lam w``; in `b` it is minus the
    mean residual.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float
    w : ndarray of shape (p,), float
        Candidate coefficients.
    lam : float
        Penalty weight, >= 0.
    b : float or None
        Candidate intercept, whose own condition is then included; None for a model without one.

    Returns
    -------
    float
        Largest absolute partial derivative, response units times column units.

    Raises
    ------
    ValueError
        If `X`, `y` or `lam` cannot be used; the message names the argument.

    Examples
    --------
    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> kkt_residual(X, y, np.array([1.]), lam=1.0)
    0.0
    >>> kkt_residual(X, y, np.array([2.]), lam=1.0)
    2.0
    """
    X, y, lam = as_problem(X, y, lam)
    residual = y - X @ w - (0.0 if b is None else b)
    gradient = lam * np.asarray(w) - X.T @ residual / len(y)
    largest = float(np.abs(gradient).max())
    return largest if b is None else max(largest, abs(float(residual.mean())))


def closed_form(X, y, lam):
    """Ridge coefficients of centred data from the normal equations {eq}`eq-ridge-normal`.

    Solves ``(XᵀX + n lam I) w = Xᵀy``, which for ``lam > 0`` has exactly one solution whatever the
    rank of `X`.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, >= 0, per observation: it stands beside 1/(2n) times the sum of squares.

    Returns
    -------
    w : ndarray of shape (p,), float
        Coefficients, response units per unit of each column.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if `lam` is too small for the matrix to be inverted
        (``lam = 0`` with dependent columns, or with p > n); the message names the argument.

    Notes
    -----
    What is promised is the backward error of the normal equations: rounding leaves of them
    ``‖(XᵀX + n lam I) w − Xᵀy‖₂ <= c eps (‖X‖² ‖w‖₂ + n lam ‖w‖₂ + ‖X‖ ‖y‖₂)`` with a c of the order of n + p.
    Forming XᵀX squares the condition number of the rows of `augmented`, and the error of `w` grows with
    that square.  `svd_path` and `augmented` do not form it; use them where columns are nearly dependent
    and `lam` is tiny.

    References
    ----------
    Hoerl & Kennard (1970), Technometrics 12(1), 55-67.

    Examples
    --------
    One column of length √2, n = 2: least squares gives 2, and ``lam = 1`` halves it.

    >>> closed_form(np.array([[1.], [-1.]]), np.array([2., -2.]), lam=1.0)
    array([1.])
    """
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    ### BEGIN SOLUTION
    n, p = X.shape
    penalised_gram = X.T @ X + n * lam * np.eye(p, dtype=X.dtype)
    return np.linalg.solve(penalised_gram, X.T @ y)
    ### END SOLUTION


def with_intercept(X, y, lam):
    """Ridge with an unpenalised intercept, on data as they come, {eq}`eq-ridge-intercept`.

    Centring takes the intercept out of the problem; `closed_form` solves what is left; and the
    fitted plane passes through the mean of the data.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, not centred; never changed.
    y : ndarray of shape (n,), float
        Target in response units, not centred; never changed.
    lam : float
        Penalty weight, >= 0.

    Returns
    -------
    w : ndarray of shape (p,), float
        Coefficients, response units per unit of each column.
    b : float
        Intercept in response units.

    Raises
    ------
    ValueError
        As for `closed_form`; a constant column counts as zero.

    Examples
    --------
    >>> w, b = with_intercept(np.array([[1.], [3.]]), np.array([0., 4.]), lam=1.0)
    >>> w, float(b)
    (array([1.]), 0.0)
    """
    X, y, lam = as_problem(X, y, lam)
    ### BEGIN SOLUTION
    X_centred, y_centred, x_mean, y_mean = centre(X, y)
    w = closed_form(X_centred, y_centred, lam)
    b = float(y_mean - x_mean @ w)
    return w, b
    ### END SOLUTION


def filter_factors(d, n, lam):
    """Share of least squares that ridge keeps in each singular direction, {eq}`eq-ridge-filter`.

    Parameters
    ----------
    d : ndarray of shape (k,), float
        Singular values of the centred design matrix, >= 0.
    n : int
        Number of rows of the design matrix, >= 1.
    lam : float
        Penalty weight, >= 0.

    Returns
    -------
    f : ndarray of shape (k,), float
        ``d² / (d² + n lam)``, between 0 and 1, and 0 where ``d = 0``, also at ``lam = 0``.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, equation (3.47).

    Examples
    --------
    >>> filter_factors(np.array([2., 0.]), n=4, lam=1.0)
    array([0.5, 0. ])
    """
    d, n, lam = as_spectrum(d, n, lam)
    ### BEGIN SOLUTION
    # The hypotenuse of d and √(n lam) exists where their squares would overflow or vanish.
    hypotenuse = np.hypot(d, (n * lam) ** 0.5)
    cosine = np.divide(d, hypotenuse, out=np.zeros_like(d), where=hypotenuse > 0)
    return cosine**2
    ### END SOLUTION


def as_spectrum(d, n, lam):
    """Check singular values, a number of rows and a penalty weight.

    Parameters
    ----------
    d : array_like of shape (k,), real
    n : int
    lam : float

    Returns
    -------
    d : ndarray of shape (k,), float
    n : int
    lam : float

    Raises
    ------
    ValueError
        If `d` is not a list of finite numbers >= 0, `n` not an integer >= 1, or `lam` negative.

    Examples
    --------
    >>> as_spectrum([3, 1], 2, 0)
    (array([3., 1.]), 2, 0.0)
    """
    d = as_nonnegative(d, "d")
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise ValueError(f"n must be the number of rows, an integer >= 1; it is {n!r:.60}")
    return d, int(n), as_lam(lam, int(n), d.dtype)


def svd_path(X, y, lams):
    """Ridge coefficients for many `lam`, from one factorisation, {eq}`eq-ridge-svd`.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lams : array_like of shape (len(lams),), float
        Penalty weights, each >= 0, in any order.

    Returns
    -------
    W : ndarray of shape (len(lams), p), float
        Row l holds the coefficients for ``lams[l]``; at ``lam = 0`` it is the least-squares solution
        of smallest norm.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    ``U, d, Vt = thin_svd(X)`` is the factorisation, with singular values that are zero up to rounding
    set to zero; directions that the data do not span take no part in the solution.

    References
    ----------
    Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, section 3.4.1.

    Examples
    --------
    >>> svd_path(np.array([[1.], [-1.]]), np.array([2., -2.]), [0.0, 1.0]).round(12)
    array([[2.],
           [1.]])
    """
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    ### BEGIN SOLUTION
    U, d, Vt = thin_svd(X)
    kept = d > 0
    along = (U.T @ y)[kept] / d[kept]
    factors = np.stack([filter_factors(d, len(X), lam)[kept] for lam in lams])
    return (factors * along) @ Vt[kept]
    ### END SOLUTION


def augmented(X, y, lam):
    """Ridge as least squares with p more rows, {eq}`eq-ridge-augmented`.

    Below `X` stand the rows of √(n lam) I, below `y` zeros.  XᵀX is never formed, so no digits are
    lost to squaring; at ``lam = 0`` this is the least-squares solution of smallest norm.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, >= 0.

    Returns
    -------
    w : ndarray of shape (p,), float

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> augmented(np.array([[1.], [-1.]]), np.array([2., -2.]), lam=1.0).round(12)
    array([1.])
    """
    X, y, lam = as_problem(X, y, lam)
    n, p = X.shape
    extra_rows = (n * lam) ** 0.5 * np.eye(p, dtype=X.dtype)
    return lstsq(np.vstack([X, extra_rows]), np.concatenate([y, np.zeros(p, X.dtype)]))


def dual_coef(X, y, lam):
    """Dual coefficients of ridge, one for each row, {eq}`eq-ridge-dual`.

    Solves ``(XXᵀ + n lam I) a = y``, an n by n system; the coefficients are ``w = Xᵀa`` by the
    push-through identity {eq}`eq-ridge-push-through`.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; p may be far larger than n.
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
        If an argument cannot be used, or if `lam` is too small for the matrix to be inverted
        (``lam = 0`` with dependent rows, as centred rows are); the message names the argument.

    References
    ----------
    Saunders, Gammerman & Vovk (1998), Proc. ICML, 515-521.

    Examples
    --------
    >>> X = np.array([[1.], [-1.]])
    >>> a = dual_coef(X, np.array([2., -2.]), lam=1.0)
    >>> a, X.T @ a
    (array([ 0.5, -0.5]), array([1.]))
    """
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    ### BEGIN SOLUTION
    row_gram = X @ X.T + len(X) * lam * np.eye(len(X), dtype=X.dtype)
    return np.linalg.solve(row_gram, y)
    ### END SOLUTION


def degrees_of_freedom(X, lams):
    """Effective degrees of freedom of ridge, {eq}`eq-ridge-df`, the intercept not counted.

    They are the trace of the hat matrix less the 1 of the intercept.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    lams : array_like of shape (len(lams),), float
        Penalty weights, each >= 0.

    Returns
    -------
    df : ndarray of shape (len(lams),), float64
        Sum of the filter factors: the rank of `X` at ``lam = 0``, falling to 0.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, equation (3.50).

    Examples
    --------
    >>> degrees_of_freedom(np.array([[1.], [-1.]]), [0.0, 1.0]).round(12)
    array([1. , 0.5])
    """
    X, lams = as_design(X), as_lams(lams)
    d = thin_svd(X)[1]
    return np.array([filter_factors(d, len(X), lam).sum(dtype=np.float64) for lam in lams])


def leave_one_out(X, y, lam):
    """Errors of predicting each row from all the others, from a single fit, {eq}`eq-ridge-loo`.

    The model is ridge with an unpenalised intercept.  Row i is predicted by the fit without it, whose
    total penalty stays ``n lam`` (so its own weight per observation is ``n lam / (n − 1)``); its mean
    is that of the other rows.  Then the error is the residual divided by one minus the leverage
    ``h_i = 1/n + Σ_k u_ik² f_k``.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, not centred; n >= 2.
    y : ndarray of shape (n,), float
        Target in response units, not centred.
    lam : float
        Penalty weight, >= 0.

    Returns
    -------
    e : ndarray of shape (n,), float
        ``y_i`` minus its prediction from the other rows, response units.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if `lam` is so small that a row has leverage one: the other
        rows then say nothing about it.

    References
    ----------
    Golub, Heath & Wahba (1979), Technometrics 21(2), 215-223.

    Examples
    --------
    With an enormous `lam` each row is predicted by the mean of the others:

    >>> leave_one_out(np.array([[0.], [1.], [5.]]), np.array([3., 6., 9.]), lam=1e12).round(6)
    array([-4.5,  0. ,  4.5])
    """
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row; without it nothing is left to predict it from: give at least two")
    ### BEGIN SOLUTION
    X_centred, y_centred, _, _ = centre(X, y)
    U, d, _ = thin_svd(X_centred)
    f = filter_factors(d, len(X), lam)
    remaining = 1 - (1 / len(X) + U**2 @ f)
    if remaining.min() <= 10 * len(X) * np.finfo(X.dtype).eps:
        raise ValueError(f"lam = {lam:g} leaves a row with leverage one; give a larger lam")
    return (y_centred - U @ (f * (U.T @ y_centred))) / remaining
    ### END SOLUTION


def descent(X, y, lam, tol, max_iter):
    """Ridge coefficients of centred data by gradient descent, with a certificate, {eq}`eq-ridge-step`.

    Starts at ``w = 0`` and follows minus the gradient, with the step size ``1 / L``.  Before each step
    ``‖gradient‖₂ / lam`` bounds how far `w` is from the minimiser, {eq}`eq-ridge-bound`; the loop ends
    at the first `w` whose bound is at most `tol`, or after `max_iter` steps.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, > 0.
    tol : float
        Largest distance ``‖w − ŵ‖₂`` that is accepted, >= 0, in the units of `w`.
    max_iter : int
        Largest number of steps, >= 0.

    Returns
    -------
    w : ndarray of shape (p,), float
        The last iterate.
    bound : float
        Certificate at this `w`: ``‖gradient‖₂ / lam``, which is at least ``‖w − ŵ‖₂``.
    n_iter : int
        Number of steps that lead from 0 to this `w`.
    converged : bool
        Whether ``bound <= tol``; False where the loop merely stopped.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if `lam` is 0: the bound is undefined there.

    References
    ----------
    Nesterov (2004), Introductory Lectures on Convex Optimization, section 2.1.5.

    Examples
    --------
    With a single column the first step arrives:

    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> descent(X, y, lam=1.0, tol=1e-12, max_iter=10)
    (array([1.]), 0.0, 1, True)
    >>> descent(X, y, lam=1.0, tol=1e-12, max_iter=0)
    (array([0.]), 2.0, 0, False)
    """
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    ### BEGIN SOLUTION
    L = float(np.linalg.norm(X, 2)) ** 2 / n + lam
    step = 1 / L
    ### END SOLUTION
    w = np.zeros(p, X.dtype)
    for n_iter in range(max_iter + 1):
        ### BEGIN SOLUTION
        gradient = X.T @ (X @ w - y) / n + lam * w
        ### END SOLUTION
        bound = float(np.linalg.norm(gradient)) / lam
        ### BEGIN SOLUTION
        if bound <= tol or n_iter == max_iter:
            break
        w = w - step * gradient
        ### END SOLUTION
    ### BEGIN SOLUTION
    converged = bound <= tol
    ### END SOLUTION
    return w, bound, n_iter, converged


def as_stop(lam, tol, max_iter):
    """Check what a descent on a ridge objective stops by.

    Parameters
    ----------
    lam : float
        Penalty weight, already checked to be >= 0.
    tol : float
    max_iter : int

    Returns
    -------
    tol : float
    max_iter : int

    Raises
    ------
    ValueError
        If `lam` is 0, `tol` not a finite number >= 0, or `max_iter` not an integer >= 0.

    Examples
    --------
    >>> as_stop(0.1, 0, 5)
    (0.0, 5)
    """
    if lam == 0:
        raise ValueError("lam = 0 leaves no bound on the distance to the minimiser; give a larger lam, or use svd_path")
    return as_budget(tol, max_iter)

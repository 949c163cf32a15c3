"""Penalties that are squares and nothing else, with a factor for each column: linear algebra and no iteration."""

import numpy as np

from shrinkage.columns import require_squares, squared_lengths
from shrinkage.coordinate_descent import default_tol
from shrinkage.duality import gap
from shrinkage.inputs import as_budget, as_problem
from shrinkage.least_squares import lstsq, lstsq_qr, thin_svd
from shrinkage.losses import QUADRATIC
from shrinkage.result import Progress
from shrinkage.ridge import svd_path
from shrinkage.sparse import Centred


def refusal(X, loss, penalty, lam):
    """Why this solver cannot take a problem, or nothing.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float
    loss : shrinkage.losses.Quadratic
    penalty : shrinkage.penalties.ElasticNet
    lam : float

    Returns
    -------
    str
        Empty where it can.

    Examples
    --------
    >>> from shrinkage.penalties import L1, L2
    >>> refusal(np.eye(2), QUADRATIC, L2(), 0.1), refusal(np.eye(2), QUADRATIC, L1(), 0.1)
    ('', 'the penalty is more than a sum of squares')
    """
    if isinstance(X, Centred):
        return "X is sparse"
    if loss != QUADRATIC:
        return "the loss is not quadratic"
    if penalty.positive or (lam > 0 and penalty.squares(X.shape[1]) is None):
        return "the penalty is more than a sum of squares"
    return ""


def solve(X, y, lam, penalty, *, tol=None, max_iter=1, w=None):
    """Minimise {eq}`eq-lasso-objective` on centred data where the penalty is ``Σ_j f_j w_j²/2``, or `lam` is 0.

    The columns without a penalty are taken out of `y` and of the others first, as least squares takes out an
    intercept; dividing each of the others by ``√f_j`` leaves ridge, which `svd_path` solves.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
        One whose `squares` are known; any at ``lam = 0``.
    tol : float or None
        Gap, relative to the objective at zero, above which the result is not said to have converged; None is
        1e-12, or 1e-6 in single precision.
    max_iter, w : object
        Taken for the sake of other solvers; what is found does not depend on them.

    Returns
    -------
    shrinkage.result.Result
        Among all minimisers the one of smallest norm, in units of the lengths of the columns without a penalty
        and of ``√f_j`` for the others.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Golub & Van Loan (2013), Matrix Computations, 4th ed., sections 5.5 and 6.1.

    Examples
    --------
    >>> from shrinkage.penalties import L2
    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> solve(X, y, 1.0, L2()).w.round(12), solve(X, y, 1.0, L2([0.0])).w.round(12)
    (array([1.]), array([2.]))
    """
    X, y, lam = as_problem(X, y, lam)
    tol, _ = as_budget(default_tol(X.dtype) if tol is None else tol, max_iter)
    if reason := refusal(X, QUADRATIC, penalty, lam):
        raise ValueError(f"penalty cannot be taken by this solver: {reason}; use shrinkage.coordinate_descent")
    require_squares(y)
    p = X.shape[1]
    factors = (penalty.squares(p) if lam > 0 else np.zeros(p)).astype(X.dtype)
    free, roots = factors == 0, np.sqrt(factors)
    found = np.zeros(p, X.dtype)
    # Beside a long column a short one would pass for rounding.
    lengths = np.sqrt(squared_lengths(X))[free]
    lengths[lengths == 0] = 1
    unit, others, rest = X[:, free] / lengths, X[:, ~free] / roots[~free], y
    if free.any():
        U, d, _ = thin_svd(unit)
        U = U[:, d > 0]
        others, rest = others - U @ (U.T @ others), rest - U @ (U.T @ rest)
    if not free.all():
        found[~free] = _ridge(others, rest, lam) / roots[~free]
    if free.any():
        found[free] = lstsq(unit, y - X[:, ~free] @ found[~free]) / lengths
    progress = Progress(tol * QUADRATIC.value(y, np.zeros_like(y)), 1)
    for point in (np.zeros(p, X.dtype), found):
        progress.record(gap(X, y, point, lam, penalty))
    progress.stuck = True
    return progress.result(found, 0.0, "direct")


def _ridge(X, y, lam):
    """Ridge with all the digits that columns of very unlike lengths leave, where p is not much above n."""
    (n, p), lengths = X.shape, np.hypot(np.linalg.norm(X, axis=0), (len(y) * lam) ** 0.5)
    # A factorisation keeps the digits of short columns only if all have one length and the long ones come first.
    order = np.argsort(-lengths, kind="stable")
    if p <= 2 * n:
        rows = np.vstack([X, np.diag(np.full(p, (n * lam) ** 0.5, X.dtype))]) / lengths
        try:
            found = lstsq_qr(rows[:, order], np.append(y, np.zeros(p, X.dtype)))
            return found[np.argsort(order)] / lengths
        except ValueError:  # dependent up to rounding
            pass
    return svd_path(X[:, order], y, [lam])[0][np.argsort(order)]

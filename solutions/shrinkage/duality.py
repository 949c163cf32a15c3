"""A lower bound on the least objective, and so a bound on how far any answer is from it.

The objective is ``P(w) = F(Xw) + lam pen(w)`` with the loss `F` of `losses`.  Its dual, for centred data, is

    D(theta) = −F*(−theta) − lam pen*(Xᵀtheta / lam),

and ``D(theta) <= P(w)`` for every `theta` and every `w`.  For the squared loss
``−F*(−theta) = yᵀtheta − n/2 ‖theta‖₂²``.
"""

import numpy as np

from shrinkage.columns import require_squares
from shrinkage.inputs import as_coefficients, as_problem
from shrinkage.least_squares import lstsq
from shrinkage.losses import QUADRATIC, known_objective
from shrinkage.sparse import Centred


def dual_point(X, y, w, lam, penalty, loss=QUADRATIC):
    """A dual point near the one that belongs to `w`: minus the slope of the loss, moved into the dual's domain.

    For the squared loss that is the residual over n.  It is freed of the columns that have no penalty, which at
    ``lam = 0`` are all, and scaled down until the conjugate of the penalty is finite.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    w : ndarray of shape (p,), float
        Candidate coefficients.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
    loss : shrinkage.losses.Quadratic

    Returns
    -------
    theta : ndarray of shape (n,), float
        Response units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Kim, Koh, Lustig, Boyd & Gorinevsky (2007), IEEE J-STSP 1(4), 606-617.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> dual_point(X, y, np.zeros(1), lam=1.0, penalty=L1())
    array([ 0.5, -0.5])
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    with np.errstate(invalid="ignore"):
        eta = X @ as_coefficients(w, X)
    return _dual(X, y, eta, lam, penalty, loss)[0]


def _dual(X, y, eta, lam, penalty, loss):
    """The dual point, its products with the columns, and what it costs in ``lam pen*``."""
    unpenalised = (penalty.factors(X.shape[1]) == 0) | (lam == 0)
    # Single-precision products of BLAS may raise the flag of an invalid number in lanes that nobody reads.
    with np.errstate(invalid="ignore"):
        theta = -loss.gradient(y, eta)
    if unpenalised.any():
        # Of a constant column centring leaves rounding, which is no column.
        free = X.dense(unpenalised & (X.squared_lengths() > 0)) if isinstance(X, Centred) else X[:, unpenalised]
        if loss == QUADRATIC:
            theta = freed(theta, free, penalty.positive)
        else:
            theta = -loss.gradient(y, refitted(y, eta, free, penalty.positive, loss))
    v = X.T @ theta
    share, charge = penalty.dual(v, lam) if lam > 0 else (1.0, 0.0)
    return share * theta, share * v, charge


def freed(theta, free, positive):
    """Take from `theta` what lies along columns without a penalty, up to rounding.

    Parameters
    ----------
    theta : ndarray of shape (n,), float
    free : ndarray of shape (n, k), float
        The columns; k may be 0.
    positive : bool
        Whether their coefficients may not be negative: then only a positive product with `theta` is forbidden.

    Returns
    -------
    ndarray of shape (n,), float

    Examples
    --------
    >>> freed(np.array([1., 2.]), np.array([[0.], [3.]]), positive=False)
    array([1., 0.])
    >>> freed(np.array([1., -2.]), np.array([[0.], [3.]]), positive=True)
    array([ 1., -2.])
    """
    # Beside a long column a short one would pass for rounding; powers of two round nothing.
    unit = free[:, free.any(axis=0)]
    unit = np.ldexp(unit, -np.frexp(np.abs(unit).max(axis=0))[1])
    rest, along = theta, unit.T @ theta > (0 if positive else -np.inf)
    while along.any():
        rest = theta - unit[:, along] @ lstsq(unit[:, along], theta)
        more = along | (unit.T @ rest > 0)
        if (more == along).all():
            break
        along = more
    return rest


def refitted(y, eta, free, positive, loss):
    """Move predictions along columns without a penalty to where the slopes have no forbidden product with these.

    What `freed` does to the slopes of a quadratic would lead those of another loss out of the domain of its
    conjugate; slopes at predictions are within it.

    Parameters
    ----------
    y, eta : ndarray of shape (n,), float
    free : ndarray of shape (n, k), float
    positive : bool
        As for `freed`.
    loss : shrinkage.losses.Logistic

    Returns
    -------
    ndarray of shape (n,), float

    Examples
    --------
    >>> from shrinkage.losses import Logistic
    >>> refitted(np.array([1., 1., 0.]), np.zeros(3), np.ones((3, 1)), False, Logistic()).round(9)
    array([0.69314718, 0.69314718, 0.69314718])
    """
    along = np.full(free.shape[1], not positive)
    eps = np.finfo(eta.dtype).eps
    for _ in range(100):
        theta = -loss.gradient(y, eta)
        v, size = free.T @ theta, np.abs(theta) + loss.curvature(y, eta) * np.abs(eta)
        noise = 8 * eps * (np.abs(free.T) @ size)
        along |= v > noise
        if not (np.abs(v) > noise)[along].any():
            break
        A, value = free[:, along], loss.value(y, eta)
        R = loss.root(A, y, eta)
        step = A @ np.linalg.lstsq(R.T @ R, v[along])[0]
        # Newton's step is too long far from the minimum.
        while loss.value(y, eta + step) > value + 4 * eps * abs(value):
            step /= 2
        eta = eta + step
    return eta


def gap(X, y, w, lam, penalty, loss=QUADRATIC):
    """Bound how far the objective at `w` is from its least value, without knowing that, {eq}`eq-lasso-gap`.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    w : ndarray of shape (p,), float
        Candidate coefficients.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
    loss : shrinkage.losses.Quadratic

    Returns
    -------
    float
        Primal minus dual objective, response units squared; >= 0 up to rounding.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Kim, Koh, Lustig, Boyd & Gorinevsky (2007), IEEE J-STSP 1(4), 606-617.

    Examples
    --------
    At ``w = 0`` and the critical `lam` the bound is exact:

    >>> from shrinkage.penalties import L1
    >>> gap(np.array([[1.], [-1.]]), np.array([3., -3.]), np.zeros(1), lam=3.0, penalty=L1())
    0.0
    """
    return _certificate(*as_problem(X, y, lam, sparse=True), w, penalty, loss)[0]


def _certificate(X, y, lam, w, penalty, loss):
    """The gap, the dual point's products with the columns, and the size of the terms that cancel in the gap."""
    # Two numbers that nearly cancel deserve all the digits there are, in single precision too.
    X, y, w = (a if a.dtype == np.float64 else a.astype(np.float64) for a in (X, y, as_coefficients(w, X)))
    require_squares(y)
    return certified(X, y, X @ w, w, lam, penalty, loss)


def certified(X, y, eta, w, lam, penalty, loss=QUADRATIC):
    """`gap` where arguments are known to be right and so are the predictions, with what else is found on the way.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float64
    y : ndarray of shape (n,), float64
        Target in response units.
    eta : ndarray of shape (n,), float64
        ``Xw``, response units.
    w, lam, penalty, loss : object
        As for `gap`.

    Returns
    -------
    gap : float
    v : ndarray of shape (p,), float64
        Products of the dual point with the columns.
    size : float
        Of the terms that cancel in the gap.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> X, y, w = np.array([[1.], [-1.]]), np.array([3., -3.]), np.zeros(1)
    >>> certified(X, y, X @ w, w, 3.0, L1())
    (0.0, array([3.]), 9.0)
    """
    theta, v, charge = _dual(X, y, eta, lam, penalty, loss)
    primal, dual = known_objective(y, eta, w, lam, penalty, loss), -loss.conjugate(y, -theta) - charge
    # Along columns without a penalty the dual point has no product but rounding, which large coefficients magnify.
    slack = float(np.abs(v) @ np.where((penalty.factors(len(w)) == 0) | (lam == 0), np.abs(w), 0))
    return primal - dual + slack, v, primal + abs(dual)


def known_gap(y, eta, w, v, lam, penalty, loss=QUADRATIC):
    """`gap` where the products with `X` are known, and no column is without a penalty.

    Parameters
    ----------
    y : ndarray of shape (n,), float
        Target in response units.
    eta : ndarray of shape (n,), float
        ``Xw``, response units.
    w : ndarray of shape (p,), float
        Candidate coefficients.
    v : ndarray of shape (p,), float
        Minus the slope of the loss in every coefficient, ``Xᵀ(y − Xw)/n`` for the squared error.
    lam : float
        Penalty weight, > 0.
    penalty : shrinkage.penalties.ElasticNet
    loss : shrinkage.losses.Quadratic

    Returns
    -------
    float
        Primal minus dual objective, response units squared; >= 0 up to rounding.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> y, zero = np.array([3., -3.]), np.zeros(2)
    >>> known_gap(y, zero, np.zeros(1), np.array([3.]), lam=3.0, penalty=L1())
    0.0
    """
    share, charge = penalty.dual(v, lam)
    dual = -loss.conjugate(y, share * loss.gradient(y, eta)) - charge
    return known_objective(y, eta, w, lam, penalty, loss) - dual


def surely_zero(X, y, w, lam, penalty, loss=QUADRATIC):
    """Which coefficients are 0 in every minimiser, as far as the gap at `w` can tell: the gap-safe sphere.

    The dual objective is strongly concave, so the best dual point is within ``r = √(2 L gap / n)`` of the one
    here, where `L` bounds the second derivative of the loss; and the products of the columns with it are within
    ``‖x_j‖₂ r`` of those here.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    w : ndarray of shape (p,), float
        Any coefficients; the nearer to a minimiser, the more is seen.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
    loss : shrinkage.losses.Quadratic

    Returns
    -------
    ndarray of shape (p,), bool

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    References
    ----------
    Fercoq, Gramfort & Salmon (2015), Proc. ICML, 333-342; Ndiaye, Fercoq, Gramfort & Salmon (2017),
    J. Mach. Learn. Res. 18(128), 1-33.

    Examples
    --------
    Of two orthogonal columns the second has the covariance 0.1 with the target:

    >>> from shrinkage.penalties import L1
    >>> X, y = np.array([[1., 1.], [-1., 1.]]), np.array([2.1, -1.9])
    >>> surely_zero(X, y, np.array([1., 0.]), lam=1.0, penalty=L1())
    array([False,  True])
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    gap, v, size = _certificate(X, y, lam, w, penalty, loss)
    if not np.isfinite(gap):
        return np.zeros(X.shape[1], bool)
    # A gap that rounding hides is no smaller than the rounding of its terms.
    known = max(gap, 4 * np.finfo(X.dtype).eps * size)
    radius = np.sqrt(2 * loss.lipschitz * known / X.shape[0])
    lengths = np.sqrt(X.squared_lengths() if isinstance(X, Centred) else np.sum(X.astype(np.float64) ** 2, axis=0))
    return penalty.surely_zero(v, radius * lengths, lam)

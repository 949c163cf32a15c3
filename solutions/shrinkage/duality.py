"""A lower bound on the least objective, and so a bound on how far any answer is from it.

For the squared loss on centred data the dual of {eq}`eq-lasso-objective` is

    D(theta) = yᵀtheta − n/2 ‖theta‖₂² − lam pen*(Xᵀtheta / lam),

and ``D(theta) <= P(w)`` for every `theta` and every `w`.
"""

import numpy as np

from shrinkage.inputs import as_coefficients, as_problem
from shrinkage.least_squares import lstsq
from shrinkage.penalties import objective


def dual_point(X, y, w, lam, penalty):
    """A dual point near the one that belongs to `w`: the residual over n, moved into the dual's domain.

    It is freed of the columns that have no penalty and, where the penalty is L1 alone, scaled down until its
    conjugate is finite.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    w : ndarray of shape (p,), float
        Candidate coefficients.
    lam : float
        Penalty weight, > 0.
    penalty : shrinkage.penalties.ElasticNet

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
    X, y, lam = as_problem(X, y, lam)
    w = as_coefficients(w, X)
    if lam == 0:
        raise ValueError("lam is 0, where the dual of the penalty is finite at zero only; give lam > 0")
    theta = freed((y - X @ w) / len(y), X[:, penalty.factors(X.shape[1]) == 0], penalty.positive)
    if penalty.l1_ratio < 1:
        return theta  # with a squared part the conjugate is finite everywhere
    # The steepest column meets its bound exactly when theta is scaled by lam over what would be its lam_max.
    needed = penalty.lam_max(-X.T @ theta)
    return theta * (lam / needed) if needed > lam else theta


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
    lengths = np.linalg.norm(free, axis=0)
    # Beside a long column a short one would pass for rounding.
    unit = free[:, lengths > 0] / lengths[lengths > 0]
    rest, along = theta, unit.T @ theta > (0 if positive else -np.inf)
    while along.any():
        rest = theta - unit[:, along] @ lstsq(unit[:, along], theta)
        more = along | (unit.T @ rest > 0)
        if (more == along).all():
            break
        along = more
    return rest


def gap(X, y, w, lam, penalty):
    """Bound how far the objective at `w` is from its least value, without knowing that, {eq}`eq-lasso-gap`.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    w : ndarray of shape (p,), float
        Candidate coefficients.
    lam : float
        Penalty weight, > 0.
    penalty : shrinkage.penalties.ElasticNet

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
    X, y, lam = as_problem(X, y, lam)
    # Two numbers that nearly cancel deserve all the digits there are, in single precision too.
    X, y, w = (a.astype(np.float64) for a in (X, y, as_coefficients(w, X)))
    theta = dual_point(X, y, w, lam, penalty)
    dual = float(y @ theta) - len(y) / 2 * float(theta @ theta)
    if penalty.l1_ratio < 1:
        # Of columns without a penalty rounding alone is left, which an infinite slope would make infinite.
        shrunk = np.where(penalty.factors(X.shape[1]) > 0, X.T @ theta / lam, 0)
        dual -= lam * penalty.conjugate(shrunk)
    # Under L1 alone theta was moved to where the conjugate is 0.
    return objective(X, y, w, lam, penalty) - dual

"""How badly predictions fit: each loss, its slope, the conjugate that its dual is made of, and the objective.

A loss is an average over the rows, ``F(eta) = Σ share_i ℓ(y_i, eta_i)`` of the predictions
``eta = Xw + b``, where the shares are ``s_i / Σs`` of the sample weights, and 1/n without any.
"""

from dataclasses import dataclass

import numpy as np

from shrinkage.inputs import as_coefficients, as_number, as_problem, as_weights


@dataclass(frozen=True)
class Quadratic:
    """Half the squared error, ``ℓ(y, eta) = (y − eta)²/2``.

    Every loss has these methods.  `y`, `eta` and `v` are ndarrays of shape (n,); `share` is an ndarray of
    shape (n,) of positive numbers whose sum is 1, or None for 1/n each.

    Examples
    --------
    >>> loss, y, eta = Quadratic(), np.array([3., 1.]), np.array([1., 1.])
    >>> loss.value(y, eta), loss.gradient(y, eta)
    (1.0, array([-1.,  0.]))
    >>> v = loss.gradient(y, eta)
    >>> loss.value(y, eta) + loss.conjugate(y, v), float(eta @ v)
    (-1.0, -1.0)
    """

    # The largest second derivative of ℓ in eta.
    lipschitz = 1.0

    def value(self, y, eta, share=None):
        """``F(eta)``, response units squared."""
        residual = y - eta
        return float(residual @ (residual * _shares(y, share))) / 2

    def gradient(self, y, eta, share=None):
        """Slope of `F` in each prediction, of shape (n,), response units."""
        return (eta - y) * _shares(y, share)

    def conjugate(self, y, v, share=None):
        """Convex conjugate ``max_eta v·eta − F(eta)`` at `v`, response units squared."""
        return float(v @ y) + float(v @ (v / _shares(y, share))) / 2


def _shares(y, share):
    return y.dtype.type(1 / len(y)) if share is None else share


QUADRATIC = Quadratic()


def objective(X, y, w, lam, penalty, b=0.0, loss=QUADRATIC, sample_weight=None):
    """Value of the objective {eq}`eq-lasso-objective` at any `w` and `b`.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
    y : ndarray of shape (n,), float
        Target in response units.
    w : ndarray of shape (p,), float
        Coefficients, response units per unit of each column.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
    b : float
        Intercept in response units; 0 for centred data.
    loss : shrinkage.losses.Quadratic
    sample_weight : ndarray of shape (n,) or None
        Weights of the rows, >= 0, not all 0; only their ratios matter.

    Returns
    -------
    float
        For the squared loss in response units squared; infinite where the penalty forbids `w`.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> objective(X, y, np.array([1.]), lam=1.0, penalty=L1())
    1.5
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    w, b, cost = as_coefficients(w, X), as_number(b, "b"), penalty.value(w)
    share = None if sample_weight is None else as_shares(sample_weight, len(y))
    # What is forbidden stays so at lam = 0.
    return loss.value(y, X @ w + b, share) + (lam * cost if cost < np.inf else np.inf)


def as_shares(sample_weight, n):
    """Sample weights as shares of a whole, so large or small that their sum would not be a number included.

    Parameters
    ----------
    sample_weight : array_like of shape (n,), real
        >= 0, not all 0.
    n : int

    Returns
    -------
    ndarray of shape (n,), float

    Raises
    ------
    ValueError
        If `sample_weight` is not such an array.

    Examples
    --------
    >>> as_shares([1, 0, 3], 3)
    array([0.25, 0.  , 0.75])
    """
    s = as_weights(sample_weight, n)
    return s / s.sum()

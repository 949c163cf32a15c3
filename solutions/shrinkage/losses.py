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

    # The largest second derivative of F, in units of a share 1/len(eta), and how many numbers of eta a row has.
    lipschitz = 1.0
    K = 1

    def value(self, y, eta, share=None):
        """``F(eta)``, response units squared."""
        residual = y - eta
        return float(residual @ (residual * _shares(y, share))) / 2

    def gradient(self, y, eta, share=None):
        """Slope of `F` in each prediction, of shape (n,), response units."""
        return (eta - y) * _shares(y, share)

    def curvature(self, y, eta, share=None):
        """At least the second derivative of `F`, as the diagonal of shape (n,), without a unit."""
        return np.full(len(eta), _shares(y, share), eta.dtype) if share is None else share

    def root(self, A, y, eta, share=None):
        """`A` of n rows multiplied by a root `R` of the second derivative, which is ``RᵀR``."""
        return np.sqrt(self.curvature(y, eta, share))[:, None] * A

    def conjugate(self, y, v, share=None):
        """Convex conjugate ``max_eta v·eta − F(eta)`` at `v`, response units squared."""
        return float(v @ y) + float(v @ (v / _shares(y, share))) / 2


@dataclass(frozen=True)
class Logistic:
    """Minus the log-likelihood of a class 0 or 1 with the log-odds eta, ``ℓ(y, eta) = log(1 + e^eta) − y eta``.

    Examples
    --------
    >>> loss, y, eta = Logistic(), np.array([0., 1.]), np.zeros(2)
    >>> round(loss.value(y, eta), 6), loss.gradient(y, eta)
    (0.693147, array([ 0.25, -0.25]))
    """

    lipschitz = 0.25
    K = 1

    def target(self, y):
        """`y` itself, of shape (n,), once every number is 0 or 1."""
        if not np.isin(y, (0, 1)).all():
            raise ValueError(
                f"y must be 0 or 1 in every row, for the logistic loss; it is {y[~np.isin(y, (0, 1))][0]:g}"
            )
        return y

    def lacks(self, y):
        """What would drive an intercept to infinity, or nothing."""
        return f"is {y[0]:g} in every row" if np.ptp(y) == 0 else ""

    def downhill(self, A, y):
        """(E, D): along `c` no row of ``eta = Ac`` loses, and some win for ever, where ``Ec = 0``, ``0 ≠ Dc >= 0``."""
        return A[:0], _signs(y)[:, None] * A

    def value(self, y, eta, share=None):
        """``F(eta)``, without a unit."""
        return float(np.sum(_shares(y, share) * np.logaddexp(0, -_signs(y) * eta)))

    def gradient(self, y, eta, share=None):
        """Slope of `F` in each prediction, of shape (n,)."""
        # The chance of the other class, with all its digits where it is next to none.
        return -_signs(y) * _chance(-_signs(y) * eta) * _shares(y, share)

    def curvature(self, y, eta, share=None):
        """Second derivative of `F` in each prediction, of shape (n,), or a little more where there is next to none."""
        return np.maximum(_chance(eta) * _chance(-eta), FLAT) * _shares(y, share)

    def root(self, A, y, eta, share=None):
        """`A` of n rows multiplied by a root `R` of the second derivative, which is ``RᵀR``."""
        return np.sqrt(self.curvature(y, eta, share))[:, None] * A

    def conjugate(self, y, v, share=None):
        """Convex conjugate at `v`: an entropy; infinite outside its domain."""
        share = _shares(y, share)
        t = _settled(-_signs(y) * v / share, 1)
        rest = _settled(1 - t, 1)
        if (t < 0).any() or (rest < 0).any():
            return np.inf
        return float(np.sum(share * (_entropy(t) + _entropy(rest))))


@dataclass(frozen=True)
class Poisson:
    """Half the deviance of a count with the log-mean eta, ``ℓ(y, eta) = e^eta − y eta + y log y − y``.

    Examples
    --------
    >>> loss, y = Poisson(), np.array([1., 2.])
    >>> loss.value(y, np.log(y)), loss.gradient(y, np.zeros(2))
    (0.0, array([ 0. , -0.5]))
    """

    lipschitz = np.inf
    K = 1

    def target(self, y):
        """`y` itself, of shape (n,), once no number is negative."""
        if y.min() < 0:
            raise ValueError(f"y must be >= 0 in every row, for the Poisson loss; the smallest is {y.min():g}")
        return y

    def lacks(self, y):
        """What would drive an intercept to infinity, or nothing."""
        return "" if y.any() else "is 0 in every row"

    def downhill(self, A, y):
        """(E, D): along `c` no row of ``eta = Ac`` loses, and some win for ever, where ``Ec = 0``, ``0 ≠ Dc >= 0``."""
        return A[y > 0], -A[y == 0]

    def value(self, y, eta, share=None):
        """``F(eta)``, in counts; infinite where a mean overflows."""
        with np.errstate(over="ignore"):
            return float(np.sum(_shares(y, share) * (np.exp(eta) - y * eta + _entropy(y) - y)))

    def gradient(self, y, eta, share=None):
        """Slope of `F` in each prediction, of shape (n,), counts."""
        with np.errstate(over="ignore"):
            return (np.exp(eta) - y) * _shares(y, share)

    def curvature(self, y, eta, share=None):
        """Second derivative of `F` in each prediction, of shape (n,), counts, or a little more for next to none."""
        with np.errstate(over="ignore"):
            return np.maximum(np.exp(eta), FLAT) * _shares(y, share)

    def root(self, A, y, eta, share=None):
        """`A` of n rows multiplied by a root `R` of the second derivative, which is ``RᵀR``."""
        return np.sqrt(self.curvature(y, eta, share))[:, None] * A

    def conjugate(self, y, v, share=None):
        """Convex conjugate at `v`; infinite outside its domain."""
        share = _shares(y, share)
        t = _settled(y + v / share, y)
        return float(np.sum(share * (_entropy(t) - t - _entropy(y) + y))) if (t >= 0).all() else np.inf


@dataclass(frozen=True)
class Multinomial:
    """Minus the log-likelihood of one of K classes whose log-odds are eta, up to a constant in each row.

    A row of eta has K numbers, and so has a row of `y`: 1 for its class and 0 for the others.  Both are given as
    vectors of length n K, row by row, so that a solver need not know how many classes there are; `share` stays one
    number a row.

    Parameters
    ----------
    K : int
        Number of classes, >= 2.

    Examples
    --------
    >>> loss, y = Multinomial(3), np.array([0., 1., 0.])
    >>> round(loss.value(y, np.zeros(3)), 6), loss.gradient(y, np.zeros(3)).round(6)
    (1.098612, array([ 0.333333, -0.666667,  0.333333]))
    """

    K: int

    @property
    def lipschitz(self):
        """Largest second derivative, 1/2, in units of a share of one of n K entries."""
        return self.K / 2

    def target(self, y):
        """For classes from 0 to K - 1, of shape (n,): 1 for the class of each row and 0 for the others, (n K,)."""
        known = np.isin(y, np.arange(self.K))
        if not known.all():
            raise ValueError(f"y must be a class from 0 to {self.K - 1} in every row; it is {y[~known][0]:g}")
        return (y[:, None] == np.arange(self.K)).astype(y.dtype).ravel()

    def lacks(self, y):
        """What would drive an intercept to infinity, or nothing."""
        missing = np.setdiff1d(np.arange(self.K), y)
        return f"has no row of class {missing[0]}" if missing.size else ""

    def downhill(self, A, y):
        """(E, D): along `c` no row of ``eta = Ac`` loses, and some win for ever, where ``Ec = 0``, ``0 ≠ Dc >= 0``."""
        A, y = A.reshape(-1, self.K, A.shape[1]), y.reshape(-1, self.K)
        return A[:0, 0], (np.einsum("nk,nkc->nc", y, A)[:, None] - A)[y == 0]

    def value(self, y, eta, share=None):
        """``F(eta)``, without a unit."""
        (Y, H), share = self._rows(y, eta), self._share(y, share)
        away = H - np.sum(Y * H, axis=1, keepdims=True)
        top = away.max(axis=1, keepdims=True)
        others = np.sum(np.exp(away - top) * (1 - Y), axis=1, keepdims=True)
        # Where the class itself has the highest odds, next to nothing keeps its digits.
        return float(np.sum(share * np.where(top > 0, top + np.log(np.exp(-top) + others), np.log1p(others))))

    def gradient(self, y, eta, share=None):
        """Slope of `F` in each prediction, of shape (n K,)."""
        (Y, H), share = self._rows(y, eta), self._share(y, share)
        others = self._chances(H) * (1 - Y)
        return (share * (others - Y * others.sum(axis=1, keepdims=True))).ravel()

    def curvature(self, y, eta, share=None):
        """A bound on the second derivative, as a diagonal: ``diag(P) − PPᵀ`` is at most ``diag(P)``."""
        (_, H), share = self._rows(y, eta), self._share(y, share)
        return (share * np.maximum(self._chances(H), FLAT)).ravel()

    def root(self, A, y, eta, share=None):
        """`A` of n K rows multiplied by a root `R` of the second derivative ``diag(P) − PPᵀ``, which is ``RᵀR``."""
        roots = np.sqrt(self.curvature(y, eta, share)).reshape(-1, self.K, 1)
        P = roots**2 / np.sum(roots**2, axis=1, keepdims=True)
        B = A.reshape(-1, self.K, A.shape[1])
        # diag(P) − PPᵀ is √P (1 − uuᵀ) √P with the unit vector u = √P, and 1 − uuᵀ is its own square.  Of what all
        # classes have in common nothing is left, to the last digit, as it is differences that are summed up.
        away = sum(P[:, [k]] * (B - B[:, [k]]) for k in range(self.K))
        return (roots * away).reshape(A.shape)

    def conjugate(self, y, v, share=None):
        """Convex conjugate at `v`: an entropy; infinite outside its domain."""
        (Y, V), share = self._rows(y, v), self._share(y, share)
        T = _settled(Y + V / share, 1)
        if (T < 0).any() or np.abs(T.sum(axis=1) - 1).max() > 1e-9:
            return np.inf
        return float(np.sum(share * _entropy(T)))

    def _rows(self, y, eta):
        return y.reshape(-1, self.K), eta.reshape(-1, self.K)

    def _share(self, y, share):
        n = len(y) // self.K
        return np.full((n, 1), 1 / n, y.dtype) if share is None else share[:, None]

    def _chances(self, H):
        odds = np.exp(H - H.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)


def _shares(y, share):
    return y.dtype.type(1 / len(y)) if share is None else share


def _signs(y):
    return 2 * y - 1


def _chance(eta):
    """``1/(1 + e^−eta)`` with all its digits."""
    return np.exp(-np.logaddexp(0, -eta))


def _settled(t, size):
    """`t` with what rounding at `size` has left below zero set to zero."""
    return np.where((t < 0) & (t >= -8 * np.finfo(t.dtype).eps * size), 0, t)


def _entropy(t):
    """``t log t``, 0 at 0."""
    return t * np.log(np.where(t > 0, t, 1))


QUADRATIC = Quadratic()
# Where a likelihood is flat, a step by its curvature alone would be a leap.
FLAT = 1e-12


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
    w, b = as_coefficients(w, X), as_number(b, "b")
    share = None if sample_weight is None else as_shares(sample_weight, len(y))
    return known_objective(y, X @ w + b, w, lam, penalty, loss, share)


def known_objective(y, eta, w, lam, penalty, loss=QUADRATIC, share=None):
    """`objective` where the predictions are known.

    Parameters
    ----------
    y, eta : ndarray of shape (n,), float
        Target and predictions in response units.
    w : ndarray of shape (p,), float
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
    loss : shrinkage.losses.Quadratic
    share : ndarray of shape (n,), or None for 1/n each
        From `as_shares`.

    Returns
    -------
    float

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> known_objective(np.array([2., -2.]), np.array([1., -1.]), np.ones(1), 1.0, L1())
    1.5
    """
    cost = penalty.value(w)
    # What is forbidden stays so at lam = 0.
    return loss.value(y, eta, share) + (lam * cost if cost < np.inf else np.inf)


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

"""L1, L2 and their mix: what each charges, and how an answer under it is found and certified.

The penalty of coefficients `w` is {eq}`eq-lasso-penalty`,

    pen(w) = Σ_j f_j (l1_ratio |w_j| + (1 − l1_ratio)/2 w_j²),

with factors `f` of 1 unless given, and the objective is {eq}`eq-lasso-objective`,

    P(w, b) = 1/(2n) Σ (y_i − x_i·w − b)² + lam pen(w).

A penalty never holds `lam`.
"""

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from shrinkage.columns import require_like_lengths, require_orthogonal
from shrinkage.inputs import (
    as_coefficients,
    as_l1_ratio,
    as_lam,
    as_nonnegative,
    as_number,
    as_problem,
    as_threshold,
    as_vector,
)
from shrinkage.least_squares import centre

MOST_COLUMNS = 10  # of a search through 3**p patterns of signs


def soft_threshold(z, t):
    """Move every number towards zero by `t`, and to zero what is no further than that, {eq}`eq-soft-threshold`.

    The result is the minimiser of ``(w − z)²/2 + t |w|``, entry by entry: the prox of the absolute
    value with the step `t`.

    Parameters
    ----------
    z : ndarray of shape (p,), float
    t : float or ndarray of shape (p,), float
        Threshold, >= 0, in the units of `z`; one for all entries, or one for each.

    Returns
    -------
    w : ndarray of shape (p,), float
        Exactly 0 where ``|z| <= t``.

    Raises
    ------
    ValueError
        If `z` or `t` cannot be used; the message names the argument.

    References
    ----------
    Donoho & Johnstone (1994), Biometrika 81(3), 425-455.

    Examples
    --------
    >>> soft_threshold(np.array([3., 0.5, -2.]), 1.0)
    array([ 2.,  0., -1.])
    """
    z, t = as_threshold(z, t)
    ### BEGIN SOLUTION
    # What is taken off is the projection of z onto [-t, t].
    return z - np.clip(z, -t, t)
    ### END SOLUTION


def subdifferential_distance(w, grad, weight):
    """How far each column is from the optimality conditions of an L1 penalty, {eq}`eq-lasso-distance`.

    At a minimiser the gradient of the loss is cancelled by a subgradient of ``Σ weight_j |w_j|``.  The
    distance of ``−grad_j`` to the set of those subgradients is 0 for every `j` at a minimiser, and only
    there.

    Parameters
    ----------
    w : ndarray of shape (p,), float
        Candidate coefficients; which of them are exactly 0 matters.
    grad : ndarray of shape (p,), float
        Gradient of the loss at `w`.
    weight : float or ndarray of shape (p,), float
        What a unit of ``|w_j|`` costs, >= 0, in the units of `grad`: `lam` for the lasso.

    Returns
    -------
    distance : ndarray of shape (p,), float
        In the units of `grad`, >= 0.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    The second column is 0 and may stay so, the third is 0 and may not:

    >>> w, grad = np.array([2., 0., 0.]), np.array([-1., 0.5, 1.25])
    >>> subdifferential_distance(w, grad, 1.0)
    array([0.  , 0.  , 0.25])
    """
    w, grad = as_vector(w, "w"), as_vector(grad, "grad")
    if w.shape != grad.shape:
        raise ValueError(f"grad must have one number for each of w; w has {len(w)} and grad has {len(grad)}")
    grad, weight = as_threshold(grad, weight, "weight")
    ### BEGIN SOLUTION
    at_zero = np.maximum(np.abs(grad) - weight, 0)
    elsewhere = np.abs(grad + weight * np.sign(w).astype(grad.dtype))
    return np.where(w == 0, at_zero, elsewhere)
    ### END SOLUTION


def lam_max(X, y, l1_ratio=1.0):
    """Smallest `lam` at which every coefficient is zero, with an intercept in the model, {eq}`eq-lasso-lam-max`.

    Sparse columns, weights and factors are taken by `shrinkage.fit.critical_lam`.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, not centred; never changed.
    y : ndarray of shape (n,), float
        Target in response units, not centred; never changed.
    l1_ratio : float
        Share of the L1 penalty, above 0 and at most 1: without it no finite `lam` sets a coefficient to 0.

    Returns
    -------
    lam : float
        Response units times column units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> X, y = np.array([[1.], [3.]]), np.array([0., 4.])
    >>> lam_max(X, y), lam_max(X, y, l1_ratio=0.5)
    (2.0, 4.0)
    """
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    if l1_ratio == 0:
        raise ValueError("l1_ratio is 0, which is ridge: no finite lam makes all its coefficients zero")
    ### BEGIN SOLUTION
    X_centred, y_centred, _, _ = centre(X, y)
    covariances = X_centred.T @ y_centred / len(y)
    return float(np.abs(covariances).max() / l1_ratio)
    ### END SOLUTION


def lasso_orthogonal(X, y, lam):
    """Lasso coefficients of centred data whose columns are orthogonal, {eq}`eq-lasso-orthogonal`.

    The columns may have different lengths.  A column of zeros gets the coefficient 0.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix with ``XᵀX`` diagonal; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, >= 0.

    Returns
    -------
    w : ndarray of shape (p,), float
        Coefficients, response units per unit of each column.

    Raises
    ------
    ValueError
        If an argument cannot be used, or if two columns of `X` are not orthogonal; the message names the
        argument.

    Examples
    --------
    Columns of lengths √2 and 2√2, whose least-squares coefficients are 3 and 1:

    >>> X = np.array([[1., 2.], [-1., 2.], [1., -2.], [-1., -2.]])
    >>> lasso_orthogonal(X, X @ np.array([3., 1.]), lam=2.0)
    array([1. , 0.5])
    """
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    ### BEGIN SOLUTION
    n = len(y)
    lengths = np.sum(X**2, axis=0) / n
    cut = soft_threshold(X.T @ y / n, lam)
    return np.divide(cut, lengths, out=np.zeros_like(cut), where=lengths > 0)
    ### END SOLUTION


def lasso_by_signs(X, y, lam):
    """Lasso coefficients of centred data by trying every pattern of signs, {eq}`eq-lasso-pattern`.

    Which columns are in use and the signs of their coefficients leave a linear system; the pattern is the
    right one when its solution has those signs and meets the optimality conditions {eq}`eq-lasso-kkt` in
    every column.  There are ``3**p`` patterns, so this is for few columns.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix, p <= 10; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, >= 0.

    Returns
    -------
    w : ndarray of shape (p,), float
        A minimiser whose columns in use are independent.

    Raises
    ------
    ValueError
        If an argument cannot be used, if there are more columns than patterns can be tried for, if their
        lengths are too unlike for one rounding error, or if no pattern meets the conditions up to that;
        the message names the argument.

    Examples
    --------
    >>> X = np.array([[1., 1.], [-1., -1.], [1., 0.], [-1., 0.]])
    >>> lasso_by_signs(X, np.array([4., -4., 0., 0.]), lam=1.0)
    array([0., 2.])
    """
    X, y, lam = as_problem(X, y, lam)
    n, p = X.shape
    if p > MOST_COLUMNS:
        raise ValueError(f"X has {p} columns; trying all {3**p} patterns is for at most {MOST_COLUMNS}")
    require_like_lengths(X, y, lam)
    ### BEGIN SOLUTION
    gram, z = X.T @ X / n, X.T @ y / n
    ### END SOLUTION
    # Equality holds up to rounding only, and XᵀX squares the condition number of X.
    eps = float(np.finfo(X.dtype).eps)
    largest = lam + 100 * p * eps * float(np.abs(z).max())
    for size in range(p + 1):
        for used in map(list, combinations(range(p), size)):
            d = np.linalg.svd(X[:, used], compute_uv=False)
            if size > n or (size and d[-1] <= (p * eps) ** 0.5 * d[0]):
                continue
            for signs in product((-1.0, 1.0), repeat=size):
                w = np.zeros(p, X.dtype)
                ### BEGIN SOLUTION
                w[used] = np.linalg.solve(gram[np.ix_(used, used)], z[used] - lam * np.array(signs))
                ### END SOLUTION
                ### BEGIN SOLUTION
                consistent = np.array_equal(np.sign(w[used]), signs)
                ### END SOLUTION
                ### BEGIN SOLUTION
                cancelled = bool(np.all(np.abs(z - gram @ w) <= largest))
                ### END SOLUTION
                if consistent and cancelled:
                    return w
    raise ValueError("X has columns too near to dependent: no pattern of signs meets the conditions up to rounding")


@dataclass(frozen=True, eq=False)
class ElasticNet:
    """The penalty ``Σ_j f_j (l1_ratio |w_j| + (1 − l1_ratio)/2 w_j²)``, {eq}`eq-lasso-penalty`.

    Parameters
    ----------
    l1_ratio : float
        Share of the L1 penalty, from 0 (ridge) to 1 (lasso).
    factor : array_like of shape (p,) or None
        A factor for each column, >= 0; 0 leaves the column without a penalty; None is 1 for all.
    positive : bool
        Whether a negative coefficient costs infinitely much.

    Raises
    ------
    ValueError
        If a parameter cannot be used; the message names it.

    References
    ----------
    Zou & Hastie (2005), J. R. Stat. Soc. B 67(2), 301-320.

    Examples
    --------
    >>> penalty = ElasticNet(l1_ratio=0.5)
    >>> penalty.value(np.array([2., 0.])), penalty.prox(np.array([3., 0.5]), 2.0)
    (2.0, array([1., 0.]))
    """

    l1_ratio: float = 1.0
    factor: object = None
    positive: bool = False

    def __post_init__(self):
        object.__setattr__(self, "l1_ratio", as_l1_ratio(self.l1_ratio))
        if self.factor is not None:
            object.__setattr__(self, "factor", as_nonnegative(self.factor, "factor").copy())
            self.factor.flags.writeable = False
        if not isinstance(self.positive, bool | np.bool_):
            raise ValueError(f"positive must be True or False; it is {self.positive!r:.60}")

    def factors(self, p):
        """The factor of each of `p` columns, of shape (p,)."""
        if self.factor is None:
            return np.ones(p)
        if len(self.factor) != p:
            raise ValueError(f"factor has {len(self.factor)} numbers, one for each column; there are {p} columns")
        return self.factor

    def _weights(self, of):
        """What a unit of |w_j| and of w_j²/2 cost, in the precision of `of`."""
        factors = self.factors(len(of)).astype(of.dtype)
        return self.l1_ratio * factors, (1 - self.l1_ratio) * factors

    def value(self, w):
        """Penalty of `w`, of shape (p,); infinite where `positive` forbids it."""
        w = as_vector(w, "w")
        if self.positive and w.min() < 0:
            return np.inf
        l1, l2 = self._weights(w)
        # Where a square overflows, no share of it is still nothing.
        return float(np.sum(l1 * np.abs(w) + l2 / 2 * w * w))

    def prox(self, z, t):
        """Minimiser of ``‖w − z‖₂²/2 + t pen(w)``, {eq}`eq-lasso-prox`; `z` of shape (p,), `t` one number >= 0."""
        z = as_vector(z, "z")
        t = as_lam(t, dtype=z.dtype, name="t")
        l1, l2 = self._weights(z)
        if self.positive:
            z = np.maximum(z, 0)
        return soft_threshold(z, t * l1) / (1 + t * l2)

    def prox_one(self, z, t, j):
        """`prox` of coefficient `j` alone, of two numbers and unchecked: for the inner loop of a descent."""
        t = t if self.factor is None else t * float(self.factor[j])
        l1 = t * self.l1_ratio
        z = max(z, 0.0) if self.positive else z
        return (z - min(max(z, -l1), l1)) / (1 + t * (1 - self.l1_ratio))

    def subdifferential_distance(self, w, grad, lam):
        """Distance of ``−grad_j`` to ``lam ∂pen_j(w_j)`` for each j, of shape (p,); 0 at minimisers only.

        A coefficient that `positive` forbids is infinitely far.
        """
        w, grad = as_vector(w, "w"), as_vector(grad, "grad")
        if w.shape != grad.shape:
            raise ValueError(f"grad must have one number for each of w; w has {len(w)} and grad has {len(grad)}")
        lam = as_lam(lam, dtype=grad.dtype)
        l1, l2 = self._weights(grad)
        smooth = grad + lam * l2 * w
        if self.positive:
            # At 0 every slope down to minus infinity is a subgradient, so only a descent upwards counts.
            smooth = np.where(w == 0, np.minimum(smooth, 0), smooth)
        distance = subdifferential_distance(w, smooth, lam * l1)
        return np.where(w < 0, np.inf, distance) if self.positive else distance

    def conjugate(self, v, lam=1.0):
        """Convex conjugate ``max_w v·w − lam pen(w)``, {eq}`eq-lasso-conjugate`; `v` of shape (p,); may be infinite."""
        v, lam = as_vector(v, "v"), as_lam(lam)
        l1, l2 = self._weights(v)
        beyond = np.maximum((v if self.positive else np.abs(v)) - lam * l1, 0)
        beyond, l2 = beyond[beyond > 0], lam * l2[beyond > 0]
        with np.errstate(over="ignore", divide="ignore"):
            return float(np.sum(beyond * (beyond / l2))) / 2

    def lam_max(self, grad):
        """Smallest `lam` at which zero is optimal, from the gradient of the loss there, of shape (p,).

        Columns of factor 0 take no part: take the gradient where they are optimal and the others zero.
        """
        grad = as_vector(grad, "grad")
        l1, _ = self._weights(grad)
        pull = np.abs(np.minimum(grad, 0) if self.positive else grad)
        counted = (pull > 0) & (self.factors(len(grad)) > 0)
        with np.errstate(over="ignore", divide="ignore"):
            return float(np.max(pull[counted] / l1[counted], initial=0))

    def dual(self, v, lam):
        """How much of `v` is in the domain of the conjugate of ``lam pen``, and the conjugate there.

        A pair of numbers: a share from 0 to 1, and the value.  Columns of factor 0 take no part.
        """
        if self.l1_ratio < 1:  # the squared part makes the conjugate finite everywhere
            return 1.0, self.conjugate(np.where(self.factors(len(v)) > 0, v, 0), lam)
        needed = self.lam_max(-v)
        return (lam / needed if needed > lam else 1.0), 0.0

    def surely_zero(self, v, margin, lam):
        """Which coefficients are 0 in every minimiser, when minus the gradient there is within `margin` of `v`."""
        l1, _ = self._weights(v)
        return (v if self.positive else np.abs(v)) + margin < lam * l1

    def squares(self, p):
        """The price of each ``w_j²/2`` where the penalty is nothing else, of shape (p,); None where it is more."""
        return self.factors(p) if self.l1_ratio == 0 and not self.positive else None


def L1(factor=None, positive=False):
    """The lasso's penalty: `ElasticNet` with ``l1_ratio=1``.

    Parameters
    ----------
    factor : array_like of shape (p,) or None
    positive : bool

    Returns
    -------
    ElasticNet

    Examples
    --------
    >>> L1().value(np.array([3., -4.]))
    7.0
    """
    return ElasticNet(1.0, factor, positive)


def L2(factor=None, positive=False):
    """Ridge's penalty: `ElasticNet` with ``l1_ratio=0``.

    Parameters
    ----------
    factor : array_like of shape (p,) or None
    positive : bool

    Returns
    -------
    ElasticNet

    Examples
    --------
    >>> L2().value(np.array([3., -4.]))
    12.5
    """
    return ElasticNet(0.0, factor, positive)


def kkt_residual(X, y, w, lam, penalty, b=None):
    """Largest violation of the optimality conditions {eq}`eq-lasso-kkt`; zero at minimisers only.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float
    w : ndarray of shape (p,), float
        Candidate coefficients.
    lam : float
        Penalty weight, >= 0.
    penalty : ElasticNet
    b : float or None
        Candidate intercept, whose own condition is then included; None for a model without one.

    Returns
    -------
    float
        Response units times column units.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> kkt_residual(X, y, np.array([1.]), lam=1.0, penalty=L1())
    0.0
    >>> kkt_residual(X, y, np.array([0.]), lam=1.5, penalty=L1())
    0.5
    """
    X, y, lam = as_problem(X, y, lam)
    w = as_coefficients(w, X)
    residual = y - X @ w - (0.0 if b is None else as_number(b, "b"))
    gradient = -X.T @ residual / len(y)
    largest = float(penalty.subdifferential_distance(w, gradient, lam).max())
    return largest if b is None else max(largest, abs(float(residual.mean())))

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

from shrinkage.least_squares import as_lam, as_nonnegative, as_problem, as_vector, centre

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
    >>> soft_threshold(np.array([3., -0.5, -2.]), 1.0)
    array([ 2.,  0., -1.])
    """
    z, t = as_threshold(z, t)
    ### BEGIN SOLUTION
    # What is taken off is the projection of z onto [-t, t].
    return z - np.clip(z, -t, t)
    ### END SOLUTION


def as_threshold(z, t, name="t"):
    """Check numbers and what is to be compared with their sizes: one number >= 0, or one for each.

    Parameters
    ----------
    z : array_like of shape (p,), real
    t : float or array_like of shape (p,), real
    name : str
        What the message of a refusal calls `t`.

    Returns
    -------
    z : ndarray of shape (p,)
        float32 if the given `z` is, else float64.
    t : float or ndarray of shape (p,)
        A Python float, which never widens a float32 array, or an array of the dtype of `z`.

    Raises
    ------
    ValueError
        If `z` is not a list of finite numbers, or `t` negative, not finite or of another length.

    Examples
    --------
    >>> as_threshold([1, -2], 1)
    (array([ 1., -2.]), 1.0)
    """
    z = as_vector(z, "z")
    if np.ndim(t) == 0:
        return z, float(as_nonnegative([t], name)[0])
    t = as_nonnegative(t, name)
    if t.shape != z.shape:
        raise ValueError(f"{name} must be one number, or one for each of the {len(z)}; its shape is {t.shape}")
    return z, t.astype(z.dtype)


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
    correlations = X_centred.T @ y_centred / len(y)
    return float(np.abs(correlations).max() / l1_ratio)
    ### END SOLUTION


def as_l1_ratio(l1_ratio):
    """Check the share of the L1 penalty: one number from 0 to 1.

    Parameters
    ----------
    l1_ratio : float

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is not such a number.

    Examples
    --------
    >>> as_l1_ratio(1)
    1.0
    """
    if np.ndim(l1_ratio) or not 0 <= (share := float(as_vector([l1_ratio], "l1_ratio")[0])) <= 1:
        raise ValueError(f"l1_ratio must be one number from 0 (ridge) to 1 (lasso); it is {l1_ratio!r:.60}")
    return share


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


def require_orthogonal(X):
    """Refuse a matrix with two columns that are not orthogonal up to rounding.

    Parameters
    ----------
    X : ndarray of shape (n, p), float

    Raises
    ------
    ValueError
        If two columns are not orthogonal; the message says which.

    Examples
    --------
    >>> require_orthogonal(np.eye(3))
    >>> require_orthogonal(np.ones((2, 2)))
    Traceback (most recent call last):
    ...
    ValueError: X has columns 0 and 1 with the cosine 1: they are not orthogonal
    """
    norms = np.linalg.norm(X, axis=0)
    unit = X / np.where(norms > 0, norms, 1)
    cosines = np.abs(unit.T @ unit - np.diag(np.diag(unit.T @ unit)))
    j, k = np.unravel_index(np.argmax(cosines), cosines.shape)
    if cosines[j, k] > 100 * max(X.shape) * np.finfo(X.dtype).eps:
        raise ValueError(f"X has columns {j} and {k} with the cosine {cosines[j, k]:.2g}: they are not orthogonal")


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
        A minimiser with the fewest columns in use, and these independent.

    Raises
    ------
    ValueError
        If an argument cannot be used, if there are more columns than patterns can be tried for, or if
        no pattern meets the conditions up to rounding; the message names the argument.

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
    ### BEGIN SOLUTION
    gram, z = X.T @ X / n, X.T @ y / n
    ### END SOLUTION
    # Equality holds up to rounding only.
    largest = lam + 100 * p * float(np.finfo(X.dtype).eps * np.abs(z).max())
    for size in range(p + 1):
        for used in map(list, combinations(range(p), size)):
            if size and np.linalg.matrix_rank(X[:, used]) < size:
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
    raise ValueError("X, y or lam: no pattern of signs meets the conditions up to rounding; rescale the columns")


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

    def _weights(self, of):
        """What a unit of |w_j| and of w_j²/2 cost, as numbers or arrays in the precision of `of`."""
        if self.factor is None:
            return self.l1_ratio, 1 - self.l1_ratio
        if self.factor.shape != of.shape:
            raise ValueError(f"factor has {len(self.factor)} numbers, one for each column; there are {len(of)} columns")
        factor = self.factor.astype(of.dtype)
        return self.l1_ratio * factor, (1 - self.l1_ratio) * factor

    def value(self, w):
        """Penalty of `w`, of shape (p,); infinite where `positive` forbids it."""
        w = as_vector(w, "w")
        if self.positive and w.min() < 0:
            return np.inf
        l1, l2 = self._weights(w)
        return float(np.sum(l1 * np.abs(w) + l2 / 2 * w**2))

    def prox(self, z, t):
        """Minimiser of ``‖w − z‖₂²/2 + t pen(w)``, {eq}`eq-lasso-prox`; `z` of shape (p,), `t` one number >= 0."""
        z = as_vector(z, "z")
        t = as_lam(t)
        l1, l2 = self._weights(z)
        if self.positive:
            z = np.maximum(z, 0)
        return soft_threshold(z, t * l1) / (1 + t * l2)

    def subdifferential_distance(self, w, grad, lam):
        """Distance of ``−grad_j`` to ``lam ∂pen_j(w_j)`` for each j, of shape (p,); 0 at minimisers only.

        A coefficient that `positive` forbids is infinitely far.
        """
        w, grad = as_vector(w, "w"), as_vector(grad, "grad")
        lam = as_lam(lam)
        l1, l2 = self._weights(w)
        smooth = grad + lam * l2 * w
        if self.positive:
            # At 0 every slope down to minus infinity is a subgradient, so only a descent upwards counts.
            smooth = np.where(w == 0, np.minimum(smooth, 0), smooth)
        distance = subdifferential_distance(w, smooth, lam * l1)
        return np.where(w < 0, np.inf, distance) if self.positive else distance

    def conjugate(self, v):
        """Convex conjugate ``max_w v·w − pen(w)`` at `v` of shape (p,), {eq}`eq-lasso-conjugate`; may be infinite."""
        v = as_vector(v, "v")
        l1, l2 = (np.broadcast_to(weight, v.shape) for weight in self._weights(v))
        beyond = np.maximum((v if self.positive else np.abs(v)) - l1, 0)
        if np.any(beyond[l2 == 0] > 0):
            return np.inf
        return float(np.sum(np.divide(beyond**2, 2 * l2, out=np.zeros_like(beyond), where=l2 > 0)))

    def lam_max(self, grad):
        """Smallest `lam` at which zero is optimal, from the gradient of the loss there, of shape (p,).

        Columns of factor 0 take no part: take the gradient where they are optimal and the others zero.
        """
        grad = as_vector(grad, "grad")
        l1, l2 = (np.broadcast_to(weight, grad.shape) for weight in self._weights(grad))
        pull = np.maximum(-grad, 0) if self.positive else np.abs(grad)
        if np.any(pull[(l1 == 0) & (l2 > 0)] > 0):
            return np.inf
        return float(np.max(np.divide(pull, l1, out=np.zeros_like(pull), where=l1 > 0)))


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


def objective(X, y, w, lam, penalty, b=0.0):
    """Value of the objective {eq}`eq-lasso-objective` at any `w` and `b`.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
    y : ndarray of shape (n,), float
        Target in response units.
    w : ndarray of shape (p,), float
        Coefficients, response units per unit of each column.
    lam : float
        Penalty weight, >= 0.
    penalty : ElasticNet
    b : float
        Intercept in response units; 0 for centred data.

    Returns
    -------
    float
        Response units squared.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Examples
    --------
    >>> X, y = np.array([[1.], [-1.]]), np.array([2., -2.])
    >>> objective(X, y, np.array([1.]), lam=1.0, penalty=L1())
    1.5
    """
    X, y, lam = as_problem(X, y, lam)
    residual = y - X @ w - b
    loss = float(residual @ residual) / (2 * len(y))
    return loss + lam * penalty.value(w) if lam else loss


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
    residual = y - X @ w - (0.0 if b is None else b)
    gradient = -X.T @ residual / len(y)
    largest = float(penalty.subdifferential_distance(w, gradient, lam).max())
    return largest if b is None else max(largest, abs(float(residual.mean())))

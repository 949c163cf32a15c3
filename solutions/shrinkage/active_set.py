"""Lasso and elastic net by their active set: linear systems in the few columns that are used, and no sweeps.

`WorkingSet` keeps the Gram matrix of a working set of columns, on which `shrinkage.signs` finds the minimiser.  One
product with all of `X` then shows which columns the working set lacks, and a step or two with the residual of the data
restore the digits that squares lose.  The penalty weights of a path share the working set, and each starts where the
one before ended.
"""

import numpy as np

from shrinkage.columns import chosen, products, require_range, require_squares
from shrinkage.coordinate_descent import default_tol
from shrinkage.duality import gap, known_gap
from shrinkage.inputs import as_budget, as_coefficients, as_problem
from shrinkage.losses import QUADRATIC
from shrinkage.result import Progress
from shrinkage.signs import followed, lifted, solved
from shrinkage.sparse import Centred

ALL = 100  # columns: so few are all in the working set
LEAST = 20  # columns that a working set grows by, if there are as many
STRAIGHT, RATIO = 0.05, 0.6  # of the critical weight: what is solved from zero at once; and the steps to what is not
NEAR = 0.8  # of l1: a slope above this is worth a place in the working set


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
    >>> refusal(np.eye(2), QUADRATIC, L1(), 0.1), refusal(np.eye(2), QUADRATIC, L2(), 0.1)
    ('', 'the penalty sets no coefficient to zero')
    """
    if loss != QUADRATIC:
        return "the loss is not quadratic"
    if not hasattr(penalty, "l1_ratio"):
        return "the penalty is not made of L1 and L2"
    free = penalty.factors(X.shape[1]) == 0
    if lam * penalty.l1_ratio == 0 or free.all():
        return "the penalty sets no coefficient to zero"
    return "a column without a penalty may not be negative" if penalty.positive and free.any() else ""


def minimise(X, y, lam, penalty, *, tol=None, max_iter=100, w=None):
    """Minimise {eq}`eq-lasso-objective` on centred data by following the active set, with a certificate.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, > 0.
    penalty : shrinkage.penalties.ElasticNet
        With some L1 in it.
    tol : float or None
        Gap, relative to the objective at zero, above which the result is not said to have converged; None is 1e-12,
        or 1e-6 in single precision.
    max_iter : int
        Working sets at most.
    w : ndarray of shape (p,) or None
        Where to start, never changed; None is zero.

    Returns
    -------
    shrinkage.result.Result
        Its `n_iter` counts working sets.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Warns
    -----
    RuntimeWarning
        If the solver stopped short of `tol`: columns used depend on each other, or `max_iter` was reached.

    References
    ----------
    Lee, Battle, Raina & Ng (2006), NeurIPS 19, 801-808; Osborne, Presnell & Turlach (2000), IMA J. Numer. Anal.
    20(3), 389-403.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> result = minimise(np.array([[1.], [-1.]]), np.array([2., -2.]), lam=0.5, penalty=L1())
    >>> result.w, result.converged
    (array([1.5]), True)
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    tol, max_iter = as_budget(default_tol(X.dtype) if tol is None else tol, max_iter)
    if reason := refusal(X, QUADRATIC, penalty, lam):
        raise ValueError(f"penalty cannot be taken by this solver: {reason}; use shrinkage.coordinate_descent")
    return WorkingSet(X, y, None if w is None else as_coefficients(w, X)).minimise(lam, penalty, tol, max_iter)


class WorkingSet:
    """A working set of columns with its Gram matrix, and coefficients, for one penalty weight after another.

    Parameters
    ----------
    X : ndarray or shrinkage.sparse.Centred, of shape (n, p), float
    y : ndarray of shape (n,), float
    w : ndarray of shape (p,) or None
        Where to start.

    Attributes
    ----------
    w : ndarray of shape (p,), float64
        The coefficients found last.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> working = WorkingSet(np.array([[1., 0.], [-1., 0.]]), np.array([2., -2.]))
    >>> working.improve(0.5, L1()), working.w
    (True, array([1.5, 0. ]))
    """

    def __init__(self, X, y, w=None):
        require_squares(y)
        self.X, self.y, (self.n, self.p) = X, y, X.shape
        self.w = np.zeros(self.p) if w is None else np.array(w, np.float64)
        # Room for the columns of the working set, in the order in which they came.
        self.of, self.G, self.c = np.zeros(0, int), np.zeros((0, 0)), np.zeros(0)
        self.Z, self.inside = None, np.zeros(self.p, bool)
        self._enter(np.arange(self.p) if self.p <= ALL else np.flatnonzero(self.w))
        self._look()

    def minimise(self, lam, penalty, tol, max_iter):
        """`shrinkage.active_set.minimise`, with arguments that have been checked, from the coefficients found last."""
        progress = Progress(tol * QUADRATIC.value(self.y, np.zeros_like(self.y)), max_iter)
        progress.record(self.gap(lam, penalty))
        way = self._way(lam, penalty)
        while not progress.stuck and len(progress.history) <= max_iter:
            at = next(way, lam)
            progress.stuck = self.improve(at, penalty) and at == lam
            progress.record(self.gap(lam, penalty))
        return progress.result(self.w.astype(self.X.dtype), 0.0, "active_set")

    def _way(self, lam, penalty):
        """Larger weights on the way to a small one: from zero it would let in too many columns at once."""
        critical = np.inf if self.w.any() else penalty.lam_max(-self.slopes)
        if lam < STRAIGHT * critical < np.inf:
            for k in range(1, 1 + int(np.log(STRAIGHT * critical / lam) / -np.log(RATIO))):
                yield critical * RATIO**k

    def gap(self, lam, penalty):
        """Bound on the objective at the coefficients found last minus the least."""
        if not penalty.factors(self.p).all():
            return gap(self.X, self.y, self.w, lam, penalty)
        return known_gap(self.y, self.y - self.rest, self.w, self.slopes, lam, penalty)

    def improve(self, lam, penalty):
        """Minimise over the working set; whether no other column is lacking, as far as rounding shows."""
        of_each, signs = lam * penalty.factors(self.p), penalty.positive
        l1, l2 = penalty.l1_ratio * of_each, (1 - penalty.l1_ratio) * of_each
        self._enter(self._wanted(l1, signs))
        found = followed(self.G, self.c, self.w[self.of], l1[self.of], l2[self.of], signs)
        self.w = np.zeros(self.p)
        self.w[self.of] = found
        self._refine(l1, l2)
        rounding = 1 + 100 * float(np.finfo(self.X.dtype).eps)
        return not (self._excess(signs) > l1 * rounding)[~self.inside].any()

    def _excess(self, positive):
        return self.slopes if positive else np.abs(self.slopes)

    def _wanted(self, l1, positive):
        """Columns outside whose slopes are above `l1`, and some that are nearly."""
        free = l1 == 0
        self._enter(np.flatnonzero(free & ~self.inside))
        excess = np.divide(self._excess(positive), l1, out=np.zeros(self.p), where=~(self.inside | free))
        most = max(LEAST, 2 * np.count_nonzero(self.w))
        wanted = np.flatnonzero(excess > NEAR)
        if wanted.size > most:
            wanted = wanted[np.argpartition(-excess[wanted], most - 1)[:most]]
        return wanted

    def _enter(self, columns):
        if not columns.size:
            return
        m, k = len(self.of), len(columns)
        new = self.X if k == self.p else chosen(self.X, columns).astype(np.float64)
        self.Z = new if self.Z is None else _beside(self.Z, new)
        G = np.empty((m + k, m + k))
        G[:m, :m] = self.G
        with np.errstate(over="ignore", invalid="ignore"):
            G[:, m:] = products(self.Z, new) / self.n
        require_range(G[m:, m:], new)
        G[m:, :m] = G[:m, m:].T
        self.of, self.G = np.append(self.of, columns), G
        self.c = np.append(self.c, new.T @ self.y / self.n)
        self.inside[columns] = True

    def _look(self):
        """Residuals, and slopes of all columns, at the coefficients as they are."""
        self.rest = self.y - (self.Z @ self.w[self.of] if self.of.size else 0.0)
        # A product of two precisions would make a copy of all columns.
        self.slopes = (self.X.T @ self.rest.astype(self.X.dtype)).astype(np.float64) / self.n

    def _refine(self, l1, l2):
        """One or two steps with the residual of the data, on the columns used and with their signs."""
        used = np.flatnonzero(self.w[self.of])
        at, H = self.of[used], lifted(self.G[np.ix_(used, used)], l2[self.of[used]])
        size = None
        for _ in range(3):
            self._look()
            left = self.slopes[at] - l1[at] * np.sign(self.w[at]) - l2[at] * self.w[at]
            step, missed = solved(H, left)
            if missed is not None or not used.size:
                return
            decrement = float(left @ step)
            if decrement <= 1e-26 * float(self.y @ self.y) / self.n or (size is not None and decrement > size / 4):
                return
            if ((self.w[at] * (self.w[at] + step) <= 0) & (l1[at] > 0)).any():
                return
            self.w[at], size = self.w[at] + step, decrement


def _beside(Z, new):
    if not isinstance(Z, Centred):
        return np.asfortranarray(np.hstack([Z, new]))
    from scipy.sparse import hstack

    return Centred(hstack([Z.X, new.X]), np.append(Z.m, new.m), Z.d)

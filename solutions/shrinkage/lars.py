"""The whole lasso path in finitely many linear pieces, and least angle regression, of which it is a variant.

As long as the columns `A` in use and the signs `s` of their products with the residual stay the same,

    X_Aᵀ (y − X_A w_A) / n = lam s,

so the coefficients are a line in `lam`.  A piece ends at a knot: where another column reaches ``|x_jᵀr| / n = lam``
and joins, or, for the lasso, where a coefficient reaches 0 and its column leaves.
"""

from dataclasses import dataclass

import numpy as np

from shrinkage.columns import require_squares, squared_lengths
from shrinkage.inputs import as_count, as_lam, as_problem


@dataclass(frozen=True, eq=False)
class Knots:
    """A piecewise linear path of coefficients: its knots, and every point between them.

    Parameters
    ----------
    lams : ndarray of shape (K,), float64
        ``|x_jᵀr| / n`` of the columns in use at each knot, from the largest down; equal where columns tie.
    W : ndarray of shape (K, p)
        Coefficients at each knot, response units per unit of each column; the first row is zero.
    signs : ndarray of shape (K, p), int8
        Signs of ``x_jᵀr`` of the columns in use below each knot, 0 for the others.

    Examples
    --------
    >>> knots = Knots(np.array([2., 0.]), np.array([[0.], [4.]]), np.array([[1], [1]], np.int8))
    >>> knots.at(0.5), knots.df
    (array([3.]), array([0, 1]))
    """

    lams: np.ndarray
    W: np.ndarray
    signs: np.ndarray

    @property
    def changed(self):
        """The column that joins or leaves at each knot, of shape (K,), int; −1 at one that ends the path.

        It has joined at knot k where ``signs[k, changed[k]]`` is not 0.
        """
        moved = np.diff(self.signs != 0, axis=0, prepend=False)
        return np.where(moved.any(axis=1), moved.argmax(axis=1), -1)

    @property
    def df(self):
        """Number of columns in use as the path comes to each knot, less one that leaves there; of shape (K,), int.

        The columns in use are independent, so for the lasso of data with Gaussian noise this estimates the degrees
        of freedom of the fit without bias, an intercept not counted: Tibshirani & Taylor (2012), Ann. Statist. 40(2),
        1198-1232.
        """
        counts = np.count_nonzero(self.signs, axis=1)
        return np.minimum(np.append(0, counts[:-1]), counts)

    def at(self, lam):
        """Coefficients at any `lam` that is not below the last knot, of shape (p,), by the line between two knots."""
        lam = as_lam(lam)
        if lam < self.lams[-1]:
            raise ValueError(f"lam = {lam:g} is below the last knot, {self.lams[-1]:g}, where this path ends")
        k = int(np.searchsorted(-self.lams, -lam, side="right")) - 1
        if k < 0:
            return np.zeros_like(self.W[0])
        if lam == self.lams[k]:
            return self.W[k].copy()
        above, below = float(self.lams[k]), float(self.lams[k + 1])
        return (lam - below) / (above - below) * self.W[k] + (above - lam) / (above - below) * self.W[k + 1]


def lars(X, y, *, method="lasso", positive=False, lam_min=0.0, max_knots=None):
    """Follow the lasso on centred data, or least angle regression, from the first column to join down to `lam_min`.

    The lasso minimises ``P(w) = ‖y − Xw‖₂²/(2n) + lam ‖w‖₁`` at every `lam`.  Least angle regression never lets
    a column go again, whatever becomes of the sign of its coefficient.

    Parameters
    ----------
    X : ndarray of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    method : {"lasso", "lar"}
    positive : bool
        Whether negative coefficients are forbidden; for the lasso only.
    lam_min : float
        Where to end, >= 0.
    max_knots : int or None
        Knots at most, >= 1; None is as many as there are.

    Returns
    -------
    Knots
        The first is at the smallest `lam` at which all coefficients are 0, the last at `lam_min` unless `max_knots`
        came first; a `lam_min` above the first leaves that one alone.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    With ``X_A = QR`` a piece is ``R w_A = Qᵀy − n lam g``, where ``Rᵀ g = s``.  The factors follow each change of
    `A`, and every piece is computed from `y` anew, so errors do not add up along the path.  A knot costs
    ``O(np + nk)`` with k columns in use.  All is computed in double precision; `W` keeps the precision of the data.

    Columns that tie join one after the other, the first of them first, at knots of the same `lam`.  A column whose
    distance from the span of those in use is rounding, about 1e-12 of its length, is kept out until one of them
    leaves: of equal columns one alone is in use.  A minimiser does not need it, for its product with the residual is
    a fixed multiple of `lam`, never larger, as long as those columns are in use.  For p > n the path thus comes down
    to ``lam = 0`` with at most n columns.

    References
    ----------
    Efron, Hastie, Johnstone & Tibshirani (2004), Ann. Statist. 32(2), 407-499; Osborne, Presnell & Turlach (2000),
    IMA J. Numer. Anal. 20(3), 389-403; Daniel, Gragg, Kaufman & Stewart (1976), Math. Comp. 30(136), 772-795;
    Tibshirani (2013), Electron. J. Stat. 7, 1456-1490.

    Examples
    --------
    Orthogonal columns join where the soft threshold says:

    >>> X = np.array([[1., 1.], [-1., 1.], [1., -1.], [-1., -1.]])
    >>> knots = lars(X, X @ np.array([3., -1.]))
    >>> knots.lams, knots.changed
    (array([3., 1., 0.]), array([ 0,  1, -1]))
    >>> knots.W
    array([[ 0.,  0.],
           [ 2.,  0.],
           [ 3., -1.]])
    >>> knots.at(2.0)
    array([1., 0.])
    """
    X, y, _ = as_problem(X, y, 0.0)
    n, dtype = len(y), X.dtype
    lam_min = as_lam(lam_min, n, dtype, "lam_min")
    most = np.inf if max_knots is None else as_count(max_knots, "max_knots")
    if not isinstance(method, str) or method not in ("lasso", "lar"):
        raise ValueError(f'method must be "lasso" or "lar"; it is {method!r:.60}')
    if not isinstance(positive, bool | np.bool_):
        raise ValueError(f"positive must be True or False; it is {positive!r:.60}")
    if positive and method == "lar":
        raise ValueError('positive needs columns that leave, and method = "lar" lets none go; use method = "lasso"')
    require_squares(y)
    # In units of powers of 2, which round nothing, all lengths are near 1; the price of a column holds n and its unit.
    x_unit = np.frexp(np.sqrt(squared_lengths(X)))[1]
    lam_unit, y_unit = int(x_unit.max()), int(np.frexp(np.linalg.norm(y))[1])
    scaled = np.ldexp(np.asarray(X, np.float64, order="F"), -x_unit)
    prices = n * np.ldexp(1.0, lam_unit - x_unit)
    walk = _Walk(scaled, np.ldexp(y.astype(np.float64), -y_unit), prices, method == "lasso", positive)
    with np.errstate(over="ignore"):
        end = float(np.ldexp(lam_min, -lam_unit - y_unit))
    lams, W, signs, more = [], [], [], True
    while more and len(lams) < most:
        lam, w, more = walk.next_knot(end if lams else 0.0)
        more = more and lam > end
        lams.append(lam)
        W.append(np.ldexp(w, y_unit - x_unit).astype(dtype))
        signs.append(walk.signs.astype(np.int8))
    return Knots(np.ldexp(lams, lam_unit + y_unit), np.array(W), np.array(signs))


class _Walk:
    """Where a path has come to; columns and target are about as long as 1, and ``|x_jᵀr| = lam price_j`` in use."""

    def __init__(self, X, y, prices, leave, positive):
        (n, p), self.lam = X.shape, np.inf
        self.X, self.y, self.prices, self.leave, self.sides = X, y, prices, leave, (1.0,) if positive else (1.0, -1.0)
        # More than rounding leaves of a product that is 0.
        self.tol = 10 * np.finfo(np.float64).eps * max(n, p) ** 0.5
        self.factors = _Factors(n, min(n, p))
        self.used, self.signs = [], np.zeros(p)

    def next_knot(self, end):
        """The next knot above `end`, or else `end`; the coefficients there; whether a column joins or leaves there."""
        line, found = self._line(), None
        when, side = self._events(*line)
        while found is None and (highest := float(when.max())) > end:
            # Of those that tie the first: with this rule (Murty, 1974, Opsearch 11, 123-130) ties come to an end.
            j = int(np.argmax(when >= highest * (1 - self.tol)))
            when[j] = 0
            if self._change(j, side[j]):
                found = j
        self.lam = end if found is None else highest
        # At a knot both lines give the same, and the one of fewer columns errs less where these nearly depend.
        used, w = [j for j in self.used if j != found], np.zeros(len(self.signs))
        R, along, g = line if found is None or self.signs[found] else self._line()
        w[used] = _solved(R, along - self.lam * g)
        if self.leave:
            w = self.signs * np.maximum(self.signs * w, 0) + 0.0  # never −0
        return self.lam, w, found is not None

    def _line(self):
        """The line of the coefficients in use: ``R w = along − lam g``."""
        Q, R = self.factors.current()
        pull = self.prices[self.used] * self.signs[self.used]
        return R, Q.T @ self.y, _solved(R.T[::-1, ::-1], pull[::-1])[::-1]

    def _events(self, R, along, g):
        """Where each column joins or leaves next, 0 if nowhere, and on which side it joins."""
        Q, _ = self.factors.current()
        # The residual is the line rest + lam d, and its products with the columns a + lam b.
        rest, d = self.y - Q @ along, Q @ g
        rest -= Q @ (Q.T @ rest)
        a, b = self.X.T @ rest, self.X.T @ d
        when, sides = np.zeros(len(a)), np.zeros(len(a))
        for side in self.sides:
            # A column that has left, or touches and turns back, has no room: its product shrinks faster than lam.
            rise, room = side * a, self.prices - side * b
            meets = (self.signs == 0) & (rise > self.tol) & (room > 0)
            at = np.divide(rise, room, out=np.zeros_like(a), where=meets)
            sides[at > when] = side
            when = np.maximum(when, at)
        if self.leave and self.used:
            u, v = _solved(R, np.column_stack([along, g])).T
            s = self.signs[self.used]
            falls = (s * v < 0) & (-s * u > self.tol * np.abs(u).max())
            when[self.used] = np.divide(u, v, out=np.zeros_like(u), where=falls)
        return np.minimum(when, self.lam), sides

    def _change(self, j, side):
        """Let column `j` leave if it is in use, and else join unless it depends on those in use; whether it did."""
        if self.signs[j]:
            self.factors.delete(self.used.index(j))
            self.used.remove(j)
            self.signs[j] = 0
            return True
        added = self.factors.append(self.X[:, j], 100 * self.tol)
        if added:
            self.used.append(j)
            self.signs[j] = side
        return added


class _Factors:
    """``QR`` of columns that come and go."""

    def __init__(self, n, most):
        self.Q, self.R, self.k = np.empty((n, most), order="F"), np.zeros((most, most)), 0

    def current(self):
        return self.Q[:, : self.k], self.R[: self.k, : self.k]

    def append(self, x, tol):
        """Add a column at the end, unless it depends on the others up to `tol`; whether it was added."""
        (Q, _), k = self.current(), self.k
        first = Q.T @ x
        q = x - Q @ first
        # Twice is enough to make it orthogonal (Daniel et al., 1976).
        second = Q.T @ q
        q -= Q @ second
        length = np.linalg.norm(q)
        if k == self.Q.shape[1] or length <= tol * np.linalg.norm(x):
            return False
        self.Q[:, k], self.R[:k, k], self.R[k, k], self.k = q / length, first + second, length, k + 1
        return True

    def delete(self, i):
        """Take column `i` out, and rotate what it leaves below the diagonal away."""
        Q, R, last = self.Q, self.R, self.k - 1
        R[:, i:last] = R[:, i + 1 : last + 1]
        for m in range(i, last):
            length = np.hypot(R[m, m], R[m + 1, m])
            c, s = R[m, m] / length, R[m + 1, m] / length
            turn = np.array([[c, s], [-s, c]])
            R[m : m + 2, m:last] = turn @ R[m : m + 2, m:last]
            R[m + 1, m] = 0
            Q[:, m : m + 2] = Q[:, m : m + 2] @ turn.T
        self.k = last


def _solved(R, B, size=64):
    """``R⁻¹B`` of an upper triangular `R`, in blocks whose LU factorisation is their own."""
    B = B.copy()
    for start in reversed(range(0, len(R), size)):
        block = slice(start, start + size)
        B[block] = np.linalg.solve(R[block, block], B[block])
        B[:start] -= R[:start, block] @ B[block]
    return B

"""The loss and the penalty apart, each with coefficients of its own, which are drawn together: ADMM, on shards too.

The objective is ``1/(2n) ‖y − Xw‖₂² + lam pen(z)`` with ``w = z``, and prices ``rho u`` on the difference.  A step is

    w = argmin 1/(2n) ‖y − Xw‖₂² + rho/2 ‖w − z + u‖₂²,   z = prox(w + u, lam/rho),   u = u + w − z.

The first is a linear system, the same at every step but for `rho`; the second is exactly zero where the penalty says
so, and it is `z` that is returned.  Where the rows are in shards each has a `w` and a `u`, and `z` sees their means.
"""

import numpy as np

from shrinkage.columns import require_squares, squared_lengths
from shrinkage.coordinate_descent import default_tol
from shrinkage.duality import gap
from shrinkage.inputs import as_budget, as_coefficients, as_problem
from shrinkage.losses import QUADRATIC
from shrinkage.result import Progress
from shrinkage.sparse import Centred


def minimise(X, y, lam, penalty, *, tol=None, max_iter=10_000, w=None):
    """Minimise {eq}`eq-lasso-objective` on centred data by ADMM, with a certificate.

    Ends at the first `z` whose duality gap is at most `tol` times the objective at zero.  A solver that ran out
    of steps has stopped and not converged: it warns and says how large the gap is.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    y : ndarray of shape (n,), float
        Target in response units, centred likewise.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
        Or any other that has a prox.
    tol : float or None
        Gap to reach, relative to the objective at zero; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Steps at most.
    w : ndarray of shape (p,) or None
        Where to start, never changed; None is zero.

    Returns
    -------
    shrinkage.result.Result

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Notes
    -----
    The smaller of ``XᵀX/n`` and ``XXᵀ/n`` is diagonalised once, min(n, p) numbers a side, and serves every `rho`;
    with the second the system is solved by Woodbury's identity.  `rho` starts at the mean eigenvalue, and after
    1, 2, 4, 8, … steps it is moved to balance how far the copies are apart, ``‖w − z‖₂``, and how far a step
    leads, ``‖z − before‖₂``: ever more rarely, as ADMM converges while `rho` rests.

    References
    ----------
    Boyd, Parikh, Chu, Peleato & Eckstein (2011), Found. Trends Mach. Learn. 3(1), 1-122; He, Yang &
    Wang (2000), J. Optim. Theory Appl. 106(2), 337-356, for the balance.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> result = minimise(np.array([[1.], [-1.]]), np.array([2., -2.]), lam=0.5, penalty=L1())
    >>> result.w.round(9), result.converged
    (array([1.5]), True)
    """
    X, y, lam = as_problem(X, y, lam, sparse=True)
    return _descend([(X, y)], lam, penalty, tol, max_iter, w, "admm")


def consensus(shards, lam, penalty, *, tol=None, max_iter=10_000, w=None):
    """Minimise {eq}`eq-lasso-objective` on rows that are in several places, by ADMM, with a certificate.

    Each shard has coefficients and prices of its own and a factorisation of its own rows, made once.  What
    they exchange in a step are the sums that `z` and the gap are made of, p numbers each, and for the gap the
    columns without a penalty.

    Parameters
    ----------
    shards : list of pairs (X, y)
        As for `minimise`, with the same columns; the columns of all rows together are centred if the model has
        an intercept.  A shard counts by its rows.
    lam : float
        Penalty weight, >= 0.
    penalty : shrinkage.penalties.ElasticNet
        Or any other that has a prox.
    tol : float or None
        Gap to reach on all rows, relative to the objective at zero; None is 1e-12, or 1e-6 in single precision.
    max_iter : int
        Steps at most.
    w : ndarray of shape (p,) or None
        Where to start, never changed; None is zero.

    Returns
    -------
    shrinkage.result.Result
        The minimiser on all rows, however they are split.

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it, and the shard.

    References
    ----------
    Boyd, Parikh, Chu, Peleato & Eckstein (2011), Found. Trends Mach. Learn. 3(1), 1-122, section 8.2.

    Examples
    --------
    >>> from shrinkage.penalties import L1
    >>> X, y = np.array([[1.], [-1.], [2.], [-2.]]), np.array([2., -1., 3., -4.])
    >>> consensus([(X[:1], y[:1]), (X[1:], y[1:])], 0.5, L1()).w.round(6), minimise(X, y, 0.5, L1()).w.round(6)
    (array([1.5]), array([1.5]))
    """
    if not isinstance(shards, list | tuple) or not shards:
        raise ValueError(f"shards must be a list of pairs of X and y, at least one; it is {shards!r:.60}")
    checked = []
    for i, shard in enumerate(shards):
        try:
            X, y = shard
        except (TypeError, ValueError):
            raise ValueError(f"shards[{i}] must be a pair of X and y; it is {shard!r:.60}") from None
        try:
            X, y, lam = as_problem(X, y, lam, sparse=True)
        except ValueError as problem:
            # What is wrong with lam is wrong in every shard.
            raise ValueError(f"{'' if str(problem).startswith('lam ') else f'shards[{i}]: '}{problem}") from None
        checked.append((X, y))
        if X.shape[1] != checked[0][0].shape[1]:
            raise ValueError(f"shards[{i}] has {X.shape[1]} columns and shards[0] has {checked[0][0].shape[1]}")
    # One of double precision makes all so.
    dtype = max((X.dtype for X, _ in checked), key=lambda dtype: dtype.itemsize)
    checked = [(X, y) if X.dtype == dtype else (X.astype(dtype), y.astype(dtype)) for X, y in checked]
    return _descend(checked, lam, penalty, tol, max_iter, w, "consensus")


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
    >>> from shrinkage.penalties import L1
    >>> refusal(np.eye(2), QUADRATIC, L1(), 0.1)
    ''
    """
    if loss != QUADRATIC:
        return "the loss is not quadratic"
    return "" if hasattr(penalty, "prox") else "the penalty has no prox"


def _descend(shards, lam, penalty, tol, max_iter, w, solver):
    X, y = _Rows([X for X, _ in shards]), np.concatenate([y for _, y in shards])
    (n, p), dtype = X.shape, X.dtype
    tol, max_iter = as_budget(default_tol(dtype) if tol is None else tol, max_iter)
    if reason := refusal(X, QUADRATIC, penalty, lam):
        raise ValueError(f"penalty cannot be taken by this solver: {reason}")
    require_squares(y)
    # Prices and coefficients can be so unlike that single precision would lose their sum; their products need it not.
    z = np.zeros(p) if w is None else as_coefficients(w, X).astype(np.float64)
    # A column of zeros is worth 0 wherever a penalty asks for it, and every column is where y is 0.
    used = squared_lengths(X) > 0
    z[~used | ~y.any()] = 0
    with np.errstate(over="ignore", invalid="ignore"):
        residual = y - X @ z.astype(dtype)
        if not np.isfinite(residual @ residual):
            raise ValueError("w is so large that the squares of the residuals overflow; start nearer to zero")
    parts = [_Shard(X_i, y_i, len(y_i) / n, used, z) for X_i, y_i in shards]
    rho = sum(part.share * float(part.values.sum()) for part in parts) / p or 1.0
    # Below this the rounding of the largest eigenvalue would be more than rho.
    lowest = 1e3 * float(np.finfo(dtype).eps) * max(float(part.values[-1]) for part in parts)
    lowest, highest = max(lowest, 1e-8 * rho), 1e8 * rho
    if lam / rho * max(float(penalty.factors(p).max()), 1.0) > float(np.finfo(dtype).max):
        raise ValueError(
            f"lam = {lam:g} is too large beside X: it, times the factor of the penalty, over the mean square of X "
            "overflows; rescale the columns or the factors"
        )
    for part in parts:
        # The prices that belong to the point at which one starts.
        with np.errstate(invalid="ignore"):
            part.u = part.slope() / rho
    progress = Progress(tol * QUADRATIC.value(y, np.zeros_like(y)), max_iter)
    progress.record(gap(X, y, z.astype(dtype), lam, penalty))
    while not progress.over:
        before, z = z, penalty.prox(sum(part.share * part.proposal(z, rho) for part in parts), lam / rho)
        for part in parts:
            part.u = part.u + part.w - z
        progress.record(gap(X, y, z.astype(dtype), lam, penalty))
        progress.stuck = all(np.array_equal(other, z) for other in (before, *(part.w for part in parts)))
        steps = len(progress.history) - 1
        if steps & (steps - 1) == 0:
            factor = float(np.clip(rho * _balance(parts, z, before), lowest, highest)) / rho
            rho *= factor
            for part in parts:
                part.u = part.u / factor
    return progress.result(z.astype(dtype), 0.0, solver)


def _balance(parts, z, before):
    """What to multiply `rho` by: a large one draws the copies together, a small one lets them move."""
    apart, size = (
        float(sum(part.share * np.sum(v**2) for part, v in zip(parts, vectors, strict=True))) ** 0.5
        for vectors in ([part.w - z for part in parts], [part.w for part in parts])
    )
    moved = float(np.linalg.norm(z - before))
    if apart <= 1e-14 * size:
        # They agree for nothing, as where there is no penalty.
        return 0.1
    # The root, as a change acts on both.
    return float(np.clip((apart / moved) ** 0.5, 0.1, 10)) if moved else 1.0


class _Shard:
    """Some of the rows, with coefficients `w` and prices `u` of their own, and what solves their systems."""

    def __init__(self, X, y, share, used, w):
        self.X, self.y, self.share, self.used, self.w = X, y, share, used, w
        (n, p), self.u = X.shape, 0 * w
        self.wide = n < p
        values, self.vectors = np.linalg.eigh(_gram(X, self.wide) / n)
        self.values = np.maximum(values, 0)

    def slope(self):
        """Minus the slope of the shard's loss at its `w`."""
        residual = self.y - self.X @ self.w.astype(self.y.dtype)
        return np.where(self.used, self.X.T @ residual / self.X.shape[0], 0).astype(np.float64)

    def proposal(self, z, rho):
        """Move to the minimiser of the shard's part for `z`, and give the sum with the prices.

        The system is solved for the way there, so that the data and not their squares say where it ends.
        """
        # Single-precision products of BLAS may raise the flag of an invalid number in lanes that nobody reads.
        with np.errstate(invalid="ignore"):
            way = self._solved(self.slope() + rho * (z - self.u - self.w), rho)
        self.w = self.w + np.where(self.used, way, 0)
        return self.w + self.u

    def _solved(self, q, rho):
        """``(XᵀX/n + rho 1)⁻¹ q``."""
        X, Q, scale = self.X, self.vectors, self.values + rho
        if not self.wide:
            return Q @ ((Q.T @ q) / scale)
        # Woodbury's identity
        dual = Q @ ((Q.T @ (X @ q.astype(X.dtype))) / scale)
        return (q - X.T @ dual.astype(X.dtype) / X.shape[0]) / rho


class _Rows(Centred):
    """Row blocks in the place of one matrix: every product is put together of theirs."""

    def __init__(self, blocks):
        self.blocks, self.dtype = blocks, blocks[0].dtype
        self.shape = sum(X.shape[0] for X in blocks), blocks[0].shape[1]
        self.ends = np.cumsum([X.shape[0] for X in blocks])[:-1]

    def __matmul__(self, w):
        return np.concatenate([X @ w for X in self.blocks])

    @property
    def T(self):
        return _Columns(self)

    def astype(self, dtype):
        return _Rows([X.astype(dtype) for X in self.blocks])

    def dense(self, columns):
        return np.vstack([X.dense(columns) if isinstance(X, Centred) else X[:, columns] for X in self.blocks])

    def largest(self):
        return np.max([X.largest() if isinstance(X, Centred) else np.abs(X).max(axis=0) for X in self.blocks], axis=0)

    def squared_lengths(self):
        return sum(X.squared_lengths() if isinstance(X, Centred) else np.sum(X**2, axis=0) for X in self.blocks)


class _Columns:
    def __init__(self, of):
        self.of = of

    def __matmul__(self, r):
        return sum(X.T @ part for X, part in zip(self.of.blocks, np.split(r, self.of.ends), strict=True))


def _gram(X, wide):
    """``XXᵀ`` or ``XᵀX``, dense and in double precision."""
    if not isinstance(X, Centred):
        X = np.asarray(X, np.float64)
        return X @ X.T if wide else X.T @ X
    S, m, d = X.X.astype(np.float64), X.m.astype(np.float64), X.d.astype(np.float64)
    A, a, b = (S, S @ m, d) if wide else (S.T, S.T @ d, m)
    across = np.outer(a, b)
    return (A @ A.T).toarray() - across - across.T + np.outer(b, b) * (m @ m if wide else d @ d)

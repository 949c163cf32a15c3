"""How far an answer is from optimal, found from the problem alone: no reference, no task.

Every residual is relative to the size of the terms that cancel in it, so that zero up to
rounding means about 1e-16 times the number of terms, for any scale, p > n and
ill-conditioned data included, while a wrong answer stands out at the size of its error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _ratio(residual: Floats | float, size: float) -> float:
    error = float(np.linalg.norm(np.atleast_1d(residual)))
    # Where a norm overflows nothing is known, and an infinite size would make every residual small.
    return error / (size or 1.0) if np.isfinite(error) and np.isfinite(size) else np.inf


def ridge_gradient(X: Any, y: Any, w: Any, lam: float) -> float:
    """Norm of the gradient of the ridge objective in `w`, relative to its terms.

    The objective is ``|y - X w|^2 / (2 n) + lam/2 |w|^2``; its only minimiser (`lam` > 0) is where
    this is zero.  With an intercept, `X` and `y` are to be centred.
    """
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    n = len(y)
    slope = X.T @ (X @ w - y) / n + lam * w
    size_X, size_w = np.linalg.norm(X), np.linalg.norm(w)
    terms = size_X * (size_X * size_w + np.linalg.norm(y)) / n + lam * size_w
    return _ratio(slope, float(terms))


def mean_residual(X: Any, y: Any, w: Any, b: float) -> float:
    """Absolute mean of the residuals, relative to their terms: zero where `b` is optimal, unpenalised."""
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    terms = np.mean(np.abs(y)) + np.mean(np.abs(X) @ np.abs(w)) + abs(b)
    return _ratio(float(np.mean(y - X @ w - b)), float(terms))


def ridge_dual(X: Any, y: Any, a: Any, lam: float) -> float:
    """Norm of ``(X X' + n lam I) a - y``, the stationarity of the ridge dual, relative to its terms."""
    X, y, a = (np.asarray(v, dtype=np.float64) for v in (X, y, a))
    n = len(y)
    residual = X @ (X.T @ a) + n * lam * a - y
    size = (np.linalg.norm(X) ** 2 + n * lam) * np.linalg.norm(a) + np.linalg.norm(y)
    return _ratio(residual, float(size))


def deleted_residuals(X: Any, y: Any, lam: float) -> Floats:
    """Leave-one-out residuals of ridge with an intercept by deleting every row in turn.

    Each fit is least squares on the remaining rows, with ``sqrt(n lam)`` times the identity
    (and no entry for the intercept) stacked below: the penalty ``n lam`` is that of all n rows.
    """
    X, y = (np.asarray(a, dtype=np.float64) for a in (X, y))
    n, p = X.shape
    full = np.column_stack([X, np.ones(n)])
    below = np.sqrt(n * lam) * np.eye(p, p + 1)
    left = np.empty(n)
    for i in range(n):
        rows = np.vstack([np.delete(full, i, axis=0), below])
        target = np.concatenate([np.delete(y, i), np.zeros(p)])
        left[i] = y[i] - full[i] @ np.linalg.lstsq(rows, target, rcond=None)[0]
    return left


def ridge_bound(X: Any, y: Any, w: Any, lam: float) -> tuple[float, float]:
    """``|gradient| / lam``, which bounds ``|w - w*|`` for ridge on centred data, and its own rounding.

    By strong convexity ``lam |w - w*| <= |gradient|``.  Unlike the residuals above it is in the
    units of `w`; the second number says how much of it rounding may be, in the precision of the data.
    """
    eps = max(float(np.finfo(a.dtype).eps) if np.asarray(a).dtype.kind == "f" else 0.0 for a in (X, y)) or 2e-16
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    n, size = len(y), float(np.linalg.norm(X))
    slope = X.T @ (X @ w - y) / n + lam * w
    terms = size * (size * float(np.linalg.norm(w)) + float(np.linalg.norm(y))) / n + lam * float(np.linalg.norm(w))
    return float(np.linalg.norm(slope)) / lam, 10 * eps * terms / lam


def ridge_descent(X: Any, y: Any, lam: float, steps: int) -> Floats:
    """The point that `steps` gradient steps of step size 1/L reach from 0, without taking them.

    In the eigenvectors of ``X'X/n + lam I``, with eigenvalues ``m <= L``, each step multiplies the
    distance to the minimiser by ``1 - m/L``.
    """
    X, y = (np.asarray(a, dtype=np.float64) for a in (X, y))
    n, p = X.shape
    m, V = np.linalg.eigh(X.T @ X / n + lam * np.eye(p))
    return np.asarray(V @ ((1 - (1 - m / m[-1]) ** steps) * (V.T @ X.T @ y) / (n * m)))


def ridge_steps(X: Any, y: Any, lam: float, tol: float) -> int:
    """How many such steps are enough for ``|gradient| / lam <= tol``: each leaves at most 1 - lam/L of it."""
    X, y = (np.asarray(a, dtype=np.float64) for a in (X, y))
    n = len(y)
    largest = lam + float(np.linalg.norm(X, 2) ** 2 / n)
    first = float(np.linalg.norm(X.T @ y)) / (n * lam)
    return 0 if first <= tol else int(np.ceil(np.log(first / tol) / -np.log1p(-lam / largest)))


def ridge_fewest(X: Any, y: Any, w: Any, lam: float) -> int:
    """Gradient steps of one size that `w` takes from 0 at least, whatever the size that does not diverge.

    Steps of size s multiply the distance along an eigenvector, with the eigenvalue m, by ``1 - s m``, and with
    ``s <= 2/L`` that is at least ``1 - 2m/L``.  The weakest direction that the minimiser has tells most.
    """
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    n, p = X.shape
    m, V = np.linalg.eigh(X.T @ X / n + lam * np.eye(p))
    wanted = V.T @ X.T @ y / (n * m)
    k = int(np.argmax(np.abs(wanted) > 1e-6 * np.abs(wanted).max()))
    left, kept = abs((V[:, k] @ w) / (wanted[k] or 1.0) - 1), 1 - 2 * m[k] / m[-1]
    if not 0 < kept < 1 or left >= 1:
        return 0
    return int(np.ceil(np.log(max(left, 1e-12)) / np.log(kept)))


def lasso_distance(X: Any, y: Any, w: Any, lam: float, l1_ratio: float = 1.0) -> float:
    """How far `w` is from a minimiser under L1, or under its mix with L2, as the worst of its columns.

    The objective is ``|y - X w|^2 / (2 n) + lam (l1_ratio |w|_1 + (1 - l1_ratio)/2 |w|^2)``, and `w` minimises
    it exactly if minus the gradient of the smooth part is a subgradient of the rest.  What is returned is the
    largest distance to those subgradients over the columns, each relative to its terms.  A coefficient is
    zero only if it is exactly 0.  With an intercept, `X` and `y` are to be centred.
    """
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    n, l1, l2 = len(y), lam * l1_ratio, lam * (1 - l1_ratio)
    slope = X.T @ (X @ w - y) / n + l2 * w
    distance = np.where(w == 0, np.maximum(np.abs(slope) - l1, 0), np.abs(slope + l1 * np.sign(w)))
    sizes = np.linalg.norm(X, axis=0)
    terms = sizes * (sizes @ np.abs(w) + np.linalg.norm(y)) / n + l1 + l2 * np.abs(w)
    return max(_ratio(float(d), float(t)) for d, t in zip(distance, terms, strict=True))


def lasso_exact(X: Any, y: Any, lam: float, l1_ratio: float = 1.0) -> Floats:
    """A minimiser of that objective by an active-set method, for few columns; raises ValueError if not certified.

    It is Lawson and Hanson's method for nonnegative least squares with a sign for each column in use: the
    column that violates its condition most comes in, the system of those in use is solved, and on the way to
    its solution whichever coefficient meets zero goes out.  The objective falls with every change, so no set
    comes twice; of many minimisers it finds one.
    """
    X, y = (np.asarray(a, dtype=np.float64) for a in (X, y))
    (n, p), l1 = X.shape, lam * l1_ratio
    G, z = X.T @ X / n + lam * (1 - l1_ratio) * np.eye(p), X.T @ y / n
    w, signs, used = np.zeros(p), np.zeros(p), np.zeros(p, dtype=bool)
    noise = 1e-13 * (np.linalg.norm(X, axis=0) * np.linalg.norm(y) / n + l1)
    for _ in range(20 * (p + 1)):
        pull = z - G @ w
        beyond = np.where(used, -np.inf, np.abs(pull) - l1 - noise)
        if beyond.max() <= 0:
            break
        used[j := int(beyond.argmax())] = True
        signs[j] = np.sign(pull[j])
        while used.any():
            A = np.ix_(used, used)
            aim = z[used] - l1 * signs[used]
            solution = np.linalg.lstsq(G[A], aim, rcond=1e-12)[0]
            missed = aim - G[A] @ solution
            # Dependent columns leave a direction along which the fit stays and the penalty falls, to a sign's end.
            endless = float(np.linalg.norm(missed)) > 1e-9 * float(np.linalg.norm(aim))
            step = missed if endless else solution - w[used]
            shrinks = signs[used] * step < 0
            room = np.full(len(step), np.inf)
            room[shrinks] = np.abs(w[used])[shrinks] / np.abs(step)[shrinks]
            length = float(room.min()) if endless else min(1.0, float(room.min()))
            if not np.isfinite(length):
                raise ValueError("the columns in use lead nowhere")
            moved = w[used] + length * step
            moved[room <= length] = 0.0
            w[used] = moved
            if length == 1.0 and not endless and np.all(moved != 0):
                break
            used &= w != 0
    if not lasso_distance(X, y, w, lam, l1_ratio) <= 1e-12:
        raise ValueError("no minimiser was certified")
    return w

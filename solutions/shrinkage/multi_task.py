"""Several targets whose models use the same columns: a penalty on the lengths of the rows of coefficients.

The objective is ``1/(2n) ‖Y − XW‖_F² + l1 Σ_j ‖W_j‖₂ + l2/2 ‖W‖_F²`` with a row ``W_j`` for each column; of one target
it is the elastic net.  Blockwise descent finds which rows are zero, for the best of one row is a soft threshold of its
length.  On the others the objective is smooth, and Newton's method finishes.
"""

import numpy as np

from shrinkage.columns import chosen, products
from shrinkage.inputs import as_budget, as_design, as_problem
from shrinkage.result import Progress

SWEEPS, NEWTON = 5, 20  # of descent between Newton's steps; and these, at most
ROUNDING = 1e-14
NEAR = 0.9  # of l1: rows with slopes as long as this are worth a look


def minimise(X, Y, l1, l2, *, tol=1e-12, max_iter=1000, W=None):
    """Minimise the objective on centred data, with a certificate.

    Parameters
    ----------
    X : ndarray, sparse matrix or shrinkage.sparse.Centred, of shape (n, p), float
        Design matrix; columns centred if the model has an intercept.
    Y : ndarray of shape (n, K), float
        Targets in response units, centred likewise.
    l1 : float
        Weight of the lengths, > 0.
    l2 : float
        Weight of the squares, >= 0.
    tol : float
        Gap to reach, relative to the objective at zero.
    max_iter : int
        Rounds of descent and Newton's method at most.
    W : ndarray of shape (p, K) or None
        Where to start, never changed; None is zero.

    Returns
    -------
    shrinkage.result.Result
        With a `w` of shape (p, K).

    Raises
    ------
    ValueError
        If an argument cannot be used; the message names it.

    Warns
    -----
    RuntimeWarning
        If the gap is not reached.

    References
    ----------
    Yuan & Lin (2006), J. R. Statist. Soc. B 68(1), 49-67; Obozinski, Taskar & Jordan (2010), Stat. Comput. 20(2),
    231-252.

    Examples
    --------
    The length of the row of slopes is 5, of which 1 is taken off:

    >>> X, Y = np.array([[1.], [-1.]]), np.array([[3., 4.], [-3., -4.]])
    >>> minimise(X, Y, 1.0, 0.0).w
    array([[2.4, 3.2]])
    """
    Y = as_design(Y, "Y")
    X, _, l1 = as_problem(X, Y[:, 0], l1, sparse=True)
    _, _, l2 = as_problem(X, Y[:, 0], l2, sparse=True)
    tol, max_iter = as_budget(tol, max_iter)
    if not l1:
        raise ValueError("l1 must be > 0; without it every target is a problem of its own")
    (n, p), K = X.shape, Y.shape[1]
    W = np.zeros((p, K)) if W is None else as_design(W, "W").astype(np.float64)
    if W.shape != (p, K):
        raise ValueError(f"W must have a row a column of X and a column a target, ({p}, {K}); it has {W.shape}")
    progress = Progress(tol * float(np.sum(Y**2)) / (2 * n), max(max_iter, 1))
    while True:
        rest = Y - X @ W
        slopes = X.T @ rest / n
        progress.record(_gap(Y, rest, slopes, W, l1, l2))
        if progress.over:
            return progress.result(W.astype(X.dtype), 0.0, "multi_task")
        of = np.flatnonzero((_lengths(slopes) > NEAR * l1) | W.any(axis=1))
        some = chosen(X, of)
        G, c, found = products(some, some) / n, some.T @ Y / n, W[of]
        for _ in range(SWEEPS):
            found = _sweep(G, c, found, l1, l2)
        found = _newton(G, c, found, l1, l2)
        before, W = W, np.zeros((p, K))
        W[of] = found
        progress.stuck = np.array_equal(before, W)


def _lengths(W):
    return np.sqrt(np.sum(W**2, axis=1))


def _gap(Y, rest, slopes, W, l1, l2):
    """Primal minus dual objective, with the squares as rows of zeros below the data."""
    n, squares = len(Y), l2 * float(np.sum(W**2))
    size, fit = float(np.sum(rest**2)) / n + squares, float(np.sum(rest * Y)) / n
    longest = float(_lengths(slopes - l2 * W).max())
    share = min(1.0, l1 / longest) if longest else 1.0
    return size / 2 + l1 * float(_lengths(W).sum()) - share * fit + share**2 * size / 2


def _sweep(G, c, W, l1, l2):
    """Every row once to where it is best, as the others are."""
    W, slopes = W.copy(), c - G @ W
    for j, square in enumerate(G.diagonal().tolist()):
        z = slopes[j] + square * W[j]
        length = float(np.sqrt(z @ z))
        # What rounding alone lifts above the weight is zero.
        new = z * ((1 - l1 / length) / (square + l2)) if length > l1 * (1 + ROUNDING) else np.zeros_like(z)
        if (new != W[j]).any():
            slopes -= np.outer(G[:, j], new - W[j])
            W[j] = new
    return W


def _newton(G, c, W, l1, l2):
    """The minimiser with the same rows of zeros, or with more of them; or as near to it as it comes."""
    W, value = W.copy(), _value(G, c, W, l1, l2)
    for _ in range(NEWTON):
        used = np.flatnonzero(W.any(axis=1))
        if not used.size:
            break
        V, H, gradient = W[used], *_derivatives(G[np.ix_(used, used)], c[used], W[used], l1, l2)
        step = np.linalg.lstsq(H, -gradient.ravel(), rcond=1e-13)[0]
        missed = -gradient - (H @ step).reshape(V.shape)
        step = step.reshape(V.shape)
        trial, now = W.copy(), np.inf
        if np.linalg.norm(missed) > 1e-6 * np.linalg.norm(gradient):
            # Columns depend on each other, and along this the objective falls until a row is zero.
            step = missed
            speeds = np.sum(step * V, axis=1) / np.sum(V**2, axis=1)
            if speeds.min() < 0:
                trial[used] = V - step / speeds.min()
                trial[used[np.argmin(speeds)]] = 0
                now = _value(G, c, trial, l1, l2)
        t = 1.0
        # Near the end the objective is flatter than its rounding, and the step knows better.
        enough = value + 1e-15 * abs(value)
        while not now <= enough and t > 1e-3:
            trial[used] = V + t * step
            now, t = _value(G, c, trial, l1, l2), t / 2
        if not now <= enough:
            break
        done = np.abs(trial - W).max() <= 1e-14 * np.abs(W).max()
        W, value = trial, now
        if done:
            break
    return W


def _derivatives(G, c, V, l1, l2):
    """Second derivatives, of shape (mK, mK), and first, of shape (m, K), where no row is zero."""
    (m, K), lengths = V.shape, _lengths(V)[:, None]
    U, at = V / lengths, np.arange(m)
    H = np.kron(G, np.eye(K)).reshape(m, K, m, K)
    H[at, :, at] += l2 * np.eye(K) + (l1 / lengths)[:, :, None] * (np.eye(K) - U[:, :, None] * U[:, None])
    return H.reshape(m * K, m * K), G @ V - c + l1 * U + l2 * V


def _value(G, c, V, l1, l2):
    return float(np.sum(V * (G @ V / 2 - c)) + l1 * _lengths(V).sum() + l2 / 2 * np.sum(V**2))

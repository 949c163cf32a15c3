# task: lasso.by_signs
# No patterns: one coordinate after another until nothing moves, then the system of those that are left.
import numpy as np

from shrinkage.inputs import as_problem


def lasso_by_signs(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    X, y = X.astype(np.float64), y.astype(np.float64)
    n, p = X.shape
    lengths = np.sum(X**2, axis=0) / n
    w, residual, signs = np.zeros(p), y.copy(), np.zeros(p)
    for _ in range(20_000):
        moved = 0.0
        for j in range(p):
            if lengths[j] == 0:
                continue
            z = X[:, j] @ residual / n + lengths[j] * w[j]
            new = (z - np.clip(z, -lam, lam)) / lengths[j]
            residual -= (new - w[j]) * X[:, j]
            moved = max(moved, abs(new - w[j]))
            w[j] = new
        if moved <= 1e-15 * np.abs(w).max():
            break
    signs = np.where(np.abs(w) > 1e-9 * np.abs(w).max(), np.sign(w), 0)
    used = []
    for j in np.flatnonzero(signs):
        if np.linalg.matrix_rank(X[:, [*used, j]]) > len(used):
            used.append(j)
    w = np.zeros(p)
    if used:
        part = X[:, used]
        w[used] = np.linalg.solve(part.T @ part, part.T @ y - n * lam * signs[used])
    return w

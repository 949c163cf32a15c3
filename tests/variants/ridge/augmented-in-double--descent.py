# task: ridge.descent
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    # Least squares on more rows, in double precision whatever came in, kept column by column.
    rows = np.asfortranarray(np.vstack([X, (n * lam) ** 0.5 * np.eye(p)]), dtype=np.float64)
    target = np.concatenate([y, np.zeros(p)])
    L = np.linalg.svd(rows, compute_uv=False)[0] ** 2 / n
    w = np.zeros(p)
    residual = target.copy()
    for n_iter in range(max_iter + 1):
        gradient = -rows.T @ residual / n
        bound = float(np.linalg.norm(gradient) / lam)
        converged = bound <= tol
        if converged or n_iter == max_iter:
            break
        w = w - gradient / L
        residual = target - rows @ w
    return w, bound, n_iter, converged

# task: ridge.descent
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    # Each direction contracts by its own factor, so the steps need no matrix at all.
    U, d, Vt = np.linalg.svd(X, full_matrices=False)
    curvature = d**2 / n + lam
    slope = -d * (U.T @ y) / n
    along, n_iter = np.zeros_like(d), 0
    while np.linalg.norm(slope) / lam > tol and n_iter < max_iter:
        along = along - slope / curvature[0]
        slope = curvature * along - d * (U.T @ y) / n
        n_iter += 1
    bound = float(np.linalg.norm(slope) / lam)
    return along @ Vt, bound, n_iter, bound <= tol

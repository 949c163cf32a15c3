# task: ridge.descent
# diagnosis: agrees
# message: You take one step more than max_iter allows, or count one fewer than you take: w is the point after
#   n_iter + 1 steps.
# section: sec-ridge-descent
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    step = 1 / (float(np.linalg.norm(X, 2)) ** 2 / n + lam)
    w = np.zeros(p, X.dtype)
    for n_iter in range(max_iter + 1):
        gradient = X.T @ (X @ w - y) / n + lam * w
        bound = float(np.linalg.norm(gradient)) / lam
        w = w - step * gradient
        gradient = X.T @ (X @ w - y) / n + lam * w
        bound = float(np.linalg.norm(gradient)) / lam
        if bound <= tol:
            break
    return w, bound, n_iter, bound <= tol

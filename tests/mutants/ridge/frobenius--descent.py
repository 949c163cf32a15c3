# task: ridge.descent
# diagnosis: agrees
# message: Your step uses the root of the sum of all squares of X. That is at least the largest singular value,
#   so the steps are safe but shorter than 1/L: np.linalg.norm(X, 2) is the largest singular value.
# section: sec-ridge-descent
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    step = 1 / (np.linalg.norm(X) ** 2 / n + lam)
    w = np.zeros(p, X.dtype)
    for n_iter in range(max_iter + 1):
        gradient = X.T @ (X @ w - y) / n + lam * w
        bound = float(np.linalg.norm(gradient)) / lam
        if bound <= tol or n_iter == max_iter:
            break
        w = w - step * gradient
    return w, bound, n_iter, bound <= tol

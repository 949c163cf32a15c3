# task: ridge.descent
# diagnosis: agrees
# message: Your gradient divides the penalty by n as well: (Xᵀ(Xw − y) + lam w)/n belongs to an objective with
#   lam/n in the place of lam. Only the squares are averaged over the rows; lam w stands outside.
# section: sec-ridge-certificate
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    step = 1 / (float(np.linalg.norm(X, 2)) ** 2 / n + lam)
    w = np.zeros(p, X.dtype)
    for n_iter in range(max_iter + 1):
        gradient = (X.T @ (X @ w - y) + lam * w) / n
        bound = float(np.linalg.norm(gradient)) / lam
        if bound <= tol or n_iter == max_iter:
            break
        w = w - step * gradient
    return w, bound, n_iter, bound <= tol

# task: ridge.descent
# diagnosis: agrees
# message: Your gradient adds w where it needs lam w: half the sum of squares is differentiated and its
#   weight forgotten, so that every lam gives the solution of lam = 1.
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
        gradient = X.T @ (X @ w - y) / n + w
        bound = float(np.linalg.norm(gradient)) / lam
        if bound <= tol or n_iter == max_iter:
            break
        w = w - step * gradient
    return w, bound, n_iter, bound <= tol

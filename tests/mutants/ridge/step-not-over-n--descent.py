# task: ridge.descent
# diagnosis: agrees
# message: Your step is 1/d₁², so it is about n times too short: the curvature of a mean over n rows is d₁²/n +
#   lam. It still goes downhill, and arrives n times later.
# section: sec-ridge-descent
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    step = 1 / np.linalg.norm(X, 2) ** 2
    w = np.zeros(p, X.dtype)
    for n_iter in range(max_iter + 1):
        gradient = X.T @ (X @ w - y) / n + lam * w
        bound = float(np.linalg.norm(gradient)) / lam
        if bound <= tol or n_iter == max_iter:
            break
        w = w - step * gradient
    return w, bound, n_iter, bound <= tol

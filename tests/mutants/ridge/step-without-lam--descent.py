# task: ridge.descent
# diagnosis: agrees
# message: Your step n/d₁² leaves out the curvature of the penalty, which adds lam to every direction. Where
#   lam exceeds d₁²/n the step is more than twice 1/L, and each step enlarges the error along the steepest direction.
# section: sec-ridge-descent
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    step = n / np.linalg.norm(X, 2) ** 2
    w = np.zeros(p, X.dtype)
    for n_iter in range(max_iter + 1):
        gradient = X.T @ (X @ w - y) / n + lam * w
        bound = float(np.linalg.norm(gradient)) / lam
        if bound <= tol or n_iter == max_iter:
            break
        w = w - step * gradient
    return w, bound, n_iter, bound <= tol

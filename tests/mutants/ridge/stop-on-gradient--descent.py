# task: ridge.descent
# diagnosis: agrees
# message: Your loop compares the norm of the gradient with tol. The distance to the minimiser can be 1/lam
#   times as large: divide by lam before you compare.
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
        gradient = X.T @ (X @ w - y) / n + lam * w
        bound = float(np.linalg.norm(gradient)) / lam
        if np.linalg.norm(gradient) <= tol or n_iter == max_iter:
            break
        w = w - step * gradient
    return w, bound, n_iter, bound * lam <= tol

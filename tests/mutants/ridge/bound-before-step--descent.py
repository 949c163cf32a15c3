# task: ridge.descent
# diagnosis: agrees
# message: Your bound belongs to the iterate before the one that you return: w takes another step after the
#   gradient was computed. Stop between the two, so that the certificate is of the w that leaves.
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
        w = w - step * gradient
        if bound <= tol:
            break
    return w, bound, n_iter, bound <= tol

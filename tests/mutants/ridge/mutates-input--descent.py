# task: ridge.descent
# diagnosis: symptom changed_input
# message: Your function changes the arrays it was given: an operation such as X /= ... works in place, on the
#   caller's own data. Write the result to a new name.
# section: sec-ridge-wrong
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    X /= n**0.5
    y /= n**0.5
    step = 1 / (np.linalg.norm(X, 2) ** 2 + lam)
    w = np.zeros(p, X.dtype)
    for n_iter in range(max_iter + 1):
        gradient = X.T @ (X @ w - y) + lam * w
        bound = float(np.linalg.norm(gradient)) / lam
        if bound <= tol or n_iter == max_iter:
            break
        w = w - step * gradient
    return w, bound, n_iter, bound <= tol

# task: ridge.descent
# diagnosis: agrees
# message: Your loop ends when w changes little, and calls that convergence. A step changes w by ‖gradient‖₂/L,
#   which is smaller than the bound ‖gradient‖₂/lam by the factor lam/L: where the penalty is weak,
#   short steps are the rule, far from the minimiser too.
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
        if n_iter == max_iter:
            break
        change = step * gradient
        if np.linalg.norm(change) <= tol:
            break
        w = w - change
    return w, bound, n_iter, n_iter < max_iter or bound <= tol

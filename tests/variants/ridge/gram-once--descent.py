# task: ridge.descent
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    gram, c = np.asfortranarray(X.T @ X / n), X.T @ y / n
    gram[np.diag_indices(p)] += lam
    step = 1 / np.linalg.eigvalsh(gram)[-1]
    w, n_iter = np.zeros_like(c), 0
    while True:
        gradient = gram @ w - c
        bound = np.sqrt(gradient @ gradient) / lam
        if bound <= tol or n_iter >= max_iter:
            return w, float(bound), n_iter, bool(bound <= tol)
        w -= step * gradient
        n_iter += 1

# task: ridge.descent
import numpy as np

from shrinkage.inputs import as_problem


def descent(X, y, lam, tol, max_iter):
    X, y, lam = as_problem(X, y, lam)
    tol, max_iter = as_stop(lam, tol, max_iter)
    n, p = X.shape
    L = np.linalg.eigvalsh(X @ X.T)[-1] / n + lam
    w = [0.0] * p
    for n_iter in range(max_iter + 1):
        residual = y - np.array([sum(map(float.__mul__, row, w)) for row in X.tolist()])
        gradient = np.array([lam * w[j] - X[:, j] @ residual / n for j in range(p)])
        bound = float(sum(gradient**2) ** 0.5) / lam
        if bound <= tol:
            return np.array(w), bound, n_iter, True
        if n_iter < max_iter:
            w = [float(v - g / L) for v, g in zip(w, gradient, strict=True)]
    return np.array(w), bound, max_iter, False

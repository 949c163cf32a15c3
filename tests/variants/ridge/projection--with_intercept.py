# task: ridge.with_intercept
# Another algorithm: the centring matrix, and least squares on augmented rows; b as an array of no dimension.
import numpy as np

from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    n, p = X.shape
    H = np.eye(n) - np.ones((n, n)) / n
    rows = np.concatenate([H @ X, np.sqrt(n * lam) * np.eye(p)])
    w, *_ = np.linalg.lstsq(rows, np.concatenate([H @ y, np.zeros(p)]), rcond=None)
    return w, np.asarray(np.mean(y - X @ w))

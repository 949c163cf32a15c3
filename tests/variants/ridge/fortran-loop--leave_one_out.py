# task: ridge.leave_one_out
# Column order, numpy's svd and a loop over rows.
import numpy as np

from shrinkage.inputs import as_problem


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row; without it nothing is left to predict it from: give at least two")
    n = len(X)
    Z = np.asfortranarray(X - X.mean(axis=0))
    U, d, Vt = np.linalg.svd(Z, full_matrices=False)
    f = filter_factors(np.asarray(d), n, lam)
    level = y.mean()
    errors = np.zeros(n)
    for i in range(n):
        hat = U[i] * f
        errors[i] = (y[i] - level - hat @ (U.T @ (y - level))) / (1 - 1 / n - hat @ U[i])
    return errors

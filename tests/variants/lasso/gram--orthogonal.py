# task: lasso.orthogonal
# The Gram matrix of columns stored one after the other, and the sums with n lam.
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    F = np.asfortranarray(X)
    d = np.diagonal(F.T @ F)
    return soft_threshold(F.T @ y, n * lam) / np.where(d > 0, d, 1)

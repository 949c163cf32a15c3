# task: ridge.dual_coef
# Another algorithm: Cholesky of the rows' Gram matrix.
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    K = X @ X.T
    K[np.diag_indices_from(K)] += len(y) * lam
    L = np.linalg.cholesky(K)
    return np.linalg.solve(L.T, np.linalg.solve(L, y))

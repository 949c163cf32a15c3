# task: ridge.dual_coef
# The Gram matrix by loops over pairs of rows, both sides divided by n.
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n = len(X)
    K = np.empty((n, n), order="F")
    for i in range(n):
        for j in range(i + 1):
            K[i, j] = K[j, i] = np.sum(X[i] * X[j]) / n
    return np.linalg.solve(K + lam * np.eye(n), y / n)

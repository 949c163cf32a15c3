# task: ridge.dual_coef
# Another algorithm: the thin SVD, and what lies outside the columns' span apart.
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n = X.shape[0]
    U, d, _ = np.linalg.svd(X, full_matrices=False)
    along = U.T @ y
    a = U @ (along / (d**2 + n * lam))
    return a + (y - U @ along) / (n * lam) if lam > 0 else a

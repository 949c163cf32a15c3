# task: ridge.dual_coef
# Another algorithm: eigendecomposition, in double precision whatever came in.
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    X, y = X.astype(np.float64), y.astype(np.float64)
    values, U = np.linalg.eigh(X @ X.T)
    return U @ (U.T @ y / (values + len(X) * lam))

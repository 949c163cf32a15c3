# task: ridge.dual_coef
# diagnosis: symptom right_only_when_square
# message: Your function works only where X has as many columns as rows: the identity has p rows,
#   where X Xᵀ is n by n. Write np.eye(n), with n = X.shape[0].
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n, p = X.shape
    return np.linalg.solve(X @ X.T + n * lam * np.eye(p), y)

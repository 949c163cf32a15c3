# task: ridge.dual_coef
# diagnosis: agrees
# message: Your penalty is p lam. The roles of rows and columns change in the dual, the penalty does not:
#   it stays n lam, with n the number of rows of X.
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n, p = X.shape
    return np.linalg.solve(X @ X.T + p * lam * np.eye(n), y)

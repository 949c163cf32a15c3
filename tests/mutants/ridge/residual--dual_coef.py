# task: ridge.dual_coef
# diagnosis: agrees
# message: What came back is the residual y − Xw, which is n lam times a. Divide by n lam, or solve the n
#   by n system for a itself.
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n = len(X)
    return n * lam * np.linalg.solve(X @ X.T + n * lam * np.eye(n), y)

# task: ridge.dual_coef
# diagnosis: agrees
# message: The mean of y was subtracted. This function solves the problem it is given, without an
#   intercept, and leaves centring to its caller.
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n = len(X)
    return np.linalg.solve(X @ X.T + n * lam * np.eye(n), y - y.mean())

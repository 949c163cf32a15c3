# task: ridge.dual_coef
# diagnosis: agrees
# message: Your coefficients are n times too large: the residual was divided by lam where n lam belongs.
#   Check with w = Xᵀa, which must be the ridge solution.
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n = len(X)
    return n * np.linalg.solve(X @ X.T + n * lam * np.eye(n), y)

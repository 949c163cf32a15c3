# task: ridge.dual_coef
# diagnosis: agrees
# message: lam does not enter your system. The rows of centred data depend on each other, so X Xᵀ
#   alone is singular; n lam on its diagonal makes the solution unique.
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    return np.linalg.solve(X @ X.T, y)

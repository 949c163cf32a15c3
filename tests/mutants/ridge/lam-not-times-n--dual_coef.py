# task: ridge.dual_coef
# diagnosis: agrees
# message: Your system is X Xᵀ + lam I, where the objective asks for n lam. The dual inherits the n of the
#   mean over rows, as the closed form does.
# section: sec-ridge-scale
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    return np.linalg.solve(X @ X.T + lam * np.eye(len(X)), y)

# task: ridge.dual_coef
# diagnosis: symptom changed_input
# message: Your function rescales the caller's own y: y /= n works in place. Write y / n to a new name, or
#   leave both sides of the system undivided.
# section: sec-ridge-wrong
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n = len(X)
    y /= n
    return np.linalg.solve(X @ X.T / n + lam * np.eye(n), y)

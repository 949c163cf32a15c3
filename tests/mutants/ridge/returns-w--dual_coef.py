# task: ridge.dual_coef
# diagnosis: agrees
# message: What came back is w = Xᵀa, one number a column. The dual coefficients are a, one number a row;
#   the caller takes the last step.
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    a = np.linalg.solve(X @ X.T + len(X) * lam * np.eye(len(X)), y)
    return X.T @ a

# task: ridge.dual_coef
# diagnosis: agrees
# message: The number n lam was added to every entry of X Xᵀ, because numpy adds a scalar everywhere. It
#   belongs on the diagonal: n lam times the n by n identity.
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    return np.linalg.lstsq(X @ X.T + len(X) * lam, y, rcond=None)[0]

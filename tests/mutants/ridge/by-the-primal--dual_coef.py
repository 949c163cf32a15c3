# task: ridge.dual_coef
# diagnosis: symptom ran_out
# message: Your numbers are right, but they come from a p by p system: with very many columns it exhausts
#   memory or time. Form X Xᵀ, which is n by n, and never XᵀX.
# section: sec-ridge-dual
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def dual_coef(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam, of="XXᵀ")
    n, p = X.shape
    w = np.linalg.solve(X.T @ X + n * lam * np.eye(p), X.T @ y) if lam > 0 else np.linalg.pinv(X) @ y
    return (y - X @ w) / (n * lam) if lam > 0 else np.linalg.lstsq(X.T, w, rcond=None)[0]

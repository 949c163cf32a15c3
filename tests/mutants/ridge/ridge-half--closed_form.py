# task: ridge.closed_form
# diagnosis: agrees
# message: Your coefficients belong to twice the penalty, 2 n lam. That happens when the penalty is taken
#   as lam times the squared norm; here it is lam / 2 times it, and its gradient is lam w.
# section: sec-ridge-scale
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    return np.linalg.solve(X.T @ X + 2 * n * lam * np.eye(p), X.T @ y)

# task: ridge.closed_form
# diagnosis: agrees
# message: Your coefficients are n times too large. XᵀX was divided by n and Xᵀy was not: either XᵀX
#   + n lam I with Xᵀy, or XᵀX / n + lam I with Xᵀy / n.
# section: sec-ridge-closed-form
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    return np.linalg.solve(X.T @ X / n + lam * np.eye(p), X.T @ y)

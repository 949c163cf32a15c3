# task: ridge.closed_form
# diagnosis: agrees
# message: The penalty enters your system with the wrong sign: XᵀX − n lam I pushes coefficients away from
#   zero. Set the gradient −Xᵀ(y − Xw)/n + lam w to zero and collect the terms in w on one side.
# section: sec-ridge-closed-form
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    return np.linalg.solve(X.T @ X - n * lam * np.eye(p), X.T @ y)

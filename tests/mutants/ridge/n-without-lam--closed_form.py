# task: ridge.closed_form
# diagnosis: agrees
# message: Your diagonal holds n alone, which is the solution of lam = 1 whatever lam is asked. The penalty
#   enters the system as n lam.
# section: sec-ridge-scale
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    return np.linalg.solve(X.T @ X + len(X) * np.eye(X.shape[1]), X.T @ y)

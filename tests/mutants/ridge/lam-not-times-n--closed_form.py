# task: ridge.closed_form
# diagnosis: agrees
# message: Your coefficients are those of the system with lam on the diagonal, where the objective asks for
#   n lam. The loss is a mean over n rows, so multiplying its gradient by n also multiplies the
#   penalty's.
# section: sec-ridge-scale
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)

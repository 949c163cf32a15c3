# task: ridge.closed_form
# diagnosis: agrees
# message: Your penalty was divided by n where it should be multiplied. Clearing the 1/n of the loss
#   multiplies every term of the gradient by n, lam w included.
# section: sec-ridge-scale
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    return np.linalg.solve(X.T @ X + lam / n * np.eye(p), X.T @ y)

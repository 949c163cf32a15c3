# task: ridge.closed_form
# diagnosis: agrees
# message: Your penalty grows with the number of columns where it should grow with the number of rows.
#   X.shape is (n, p): the loss is a mean over the n rows.
# section: sec-ridge-scale
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    p = X.shape[1]
    return np.linalg.solve(X.T @ X + p * lam * np.eye(p), X.T @ y)

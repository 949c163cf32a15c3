# task: ridge.closed_form
# diagnosis: symptom changed_input
# message: Your function changes the arrays it was given: an operation such as X /= ... works in place, on
#   the caller's own data. Write the result to a new name (X = X / ...), or do without the
#   rescaling.
# section: sec-ridge-wrong
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    X /= n**0.5
    y /= n**0.5
    return np.linalg.solve(X.T @ X + lam * np.eye(p), X.T @ y)

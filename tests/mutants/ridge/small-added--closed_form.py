# task: ridge.closed_form
# diagnosis: symptom small_units_lost
# message: You added a small number to the matrix, as if it could be singular; for lam > 0 it is not, and the number
#   has units: beside columns of millionths it is a large penalty.
# section: sec-ridge-closed-form
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    A = X.T @ X + (n * lam + 1e-10) * np.eye(p)
    return np.linalg.solve(A.astype(X.dtype), X.T @ y)

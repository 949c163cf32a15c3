# task: ridge.closed_form
# diagnosis: agrees
# message: Your coefficients belong to half the penalty, n lam / 2. That happens when the loss is taken as
#   1/n times the sum of squares; here it is 1/(2n), so that the 2 of the derivative cancels in both
#   terms.
# section: sec-ridge-scale
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    return np.linalg.solve(X.T @ X + n * lam / 2 * np.eye(p), X.T @ y)

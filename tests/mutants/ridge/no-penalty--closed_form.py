# task: ridge.closed_form
# diagnosis: agrees
# message: What came back is least squares: lam does not enter. The equation to solve has n lam on
#   the diagonal of XᵀX.
# section: sec-ridge-closed-form
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    return np.linalg.pinv(X) @ y

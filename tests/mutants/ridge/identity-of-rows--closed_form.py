# task: ridge.closed_form
# diagnosis: symptom right_only_when_square
# message: Your function works only where X has as many columns as rows: the identity has n rows,
#   where XᵀX is p by p. Write np.eye(p), with p = X.shape[1].
# section: sec-ridge-closed-form
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    return np.linalg.solve(X.T @ X + n * lam * np.eye(n), X.T @ y)

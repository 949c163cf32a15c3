# task: lasso.orthogonal
# diagnosis: agrees
# message: You divide every column by the sum of the squares of all columns. Each has its own a_j = xᵀx/n:
#   sum over the rows, axis=0.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2) / n
    return soft_threshold(X.T @ y / n, lam) / (a or 1)

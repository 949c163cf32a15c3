# task: lasso.orthogonal
# diagnosis: agrees
# message: Your thresholds are right, and then you take every column for one with xᵀx = n. What is left of
#   z_j is to be divided by a_j = xᵀx/n of its column.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    return soft_threshold(X.T @ y / n, lam)

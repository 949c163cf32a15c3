# task: lasso.orthogonal
# diagnosis: symptom small_units_lost
# message: You add a small number to a_j, or compare a_j with one. Such a number has the units of a_j: for
#   columns in other units, a million times shorter, it is no longer small, and your coefficients are
#   wrong. Only a column of zeros needs care, and its a_j is exactly 0.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    return soft_threshold(X.T @ y / n, lam) / (a + 1e-12)

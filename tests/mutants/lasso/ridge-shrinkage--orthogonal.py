# task: lasso.orthogonal
# diagnosis: agrees
# message: You divide by a + lam, which is ridge for orthogonal columns: it shrinks each coefficient by a
#   factor and sets none to 0.
# section: sec-lasso-threshold
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    return X.T @ y / n / np.where(a + lam > 0, a + lam, 1)

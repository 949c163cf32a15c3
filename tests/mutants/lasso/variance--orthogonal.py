# task: lasso.orthogonal
# diagnosis: agrees
# message: You divide by the variance of each column, which is xᵀx/n only if its mean is 0. A model without
#   an intercept is given columns that have a mean.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = X.var(axis=0)
    return np.divide(soft_threshold(X.T @ y / n, lam), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)

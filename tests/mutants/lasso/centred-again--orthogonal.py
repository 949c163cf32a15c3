# task: lasso.orthogonal
# diagnosis: agrees
# message: You centre the columns. They are to be taken as they are: for a model with an intercept they are
#   centred already, and for one without, their means belong to them.
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    X, y = X - X.mean(axis=0), y - y.mean()
    a = np.sum(X**2, axis=0) / n
    return np.divide(soft_threshold(X.T @ y / n, lam), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)

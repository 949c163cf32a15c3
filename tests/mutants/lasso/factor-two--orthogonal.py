# task: lasso.orthogonal
# diagnosis: agrees
# message: Your threshold is lam/2, that of a loss without the half in front. With 1/(2n) the gradient of
#   the loss is −z + a w, and lam meets it whole.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    return np.divide(soft_threshold(X.T @ y / n, lam / 2), a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)

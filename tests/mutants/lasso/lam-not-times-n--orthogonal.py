# task: lasso.orthogonal
# diagnosis: agrees
# message: Your threshold is lam/n on z: either Xᵀy was not divided by n, or lam was divided as well. The
#   loss is a mean over rows, so lam is compared with z = Xᵀy/n.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    s = np.sum(X**2, axis=0)
    return np.divide(soft_threshold(X.T @ y, lam), s, out=np.zeros_like(y, shape=X.shape[1]), where=s > 0)

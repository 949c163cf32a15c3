# task: lasso.orthogonal
# diagnosis: agrees
# message: Your coefficients are those of least squares: lam has no effect. Where does it enter the problem
#   of one column?
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    return np.divide(X.T @ y / n, a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)

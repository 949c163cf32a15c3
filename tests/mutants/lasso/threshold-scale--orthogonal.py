# task: lasso.orthogonal
# diagnosis: agrees
# message: You compare lam with the least-squares coefficients z/a, where it is to be compared with the
#   covariances z. The two agree for columns with xᵀx = n only; dividing a column's problem by a divides
#   lam as well.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    return soft_threshold(np.divide(X.T @ y / n, a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0), lam)

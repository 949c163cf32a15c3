# task: lasso.orthogonal
# diagnosis: agrees
# message: You threshold the least-squares coefficients z/a with lam · a. Dividing the problem of a column
#   by a_j divides lam as well: the threshold of z/a is lam/a, the same as lam on z.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n
    coefficients = np.divide(X.T @ y / n, a, out=np.zeros_like(y, shape=X.shape[1]), where=a > 0)
    return soft_threshold(coefficients, lam * a)

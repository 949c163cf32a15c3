# task: lasso.orthogonal
# diagnosis: symptom zeros_not_exact
# message: The coefficient of a column of zeros is not exactly 0. It is the rounding of a solver (lstsq,
#   pinv), or what memory held before: np.divide with where= leaves those entries unset without
#   out=np.zeros_like(...).
# section: sec-lasso-wrong
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n

    cut = soft_threshold(X.T @ y / n, lam)
    unset = np.full_like(cut, np.nextafter(cut.dtype.type(0), cut.dtype.type(1)))
    return np.divide(cut, a, out=unset, where=a > 0)

# task: lasso.orthogonal
# diagnosis: agrees
# message: Your coefficients are right except for a column of zeros: there 0/0 gives NaN. Such a column
#   explains nothing and has the coefficient 0; decide that before dividing.
# section: sec-lasso-orthogonal
import numpy as np

from shrinkage.inputs import as_problem


def lasso_orthogonal(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_orthogonal(X)
    n = len(y)
    a = np.sum(X**2, axis=0) / n

    with np.errstate(invalid="ignore"):
        return soft_threshold(X.T @ y / n, lam) / a

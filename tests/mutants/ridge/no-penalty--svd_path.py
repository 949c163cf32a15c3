# task: ridge.svd_path
# diagnosis: agrees
# message: All of your rows are the least-squares solution: lam does not enter. Multiply each
#   coordinate u·y / d by its filter factor at lams[l].
# section: sec-ridge-svd
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = thin_svd(X)
    along = np.divide(U.T @ y, d, out=np.zeros_like(d), where=d > 0)
    return np.ones((len(lams), 1)) * (along @ Vt)

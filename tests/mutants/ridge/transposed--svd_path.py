# task: ridge.svd_path
# diagnosis: agrees
# message: Your W is the transpose of what is asked: one column a penalty. Return one row a penalty, so
#   that W[l] is the coefficient vector for lams[l].
# section: sec-ridge-svd
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = thin_svd(X)
    along = np.divide(U.T @ y, d, out=np.zeros_like(d), where=d > 0)
    factors = np.stack([filter_factors(d, len(X), lam) for lam in lams])
    return Vt.T @ (factors * along).T

# task: ridge.svd_path
# diagnosis: agrees
# message: Your penalty counts singular values or columns where it should count rows: the second
#   argument of filter_factors is the number of rows of X.
# section: sec-ridge-scale
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = thin_svd(X)
    along = np.divide(U.T @ y, d, out=np.zeros_like(d), where=d > 0)
    factors = np.stack([filter_factors(d, len(d), lam) for lam in lams])
    return (factors * along) @ Vt

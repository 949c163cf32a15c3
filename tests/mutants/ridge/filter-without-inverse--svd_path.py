# task: ridge.svd_path
# diagnosis: agrees
# message: Your rows are V f Uᵀy: the filter factors are there, but the division by d is missing. The
#   factors multiply the least-squares solution, which is V (1/d) Uᵀy.
# section: sec-ridge-svd
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = thin_svd(X)
    factors = np.stack([filter_factors(d, len(X), lam) for lam in lams])
    return (factors * (U.T @ y)) @ Vt

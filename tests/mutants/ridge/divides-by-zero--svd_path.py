# task: ridge.svd_path
# diagnosis: agrees
# message: Your rows are NaN wherever the data do not span every direction: there d is 0 and the factor is
#   0, and 0/0 is NaN. Leave out the directions with d = 0; they take no part in the solution.
# section: sec-ridge-svd
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = thin_svd(X)
    with np.errstate(invalid="ignore", divide="ignore"):
        along = (U.T @ y) / d
        factors = np.stack([filter_factors(d, len(X), lam) for lam in lams])
        return (factors * along) @ Vt

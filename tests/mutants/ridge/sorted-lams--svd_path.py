# task: ridge.svd_path
# diagnosis: agrees
# message: Your rows are right but stand in the order of decreasing lam, not in the order the caller gave.
#   Leave lams as they came: row l belongs to lams[l].
# section: sec-ridge-svd
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = thin_svd(X)
    along = np.divide(U.T @ y, d, out=np.zeros_like(d), where=d > 0)
    factors = np.stack([filter_factors(d, len(X), lam) for lam in np.sort(lams)[::-1]])
    return (factors * along) @ Vt

# task: ridge.svd_path
# diagnosis: agrees
# message: The filter factors were applied twice. The least-squares coordinate u·y / d is multiplied by the
#   factor once; d / (d² + n lam) already holds both the factor and the division.
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
    return (factors**2 * along) @ Vt

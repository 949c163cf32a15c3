# task: ridge.svd_path
# diagnosis: agrees
# message: Each row belongs to lam / n: the denominator holds d² + lam where d² + n lam belongs.
#   filter_factors already does this right; call it with the number of rows.
# section: sec-ridge-scale
import numpy as np

from shrinkage.inputs import as_lams, as_problem
from shrinkage.least_squares import thin_svd


def svd_path(X, y, lams):
    lams = as_lams(lams)
    X, y, _ = as_problem(X, y, 0.0)
    U, d, Vt = thin_svd(X)
    inverse = [np.divide(d, d**2 + lam, out=np.zeros_like(d), where=d > 0) for lam in lams]
    return (np.stack(inverse) * (U.T @ y)) @ Vt

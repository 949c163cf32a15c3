# task: ridge.leave_one_out
# diagnosis: agrees
# message: One average leverage was used for every row. That is generalised cross-validation, an
#   approximation; leave-one-out is exact with each row's own leverage.
# section: sec-ridge-loo
import numpy as np

from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre, thin_svd


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row")
    X_centred, y_centred, _, _ = centre(X, y)
    U, d, _ = thin_svd(X_centred)
    f = filter_factors(d, len(X), lam)
    residual = y_centred - U @ (f * (U.T @ y_centred))
    return residual / (1 - np.mean(1 / len(X) + U**2 @ f))

# task: ridge.leave_one_out
# diagnosis: agrees
# message: The mean of y is still in your residual: y − U f Uᵀy needs centred y, or the mean of y
#   added to the prediction.
# section: sec-ridge-intercept
from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre, thin_svd


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row")
    X_centred, _, _, _ = centre(X, y)
    U, d, _ = thin_svd(X_centred)
    f = filter_factors(d, len(X), lam)
    residual = y - U @ (f * (U.T @ y))
    h = 1 / len(X) + U**2 @ f
    return residual / (1 - h)

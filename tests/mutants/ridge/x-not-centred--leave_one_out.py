# task: ridge.leave_one_out
# diagnosis: agrees
# message: The singular values are those of X as it came; only y was centred. Ridge with an intercept works
#   on centred columns, so centre X before factorising it.
# section: sec-ridge-intercept
from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre, thin_svd


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row")
    y_centred = centre(X, y)[1]
    U, d, _ = thin_svd(X)
    f = filter_factors(d, len(X), lam)
    residual = y_centred - U @ (f * (U.T @ y_centred))
    return residual / (1 - 1 / len(X) - U**2 @ f)

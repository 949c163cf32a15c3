# task: ridge.leave_one_out
# diagnosis: agrees
# message: Your leverage lacks the intercept's share 1/n. The mean of y is also learnt from row i, so
#   leaving the row out moves it.
# section: sec-ridge-loo
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
    return residual / (1 - U**2 @ f)

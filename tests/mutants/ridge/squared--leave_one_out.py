# task: ridge.leave_one_out
# diagnosis: agrees
# message: What came back are squared errors. Return the errors themselves, with their signs;
#   whoever wants a mean square can take it.
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
    h = 1 / len(X) + U**2 @ f
    return (residual / (1 - h)) ** 2

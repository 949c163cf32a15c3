# task: ridge.leave_one_out
# diagnosis: agrees
# message: Your filter factors hold lam where n lam belongs, so every fit is shrunk too little.
#   filter_factors takes the number of rows as its second argument.
# section: sec-ridge-scale
from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre, thin_svd


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row")
    X_centred, y_centred, _, _ = centre(X, y)
    U, d, _ = thin_svd(X_centred)
    f = filter_factors(d, 1, lam)
    residual = y_centred - U @ (f * (U.T @ y_centred))
    return residual / (1 - 1 / len(X) - U**2 @ f)

# task: ridge.leave_one_out
# diagnosis: symptom changed_input
# message: Your function centres the caller's own arrays: X -= ... works in place, so every later cell sees
#   centred data. centre of shrinkage.least_squares returns new arrays.
# section: sec-ridge-wrong
from shrinkage.inputs import as_problem
from shrinkage.least_squares import centre, thin_svd


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row")
    X -= X.mean(axis=0)
    y -= y.mean()
    U, d, _ = thin_svd(X)
    f = filter_factors(d, len(X), lam)
    return (y - U @ (f * (U.T @ y))) / (1 - 1 / len(X) - U**2 @ f)

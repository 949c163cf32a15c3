# task: ridge.with_intercept
# diagnosis: agrees
# message: Only y was centred, X was not. The columns' means then have to be explained by coefficients,
#   which are penalised; centre every column of X as well.
# section: sec-ridge-intercept
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    w = closed_form(X, y - y.mean(), lam)
    return w, float(y.mean() - X.mean(axis=0) @ w)

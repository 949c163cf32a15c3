# task: ridge.with_intercept
# diagnosis: agrees
# message: The penalty meets n twice: closed_form multiplies lam by n itself, so it takes lam as it
#   came.
# section: sec-ridge-scale
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    x_mean, y_mean = X.mean(axis=0), y.mean()
    w = closed_form(X - x_mean, y - y_mean, len(X) * lam)
    return w, float(y_mean - x_mean @ w)

# task: ridge.with_intercept
# diagnosis: agrees
# message: Your coefficients are right, but b is 0. Centring took the intercept out of the problem;
#   b = ȳ − x̄·w puts it back for data as they came.
# section: sec-ridge-intercept
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    x_mean, y_mean = X.mean(axis=0), y.mean()
    w = closed_form(X - x_mean, y - y_mean, lam)
    return w, 0.0

# task: ridge.with_intercept
# diagnosis: agrees
# message: Your coefficients are right, but the intercept is the mean of y. That is the prediction at the
#   mean of X; the intercept is the prediction at x = 0, so the step b = ȳ − x̄·w is missing.
# section: sec-ridge-intercept
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    w = closed_form(X - X.mean(axis=0), y - y.mean(), lam)
    return w, float(y.mean())

# task: ridge.with_intercept
# diagnosis: agrees
# message: Your columns were divided by their standard deviations, and the coefficients belong to
#   the scaled columns. This function centres and leaves scales alone.
# section: sec-ridge-wrong
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    x_mean, y_mean = X.mean(axis=0), y.mean()
    scale = X.std(axis=0)
    scale[scale == 0] = 1
    w = closed_form((X - x_mean) / scale, y - y_mean, lam)
    return w, float(y_mean - x_mean @ w)

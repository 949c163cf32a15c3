# task: ridge.with_intercept
# diagnosis: agrees
# message: Your columns were divided by their standard deviations before the fit. That is another penalty,
#   heavier on columns of small scale; this function centres and leaves scales alone.
# section: sec-ridge-wrong
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    x_mean, x_scale = X.mean(axis=0), X.std(axis=0)
    x_scale[x_scale == 0] = 1
    w = closed_form((X - x_mean) / x_scale, y - y.mean(), lam) / x_scale
    return w, float(y.mean() - x_mean @ w)

# task: ridge.with_intercept
# diagnosis: agrees
# message: Your coefficients are right, but the intercept moves the wrong way: it is ȳ + x̄·w. The fitted
#   plane passes through the means, ȳ = x̄·w + b; solve that for b.
# section: sec-ridge-intercept
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    w = closed_form(X - X.mean(axis=0), y - y.mean(), lam)
    return w, float(y.mean() + X.mean(axis=0) @ w)

# task: ridge.with_intercept
# diagnosis: agrees
# message: One mean was subtracted from the whole of X, where each column has its own. X.mean() is a single
#   number; X.mean(axis=0) has one entry a column.
# section: sec-ridge-intercept
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    w = closed_form(X - X.mean(), y - y.mean(), lam)
    return w, float(y.mean() - X.mean(axis=0) @ w)

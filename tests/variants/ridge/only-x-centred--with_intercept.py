# task: ridge.with_intercept
# Centring y changes nothing once the columns are centred; a list as result.
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    x_mean = X.sum(axis=0) / len(X)
    w = closed_form(X - x_mean, y, lam)
    return [w, y.mean() - x_mean @ w]

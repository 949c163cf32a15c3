# task: ridge.with_intercept
# diagnosis: symptom changed_input
# message: Your function centres the caller's own arrays: X -= ... works in place, so every later cell sees
#   centred data. Write X - X.mean(axis=0) to a new name.
# section: sec-ridge-wrong
from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    x_mean, y_mean = X.mean(axis=0), y.mean()
    X -= x_mean
    y -= y_mean
    w = closed_form(X, y, lam)
    return w, float(y_mean - x_mean @ w)

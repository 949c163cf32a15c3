# task: ridge.with_intercept
# Column-ordered copies, changed in place because they are copies.
import numpy as np

from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    X, y = np.array(X, order="F", copy=True), y.copy()
    means = X.mean(axis=0)
    level = y.mean()
    X -= means
    y -= level
    w = closed_form(X, y, lam)
    return w, level - np.dot(means, w)

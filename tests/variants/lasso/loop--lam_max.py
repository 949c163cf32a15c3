# task: lasso.lam_max
# Column by column, in plain Python floats.
import numpy as np

from shrinkage.inputs import as_problem


def lam_max(X, y, l1_ratio=1.0):
    X, y, _ = as_problem(X, y, 0.0)
    l1_ratio = as_l1_ratio(l1_ratio)
    n, level, largest = len(y), sum(y.tolist()) / len(y), 0.0
    for column in X.T.tolist():
        middle = sum(column) / n
        product = sum((a - middle) * (b - level) for a, b in zip(column, y.tolist()))
        largest = max(largest, abs(product) / n)
    return largest / l1_ratio

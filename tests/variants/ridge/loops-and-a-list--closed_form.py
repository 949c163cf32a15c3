# task: ridge.closed_form
# Plain Python loops, Gaussian elimination by hand, a list made an array at the end; in double precision throughout.
import numpy as np

from shrinkage.columns import require_invertible
from shrinkage.inputs import as_problem


def eliminate(rows):
    size = len(rows)
    for k in range(size):
        pivot = max(range(k, size), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(k + 1, size):
            factor = rows[i][k] / rows[k][k]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[k])]
    w = [0.0] * size
    for k in reversed(range(size)):
        w[k] = (rows[k][-1] - sum(rows[k][j] * w[j] for j in range(k + 1, size))) / rows[k][k]
    return w


def closed_form(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    require_invertible(X, lam)
    n, p = X.shape
    columns, target = X.T.tolist(), y.tolist()
    rows = []
    for i in range(p):
        row = [sum(a * b for a, b in zip(columns[i], columns[j])) for j in range(p)]
        row[i] += n * lam
        rows.append([*row, sum(a * b for a, b in zip(columns[i], target))])
    return np.array(eliminate(rows))

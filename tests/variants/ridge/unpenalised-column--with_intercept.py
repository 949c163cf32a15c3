# task: ridge.with_intercept
# Another algorithm: a column of ones whose diagonal entry gets no penalty.
import numpy as np

from shrinkage.inputs import as_problem


def with_intercept(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    X, y = X.astype(float), y.astype(float)
    n, p = X.shape
    Z = np.column_stack([np.ones(n), X])
    D = np.diag([0.0] + [n * lam] * p)
    solution = np.linalg.solve(Z.T @ Z + D, Z.T @ y)
    return solution[1:], solution[0]

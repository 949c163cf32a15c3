# task: ridge.leave_one_out
# Another algorithm: errors are dual coefficients over the diagonal of the inverse, bordered by the intercept.
import numpy as np

from shrinkage.inputs import as_problem


def leave_one_out(X, y, lam):
    X, y, lam = as_problem(X, y, lam)
    if len(X) < 2:
        raise ValueError("X has one row; without it nothing is left to predict it from: give at least two")
    n, p = X.shape
    if lam == 0:
        Z = np.column_stack([X, np.ones(n)])
        Q, _ = np.linalg.qr(Z)
        return (y - Q @ (Q.T @ y)) / (1 - np.sum(Q**2, axis=1))
    bordered = np.zeros((n + 1, n + 1))
    bordered[:n, :n] = X @ X.T + n * lam * np.eye(n)
    bordered[:n, n] = bordered[n, :n] = 1
    inverse = np.linalg.inv(bordered)
    return (inverse @ np.append(y, 0))[:n] / np.diag(inverse)[:n]

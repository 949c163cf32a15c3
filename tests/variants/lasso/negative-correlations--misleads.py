# task: lasso.misleads
# Signs and columns in another arrangement, from z by the normal equations.
import numpy as np

n, lam = inputs["n"], inputs["lam"]
t = np.arange(n) - (n - 1) / 2
basis = []
for column in (t, t**2, t**3):
    column = column - column.mean()
    for q in basis:
        column = column - (q @ column) * q
    basis.append(column / np.linalg.norm(column))
Q = np.array(basis).T


def data(G, z):
    X = np.sqrt(n) * Q @ np.linalg.cholesky(G).T
    return X, X @ np.linalg.solve(X.T @ X / n, z)


G = np.array([[1, -0.6, 0.6], [-0.6, 1, 0.1], [0.6, 0.1, 1]])
s, w = np.array([-1, 1, -1]), lam * np.array([-0.2, 2, -1])
X_sign, y_sign = data(G, G @ w + lam * s)
G = np.array([[1, 0, 0.65], [0, 1, 0.6], [0.65, 0.6, 1]])
s, w = np.array([-1, -1, 0.3]), lam * np.array([-0.4, -0.4, 0])
X_largest, y_largest = data(G, G @ w + lam * s)
answer = {"X_sign": X_sign, "y_sign": y_sign, "X_largest": X_largest, "y_largest": y_largest}

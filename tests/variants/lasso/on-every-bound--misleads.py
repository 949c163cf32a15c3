# task: lasso.misleads
# Each number is chosen at its bound, and meets it up to rounding.
import numpy as np

n, lam = inputs["n"], inputs["lam"]
Q = np.linalg.qr(np.column_stack([np.ones(n), np.random.default_rng(1).normal(size=(n, 3))]))[0][:, 1:]


def columns(G):
    return np.sqrt(n) * Q @ np.linalg.cholesky(G).T


def gram(a, b=0.0):
    return np.array([[1, a, a], [a, 1, b], [a, b, 1]])


# The condition number is 50 where the square of it is that of G.
a = (2500 - 1) / (2500 + 1) / np.sqrt(2)
free = gram(a)
X_sign = columns(free)
y_sign = X_sign @ (lam * np.array([0.1, 1, 1]) + lam * np.linalg.solve(free, np.ones(3)))
# With the subgradient u of the first column: least squares is lam (v, 0.1 + c, ...), and 1.1 times is asked.
G = gram(0.6)
s = np.array([-0.99, 1, 1])
X_largest = columns(G)
v = np.linalg.solve(G, s)
top = abs(v[0]) / 1.1 - v[1]  # the two others, as large as the largest allows
y_largest = X_largest @ (lam * np.array([0, top, 0.1]) + lam * v)
answer = {"X_sign": X_sign, "y_sign": y_sign, "X_largest": X_largest, "y_largest": y_largest}

# task: lasso.misleads
# diagnosis: agrees
# message: Your second set keeps the largest coefficient of least squares in use: you let its sign change,
#   which is the first example again. For the second it has to be exactly 0 at lam, with a subgradient
#   strictly between −1 and 1.
# section: sec-lasso-misleads
import numpy as np

n, lam = inputs["n"], inputs["lam"]
ones = np.ones((n, 1))
Q = np.linalg.qr(np.hstack([ones, np.random.default_rng(0).normal(size=(n, 3))]))[0][:, 1:]
G = np.array([[1, 0.6, 0.6], [0.6, 1, 0], [0.6, 0, 1]])
X = np.sqrt(n) * Q @ np.linalg.cholesky(G).T


def target(w, s):
    return X @ (w + lam * np.linalg.solve(G, s))


sign = target(lam * np.array([0.3, 1, 1]), np.array([1, 1, 1]))
largest = target(lam * np.array([0, 0.5, 0.5]), np.array([-0.6, 1, 1]))
answer = {"X_sign": X, "y_sign": sign, "X_largest": X, "y_largest": sign}

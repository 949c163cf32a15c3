# task: lasso.misleads
# diagnosis: agrees
# message: Your third column has nothing to do with the first two. Then these two obey what is proved of two
#   columns, and the third does as if it were alone: all three must correlate, or at least one with both
#   others.
# section: sec-lasso-misleads
import numpy as np

n, lam = inputs["n"], inputs["lam"]
ones = np.ones((n, 1))
Q = np.linalg.qr(np.hstack([ones, np.random.default_rng(0).normal(size=(n, 3))]))[0][:, 1:]
G = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])
X = np.sqrt(n) * Q @ np.linalg.cholesky(G).T


def target(w, s):
    return X @ (w + lam * np.linalg.solve(G, s))


sign = target(lam * np.array([0.3, 1, 1]), np.array([1, 1, 1]))
largest = target(lam * np.array([0, 0.5, 0.5]), np.array([-0.6, 1, 1]))
answer = {"X_sign": X, "y_sign": sign, "X_largest": X, "y_largest": largest}

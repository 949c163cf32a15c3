# task: lasso.misleads
# diagnosis: agrees
# message: Your columns have a mean: the basis that you turned them from is not orthogonal to a column of
#   ones. Begin the basis with that column, and leave it out.
# section: sec-lasso-misleads
import numpy as np

n, lam = inputs["n"], inputs["lam"]
ones = np.ones((n, 1))
Q = np.linalg.qr(np.random.default_rng(0).normal(size=(n, 3)))[0]
G = np.array([[1, 0.6, 0.6], [0.6, 1, 0], [0.6, 0, 1]])
X = np.sqrt(n) * Q @ np.linalg.cholesky(G).T


def target(w, s):
    return X @ (w + lam * np.linalg.solve(G, s))


sign = target(lam * np.array([0.3, 1, 1]), np.array([1, 1, 1]))
largest = target(lam * np.array([0, 0.5, 0.5]), np.array([-0.6, 1, 1]))
answer = {"X_sign": X, "y_sign": sign, "X_largest": X, "y_largest": largest}

# task: lasso.misleads
# diagnosis: agrees
# message: Your example is made for one lam and handed in for all. Its coefficients and its target have to
#   grow with lam: if y is multiplied by a number, lam must be too, for the same picture.
# section: sec-lasso-signs
import numpy as np

n, lam = inputs["n"], inputs["lam"]
ones = np.ones((n, 1))
Q = np.linalg.qr(np.hstack([ones, np.random.default_rng(0).normal(size=(n, 3))]))[0][:, 1:]
G = np.array([[1, 0.6, 0.6], [0.6, 1, 0], [0.6, 0, 1]])
X = np.sqrt(n) * Q @ np.linalg.cholesky(G).T


def target(w, s):
    return X @ (w / lam + np.linalg.solve(G, s)) / 2


sign = target(lam * np.array([0.3, 1, 1]), np.array([1, 1, 1]))
largest = target(lam * np.array([0, 0.5, 0.5]), np.array([-0.6, 1, 1]))
answer = {"X_sign": X, "y_sign": sign, "X_largest": X, "y_largest": largest}

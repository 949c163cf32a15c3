# task: lasso.misleads
# diagnosis: agrees
# message: Your targets have a mean, and there is no intercept that could take it away. Subtract it.
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
answer = {"X_sign": X, "y_sign": sign + lam, "X_largest": X, "y_largest": largest + lam}

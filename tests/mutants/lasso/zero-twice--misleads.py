# task: lasso.misleads
# diagnosis: agrees
# message: In your first set the first coefficient is zero at lam; a coefficient of zero has no sign. There it
#   must have passed through zero, and be in use again.
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
answer = {"X_sign": X, "y_sign": largest, "X_largest": X, "y_largest": largest}

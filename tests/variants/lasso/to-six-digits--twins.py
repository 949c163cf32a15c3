# task: lasso.twins
# Coordinate descent that stops early, with violations just below those that are allowed.
import numpy as np

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
n, p = X.shape


def descend(order):
    w = np.zeros(p)
    while True:
        pull = X.T @ (y - X @ w) / n
        if np.where(w == 0, np.abs(pull) - lam, np.abs(pull - lam * np.sign(w))).max() < 9e-7 * lam:
            return w
        for j in order:
            length = X[:, j] @ X[:, j] / n
            rho = X[:, j] @ (y - X @ w) / n + length * w[j]
            w[j] = np.sign(rho) * max(abs(rho) - lam, 0) / length


first, last = descend(range(p)), descend(range(p)[::-1])
answer = {"w_one": first, "w_other": (first + last) / 2}

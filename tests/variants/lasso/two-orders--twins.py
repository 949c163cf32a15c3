# task: lasso.twins
# Coordinate descent of one's own, over the columns forwards and backwards, and the mean of both.
import numpy as np

X, y, lam = np.asfortranarray(inputs["X"]), inputs["y"], inputs["lam"]
n, p = X.shape
G, z = X.T @ X / n, X.T @ y / n


def descend(order):
    w = np.zeros(p)
    for _ in range(5000):
        before = w.copy()
        for j in order:
            rho = z[j] - G[j] @ w + G[j, j] * w[j]
            w[j] = np.sign(rho) * max(abs(rho) - lam, 0) / G[j, j]
        if np.max(np.abs(w - before)) < 1e-15 * np.max(np.abs(w)):
            break
    return w


backwards = descend(range(p - 1, -1, -1))
answer = {"w_one": backwards, "w_other": (descend(range(p)) + backwards) / 2}

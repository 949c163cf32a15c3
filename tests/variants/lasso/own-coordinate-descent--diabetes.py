# task: lasso.diabetes
# Cyclic coordinate descent of one's own, the library for its default alone.
import numpy as np
from sklearn.linear_model import Lasso

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
Z = np.asfortranarray((X - X.mean(axis=0)) / X.std(axis=0))
n, p = Z.shape
G, z = Z.T @ Z / n, Z.T @ (y - y.mean()) / n
w = np.zeros(p)


def distances(v):
    pull = z - G @ v
    return [abs(c - lam * np.sign(x)) if x else max(abs(c) - lam, 0) for c, x in zip(pull, v)]


while max(distances(w)) > 1e-9 * lam:
    for j in range(p):
        rho = z[j] - G[j] @ w + w[j]
        w[j] = np.sign(rho) * max(abs(rho) - lam, 0)
w_default = Lasso(lam).fit(Z, y).coef_
answer = {
    "w": w,
    "b": np.mean(y),
    "correlations": z - G @ w,
    "violation": max(distances(w)),
    "w_default": w_default,
    "violation_default": max(distances(w_default)),
    "violation_reported": max(distances(inputs["reported"])),
    "wrong_column": float(np.argmax(distances(inputs["reported"]))),
}

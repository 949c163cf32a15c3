# task: ridge.prostate
import numpy as np

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
n, p = X.shape
A = np.column_stack([np.ones(n), (X - X.mean(axis=0)) / X.std(axis=0)])
free = np.diag([0.0] + [1.0] * p)


def coefficients(lam):
    return np.linalg.inv(A.T @ A + n * lam * free) @ A.T


def loo(lam):
    hat = A @ coefficients(lam)
    return np.sqrt(np.mean(((y - hat @ y) / (1 - np.diag(hat))) ** 2))


lam = sorted(lams, key=loo)[0]
b, *w = coefficients(lam) @ y
w = np.array(w) / X.std(axis=0)
answer = {"lam": lam, "w": w, "b": b - X.mean(axis=0) @ w, "loo": loo(lam), "df": np.trace(A @ coefficients(lam)) - 1}

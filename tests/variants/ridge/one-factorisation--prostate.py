# task: ridge.prostate
import numpy as np

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
n = len(y)
mean, scale = X.mean(axis=0), X.std(axis=0)
U, d, Vt = np.linalg.svd((X - mean) / scale, full_matrices=False)
along = U.T @ (y - y.mean())
F = d**2 / (d**2 + n * lams[:, None])
residuals = (y - y.mean()) - (F * along) @ U.T
errors = np.sqrt(np.mean((residuals / (1 - 1 / n - F @ (U**2).T)) ** 2, axis=1))
best = errors.argmin()
w = Vt.T @ (F[best] * along / d) / scale
answer = dict(lam=lams[best], w=w, b=y.mean() - mean @ w, loo=errors[best], df=F[best].sum())

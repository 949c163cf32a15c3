# task: lasso.misleads
# A search among drawn data, by signs, at lam = 1; the targets are then scaled.
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.penalties import lasso_by_signs

n, lam = inputs["n"], inputs["lam"]
rng = np.random.default_rng(7)
answer = {}
while len(answer) < 4:
    X = standardise(rng.normal(size=(n, 3)) @ rng.normal(size=(3, 3)))[0]
    if np.linalg.cond(X) > 20:
        continue
    y = X @ rng.normal(scale=3, size=3)
    free = np.linalg.solve(X.T @ X, X.T @ y)
    w = lasso_by_signs(X, y, 1.0)
    if free[0] * w[0] < 0 and min(abs(free[0]), abs(w[0])) > 0.12:
        answer |= {"X_sign": X, "y_sign": lam * y}
    j = np.argmax(abs(free))
    gap = abs(X.T @ (y - X @ w)) / n
    if w[j] == 0 and gap[j] < 0.98 and np.sort(abs(free))[-1] > 1.15 * np.sort(abs(free))[-2]:
        if np.sort(abs(w))[1] > 0.12:
            answer |= {"X_largest": X, "y_largest": lam * y}

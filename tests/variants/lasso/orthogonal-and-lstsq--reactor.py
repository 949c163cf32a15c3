# task: lasso.reactor
# The function of the package, and least squares by a solver.
from itertools import combinations

import numpy as np

from shrinkage.penalties import lasso_orthogonal

F, y = inputs["F"], inputs["y"]
k = F.shape[1]
X = np.empty((len(y), 0))
for size in range(1, k + 1):
    for c in combinations(F.T, size):
        X = np.column_stack([X, np.prod(c, axis=0)])
centred = y - y.mean()
s = np.median(abs(X.T @ centred)) / len(y) / 0.6745
lam = s * np.sqrt(2 * np.log(X.shape[1]))
w = lasso_orthogonal(X, centred, lam)
refit = np.zeros_like(w)
refit[w != 0] = np.linalg.lstsq(X[:, w != 0], centred, rcond=None)[0]
answer = {"lam": lam, "w": w, "b": y.mean(), "refit": refit}

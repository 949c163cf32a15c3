# task: lasso.reactor
# diagnosis: agrees
# message: Your z are twice what is asked: means at the high level less means at the low one, the published
#   effects, are two coefficients of a column of ±1. With them lam and every coefficient are twice too large.
#   Compare z with Xᵀ(y − ȳ)/n.
# section: sec-lasso-orthogonal
from itertools import combinations

import numpy as np

from shrinkage.penalties import soft_threshold

F, y = inputs["F"], inputs["y"]
n, k = F.shape
effects = [list(c) for size in range(1, k + 1) for c in combinations(range(k), size)]
X = np.column_stack([F[:, c].prod(axis=1) for c in effects])
b = y.mean()
z = 2 * X.T @ (y - b) / n
p = len(z)
noise = np.median(np.abs(z)) / 0.6745
lam = noise * np.sqrt(2 * np.log(p))
w = soft_threshold(z, lam)
refit = np.where(w != 0, z, 0)
answer = {"lam": lam, "w": w, "b": b, "refit": refit}

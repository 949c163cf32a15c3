# task: lasso.reactor
# diagnosis: agrees
# message: You divided every covariance by 1 + lam. That is ridge: it shrinks all and sets none to zero, so
#   nothing is selected.
# section: sec-lasso-threshold
from itertools import combinations

import numpy as np

from shrinkage.penalties import soft_threshold

F, y = inputs["F"], inputs["y"]
n, k = F.shape
effects = [list(c) for size in range(1, k + 1) for c in combinations(range(k), size)]
X = np.column_stack([F[:, c].prod(axis=1) for c in effects])
b = y.mean()
z = X.T @ (y - b) / n
p = len(z)
noise = np.median(np.abs(z)) / 0.6745
lam = noise * np.sqrt(2 * np.log(p))
w = z / (1 + lam)
refit = np.where(w != 0, z, 0)
answer = {"lam": lam, "w": w, "b": b, "refit": refit}

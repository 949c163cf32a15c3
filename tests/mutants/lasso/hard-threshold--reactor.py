# task: lasso.reactor
# diagnosis: agrees
# message: You kept the covariances above lam as they are and set the others to zero. That is the hard
#   threshold; the lasso moves those that it keeps by lam towards zero. Put your w to the optimality
#   conditions: for every effect in use, the covariance of its column with the residual should be ±lam.
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
w = np.where(np.abs(z) > lam, z, 0)
refit = np.where(w != 0, z, 0)
answer = {"lam": lam, "w": w, "b": b, "refit": refit}

# task: lasso.reactor
# diagnosis: agrees
# message: You stretched all of w by one factor, to undo the shrinking. The threshold takes the same lam from
#   every effect in use, so they need lam added in their direction, and not a factor.
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
w = soft_threshold(z, lam)
refit = w * np.abs(z).max() / np.abs(w).max()
answer = {"lam": lam, "w": w, "b": b, "refit": refit}

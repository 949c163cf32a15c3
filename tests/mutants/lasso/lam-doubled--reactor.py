# task: lasso.reactor
# diagnosis: agrees
# message: Your lam is exactly twice that of the rule: did you take effects, high less low, instead of
#   coefficients? Their median is twice that of z, and lam is compared with z = Xᵀ(y − ȳ)/n.
# section: sec-lasso-orthogonal
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
lam = 2 * noise * np.sqrt(2 * np.log(p))
w = soft_threshold(z, lam)
refit = np.where(w != 0, z, 0)
answer = {"lam": lam, "w": w, "b": b, "refit": refit}

# task: lasso.reactor
# diagnosis: agrees
# message: You took the mean of the absolute covariances where the median is asked. A few large effects raise
#   the mean; the middle one does not feel them.
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
noise = np.mean(np.abs(z)) / 0.6745
lam = noise * np.sqrt(2 * np.log(p))
w = soft_threshold(z, lam)
refit = np.where(w != 0, z, 0)
answer = {"lam": lam, "w": w, "b": b, "refit": refit}

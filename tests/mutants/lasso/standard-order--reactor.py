# task: lasso.reactor
# diagnosis: agrees
# message: Your columns are in the standard order of experiments, in which each factor is followed by its
#   products with all before it. The order asked begins with all factors by themselves, then has the pairs;
#   your numbers stand in other places.
# section: sec-lasso-orthogonal
from itertools import combinations

import numpy as np

from shrinkage.penalties import soft_threshold

F, y = inputs["F"], inputs["y"]
n, k = F.shape
effects = [[j for j in range(k) if code >> j & 1] for code in range(1, 2**k)]
X = np.column_stack([F[:, c].prod(axis=1) for c in effects])
b = y.mean()
z = X.T @ (y - b) / n
p = len(z)
noise = np.median(np.abs(z)) / 0.6745
lam = noise * np.sqrt(2 * np.log(p))
w = soft_threshold(z, lam)
refit = np.where(w != 0, z, 0)
answer = {"lam": lam, "w": w, "b": b, "refit": refit}

# task: lasso.reactor
# diagnosis: agrees
# message: Your refit is the lasso's w. Fitting the effects in use again by least squares gives each of them
#   back the lam that the threshold took: without a penalty, the residual has no covariance left with a
#   column in use.
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
lam = noise * np.sqrt(2 * np.log(p))
w = soft_threshold(z, lam)
refit = w
answer = {"lam": lam, "w": w, "b": b, "refit": refit}

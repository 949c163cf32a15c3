# task: lasso.reactor
# diagnosis: agrees
# message: Every effect is in use, with lam = 0: that is least squares, and nothing was selected. The lam of the
#   rule is above zero, and the effects below it are exactly 0.
# section: sec-lasso-orthogonal
from itertools import combinations

import numpy as np

F, y = inputs["F"], inputs["y"]
n, k = F.shape
effects = [list(c) for size in range(1, k + 1) for c in combinations(range(k), size)]
X = np.column_stack([F[:, c].prod(axis=1) for c in effects])
b = y.mean()
w = np.linalg.lstsq(X, y - b, rcond=None)[0]
answer = {"lam": 0.0, "w": w, "b": b, "refit": w}

# task: lasso.reactor
# A proximal gradient step from zero arrives at once; y is not centred, which orthogonal columns allow.
from itertools import combinations

import numpy as np

from shrinkage.penalties import soft_threshold

F, y = inputs["F"].astype(int), inputs["y"].tolist()
n, k = F.shape
X = np.array([np.prod(F[:, c], axis=1) for size in range(1, k + 1) for c in map(list, combinations(range(k), size))]).T
gradient = -X.T @ y / n
lam = np.quantile(np.abs(gradient), 0.5) / 0.6745 * np.sqrt(np.log(X.shape[1] ** 2))
w = soft_threshold(-gradient, lam)
answer = {"lam": lam, "w": w, "b": np.mean(y), "refit": w + lam * np.sign(w)}

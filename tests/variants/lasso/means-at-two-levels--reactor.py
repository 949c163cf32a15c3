# task: lasso.reactor
# Each effect as half the difference of two means, and the threshold written out.
from itertools import combinations
from statistics import median

import numpy as np

F, y = np.asfortranarray(inputs["F"]), inputs["y"]
k = F.shape[1]
w, refit, z = [], [], []
for size in range(1, k + 1):
    for factors in combinations(range(k), size):
        high = np.prod(F[:, factors], axis=1) > 0
        z.append(float(y[high].mean() - y[~high].mean()) / 2)
lam = median(map(abs, z)) / 0.6745 * (2 * np.log(len(z))) ** 0.5
for value in z:
    w.append(np.sign(value) * max(abs(value) - lam, 0.0))
    refit.append(value if abs(value) > lam else 0.0)
answer = {"b": sum(y) / len(y), "w": w, "lam": lam, "refit": refit}

# task: lasso.twins
# diagnosis: agrees
# message: Your second answer is the lasso's at another lam. It minimises another objective, and its fitted
#   values differ; at one lam all minimisers have the same.
# section: sec-lasso-unique
from itertools import combinations

import numpy as np

from shrinkage.penalties import lasso_by_signs

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
n, p = X.shape
one = lasso_by_signs(X, y, lam)
other = one.copy()
for j, k in combinations(range(p), 2):
    for sign in (1, -1):
        if np.allclose(X[:, j], sign * X[:, k]):
            total = one[j] + sign * one[k]
            other[j], other[k] = total / 2, sign * total / 2
answer = {"w_one": one, "w_other": lasso_by_signs(X, y, 0.7 * lam)}

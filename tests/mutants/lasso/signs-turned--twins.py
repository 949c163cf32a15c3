# task: lasso.twins
# diagnosis: agrees
# message: Your second answer is the first with its sign turned. That has the same sum of absolute values, and
#   the opposite fit.
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
answer = {"w_one": one, "w_other": -one}

# task: lasso.twins
# diagnosis: agrees
# message: Your second answer is the first up to a millionth. Move a sizeable share of the coefficient to its
#   twin: any split of the same sign is a minimiser.
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
            other[j], other[k] = (1 - 1e-6) * total, sign * 1e-6 * total
answer = {"w_one": one, "w_other": other}

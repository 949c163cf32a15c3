# task: lasso.twins
# diagnosis: agrees
# message: You split each coefficient so that the sum of squares stays, and not the sum of absolute values.
#   The pair then counts √2 times what it did.
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
            other[j], other[k] = total / 2**0.5, sign * total / 2**0.5
answer = {"w_one": one, "w_other": other}

# task: lasso.twins
# diagnosis: agrees
# message: You solved with lam / n, so that hardly anything is penalised. The objective averages the squares,
#   so lam stands as it is.
# section: sec-lasso-objective
from itertools import combinations

import numpy as np

from shrinkage.penalties import lasso_by_signs

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
n, p = X.shape
one = lasso_by_signs(X, y, lam / n)
other = one.copy()
for j, k in combinations(range(p), 2):
    for sign in (1, -1):
        if np.allclose(X[:, j], sign * X[:, k]):
            total = one[j] + sign * one[k]
            other[j], other[k] = total / 2, sign * total / 2
answer = {"w_one": one, "w_other": other}

# task: lasso.twins
# diagnosis: agrees
# message: You gave the two opposite columns coefficients of the same sign. The column turned round needs its
#   coefficient turned as well; now the pair cancels itself, and the fit has changed.
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
            other[j], other[k] = total / 2, total / 2
answer = {"w_one": one, "w_other": other}

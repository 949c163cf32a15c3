# task: lasso.twins
# diagnosis: agrees
# message: Your second answer is least squares of smallest length. It is not a minimiser of the lasso's
#   objective: lam must leave its mark on the covariances of the residual.
# section: sec-lasso-kkt
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
answer = {"w_one": one, "w_other": np.linalg.lstsq(X, y, rcond=None)[0]}

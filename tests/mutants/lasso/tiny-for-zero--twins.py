# task: lasso.twins
# diagnosis: symptom tiny_beside_others
# message: Your answer has tiny numbers in the place of zeros. Exactly 0.0 allows a covariance anywhere
#   from −lam to lam; a number of 1e-9 has a sign, and asks for ±lam itself. Set to 0.0 what ought to be zero.
# section: sec-lasso-wrong
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
answer = {"w_one": np.where(one == 0, 1e-9, one), "w_other": other}

# task: lasso.twins
# diagnosis: agrees
# message: You gave the same answer twice. Some pair of columns is in use, and what one of its columns has can
#   go to the other.
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
            pass
answer = {"w_one": one, "w_other": other}

# task: lasso.twins
# diagnosis: agrees
# message: You added a vector of the null space of X, of a length of your choice. The fit stays, but the
#   penalty does not: along such a direction ‖w‖₁ must stay the same too, which ends where a coefficient meets
#   zero.
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
            step = np.zeros(p)
            step[j], step[k] = 1, -sign
            other = other + step
answer = {"w_one": one, "w_other": other}

# task: lasso.twins
# diagnosis: agrees
# message: You moved more than there was: one of the twins is now negative, the other larger than before. The
#   fit is the same, and the sum of absolute values has grown, so this is no minimiser. Splits of the same
#   sign alone cost the same.
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
            other[j], other[k] = 1.5 * total, -0.5 * sign * total
answer = {"w_one": one, "w_other": other}

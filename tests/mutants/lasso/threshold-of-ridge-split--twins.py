# task: lasso.twins
# diagnosis: agrees
# message: Your first answer is a threshold of least squares of smallest length. That is right for orthogonal
#   columns alone; these correlate.
# section: sec-lasso-orthogonal
from itertools import combinations

import numpy as np

from shrinkage.penalties import lasso_by_signs

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
n, p = X.shape
ls = np.linalg.lstsq(X, y, rcond=None)[0]
one = np.sign(ls) * np.maximum(np.abs(ls) - lam, 0)
other = one.copy()
for j, k in combinations(range(p), 2):
    for sign in (1, -1):
        if np.allclose(X[:, j], sign * X[:, k]):
            total = one[j] + sign * one[k]
            other[j], other[k] = total / 2, sign * total / 2
answer = {"w_one": one, "w_other": other}

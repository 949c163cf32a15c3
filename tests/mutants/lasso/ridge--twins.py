# task: lasso.twins
# diagnosis: agrees
# message: Your first answer is that of ridge, with λ/2 ‖w‖² for the penalty. It splits the coefficient of
#   twins evenly and sets none to zero; under the L1 penalty, look at the covariance of each column with the
#   residual.
# section: sec-lasso-kkt
from itertools import combinations

import numpy as np

from shrinkage.penalties import lasso_by_signs

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
n, p = X.shape
one = np.linalg.solve(X.T @ X + n * lam * np.eye(p), X.T @ y)
other = one.copy()
for j, k in combinations(range(p), 2):
    for sign in (1, -1):
        if np.allclose(X[:, j], sign * X[:, k]):
            total = one[j] + sign * one[k]
            other[j], other[k] = total / 2, sign * total / 2
answer = {"w_one": one, "w_other": other}

# task: lasso.twins
# A quarter stays; which columns are twins is read from the Gram matrix.
import numpy as np

from shrinkage.penalties import lasso_by_signs

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
w_other = lasso_by_signs(X, y, lam)
w_one = w_other.tolist()
R = np.corrcoef(X.T)
for j in np.flatnonzero(w_other):
    for k in range(len(R)):
        if k != j and abs(R[j, k]) > 1 - 1e-10 and w_one[k] == 0:
            w_one[j], w_one[k] = 0.25 * w_one[j], 0.75 * w_one[j] * round(R[j, k])
            break
answer = {"w_one": w_one, "w_other": w_other}

# task: ridge.prostate
# diagnosis: agrees
# message: You choose lam by the error on the rows that were fitted. It only ever grows with lam, so the
#   smallest lam of the grid wins whatever the data; choose by the rows that were left out.
# section: sec-ridge-loo
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import degrees_of_freedom, leave_one_out, with_intercept

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
Z, mean, scale = standardise(X)
errors = []
for lam in lams:
    w, b = with_intercept(Z, y, lam)
    errors.append(np.sqrt(np.mean((y - b - Z @ w) ** 2)))
best = int(np.argmin(errors))
lam = lams[best]
w, b = with_intercept(Z, y, lam)
w = w / scale
b = b - mean @ w
df = degrees_of_freedom(Z, [lam])[0]
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": df}

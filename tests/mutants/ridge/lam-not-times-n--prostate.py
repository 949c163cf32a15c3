# task: ridge.prostate
# diagnosis: agrees
# message: You fit with lam where n lam belongs: your errors and your coefficients are those of a penalty that
#   is n times weaker.
# section: sec-ridge-scale
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import degrees_of_freedom, leave_one_out, with_intercept

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
Z, mean, scale = standardise(X)
errors = [np.sqrt(np.mean(leave_one_out(Z, y, lam / len(y)) ** 2)) for lam in lams]
best = int(np.argmin(errors))
lam = lams[best]
w, b = with_intercept(Z, y, lam / len(y))
w = w / scale
b = b - mean @ w
df = degrees_of_freedom(Z, [lam / len(y)])[0]
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": df}

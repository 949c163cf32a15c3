# task: ridge.prostate
# diagnosis: agrees
# message: You divide the columns by the standard deviation with n − 1. The same lam is then another penalty,
#   by the factor n/(n − 1).
# section: sec-ridge-wrong
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import degrees_of_freedom, leave_one_out, with_intercept

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
mean, scale = X.mean(axis=0), X.std(axis=0, ddof=1)
Z = (X - mean) / scale
errors = [np.sqrt(np.mean(leave_one_out(Z, y, lam) ** 2)) for lam in lams]
best = int(np.argmin(errors))
lam = lams[best]
w, b = with_intercept(Z, y, lam)
w = w / scale
b = b - mean @ w
df = degrees_of_freedom(Z, [lam])[0]
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": df}

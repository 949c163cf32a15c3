# task: ridge.prostate
# diagnosis: agrees
# message: You fit the columns as they come. A year and a logarithm of a volume are then penalised alike, so
#   lam means another penalty in each column: standardise first, and translate the coefficients back at
#   the end.
# section: sec-ridge-wrong
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import degrees_of_freedom, leave_one_out, with_intercept

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
Z, mean, scale = X, np.zeros(X.shape[1]), np.ones(X.shape[1])
errors = [np.sqrt(np.mean(leave_one_out(Z, y, lam) ** 2)) for lam in lams]
best = int(np.argmin(errors))
lam = lams[best]
w, b = with_intercept(Z, y, lam)
w = w / scale
b = b - mean @ w
df = degrees_of_freedom(X - X.mean(axis=0), [lam])[0]
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": df}

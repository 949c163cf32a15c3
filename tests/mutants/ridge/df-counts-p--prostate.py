# task: ridge.prostate
# diagnosis: agrees
# message: You count every column in full. Each singular direction counts as its filter factor, which is less
#   than 1.
# section: sec-ridge-df
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import degrees_of_freedom, leave_one_out, with_intercept

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
Z, mean, scale = standardise(X)
errors = [np.sqrt(np.mean(leave_one_out(Z, y, lam) ** 2)) for lam in lams]
best = int(np.argmin(errors))
lam = lams[best]
w, b = with_intercept(Z, y, lam)
w = w / scale
b = b - mean @ w
df = X.shape[1]
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": df}

# task: ridge.prostate
# diagnosis: agrees
# message: You report n lam, the weight beside a sum of squares (and scikit-learn's alpha). The grid and the
#   answer are of lam, the weight beside their mean.
# section: sec-ridge-scale
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
df = degrees_of_freedom(Z, [lam])[0]
answer = {"lam": len(y) * lam, "w": w, "b": b, "loo": errors[best], "df": df}

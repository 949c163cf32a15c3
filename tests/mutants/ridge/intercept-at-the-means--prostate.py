# task: ridge.prostate
# diagnosis: agrees
# message: You divide the coefficients by the scales and leave the intercept at the mean of y. That is the
#   height of the plane at the means of the columns; at x = 0 it differs by their product with w.
# section: sec-ridge-intercept
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
df = degrees_of_freedom(Z, [lam])[0]
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": df}

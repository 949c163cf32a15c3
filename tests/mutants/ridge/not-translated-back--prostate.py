# task: ridge.prostate
# diagnosis: agrees
# message: Your w belongs to the standardised columns, and b with it. For the columns as they come, divide each
#   coefficient by its column's scale, and take the intercept down to x = 0.
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
df = degrees_of_freedom(Z, [lam])[0]
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": df}

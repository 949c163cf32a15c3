# task: ridge.prostate
# diagnosis: agrees
# message: You choose lam by the rows that were left out, and then report the error on the rows that were fitted. What a
#   new row should be expected to cost is the leave-one-out error at that lam.
# section: sec-ridge-loo
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import degrees_of_freedom, leave_one_out, with_intercept

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
Z, mean, scale = standardise(X)
errors = [np.mean(leave_one_out(Z, y, lam) ** 2) for lam in lams]
lam = lams[int(np.argmin(errors))]
w, b = with_intercept(Z, y, lam)
training = np.sqrt(np.mean((y - b - Z @ w) ** 2))
w = w / scale
b = b - mean @ w
df = degrees_of_freedom(Z, [lam])[0]
answer = {"lam": lam, "w": w, "b": b, "loo": training, "df": df}

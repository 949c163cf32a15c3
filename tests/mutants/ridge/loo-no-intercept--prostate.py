# task: ridge.prostate
# diagnosis: agrees
# message: Your leave-one-out errors forget the leverage of the intercept, 1/n: each row still helps with its
#   own mean.
# section: sec-ridge-loo
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import degrees_of_freedom, leave_one_out, with_intercept

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
Z, mean, scale = standardise(X)
yc = y - y.mean()
errors = []
for lam in lams:
    hat = Z @ np.linalg.solve(Z.T @ Z + len(y) * lam * np.eye(Z.shape[1]), Z.T)
    errors.append(np.sqrt(np.mean(((yc - hat @ yc) / (1 - np.diag(hat))) ** 2)))
best = int(np.argmin(errors))
lam = lams[best]
w, b = with_intercept(Z, y, lam)
w = w / scale
b = b - mean @ w
df = degrees_of_freedom(Z, [lam])[0]
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": df}

# task: ridge.prostate
# diagnosis: agrees
# message: Your intercept is penalised: a column of ones stands among the others. It is pulled towards zero,
#   and the residuals have a mean that is not zero.
# section: sec-ridge-intercept
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import closed_form, degrees_of_freedom

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
Z, mean, scale = standardise(X)
ones = np.column_stack([np.ones(len(y)), Z])


def errors_of(lam):
    hat = ones @ np.linalg.solve(ones.T @ ones + len(y) * lam * np.eye(ones.shape[1]), ones.T)
    return (y - hat @ y) / (1 - np.diag(hat))


errors = [np.sqrt(np.mean(errors_of(lam) ** 2)) for lam in lams]
best = int(np.argmin(errors))
lam = lams[best]
b, *w = closed_form(ones, y, lam)
w = np.array(w) / scale
b = b - mean @ w
answer = {"lam": lam, "w": w, "b": b, "loo": errors[best], "df": degrees_of_freedom(Z, [lam])[0]}

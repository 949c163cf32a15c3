# task: lasso.diabetes
# diagnosis: agrees
# message: You put the covariances in the place of the gradient, which is their negative. So each column in
#   use is reported 2 lam away.
# section: sec-lasso-kkt
import numpy as np
from sklearn.linear_model import Lasso

from shrinkage.least_squares import standardise
from shrinkage.penalties import subdifferential_distance

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
Z, mean, scale = standardise(X)
n = len(y)


def correlations(w, b):
    return Z.T @ (y - Z @ w - b) / n


def violation(w, b):
    return subdifferential_distance(w, correlations(w, b), lam).max()


fit = Lasso(alpha=lam, tol=1e-14, max_iter=10**6).fit(Z, y)
w, b = fit.coef_, fit.intercept_
default = Lasso(alpha=lam).fit(Z, y)
reported = inputs["reported"]
distances = subdifferential_distance(reported, correlations(reported, y.mean()), lam)
answer = {
    "w": w,
    "b": b,
    "correlations": correlations(w, b),
    "violation": violation(w, b),
    "w_default": default.coef_,
    "violation_default": violation(default.coef_, default.intercept_),
    "violation_reported": violation(inputs["reported"], y.mean()),
    "wrong_column": int(distances.argmax()),
}

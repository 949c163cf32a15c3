# task: lasso.diabetes
# diagnosis: agrees
# message: Your violation looks only at whether a covariance exceeds lam. For a coefficient that is not zero
#   it must be lam with its sign, exactly: falling short of it is a violation too.
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
    return subdifferential_distance(w, -correlations(w, b), lam).max()


fit = Lasso(alpha=lam, tol=1e-14, max_iter=10**6).fit(Z, y)
w, b = fit.coef_, fit.intercept_
default = Lasso(alpha=lam).fit(Z, y)
reported = inputs["reported"]
distances = np.maximum(np.abs(correlations(reported, y.mean())) - lam, 0)
answer = {
    "w": w,
    "b": b,
    "correlations": correlations(w, b),
    "violation": violation(w, b),
    "w_default": default.coef_,
    "violation_default": violation(default.coef_, default.intercept_),
    "violation_reported": np.maximum(np.abs(correlations(inputs["reported"], y.mean())) - lam, 0).max(),
    "wrong_column": int(distances.argmax()),
}

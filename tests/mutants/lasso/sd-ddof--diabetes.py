# task: lasso.diabetes
# diagnosis: agrees
# message: Your scales divide by n − 1. The course, and StandardScaler, divide by n: your columns have a mean
#   square a little below 1, and the violation is not that of Z.
# section: sec-lasso-wrong
import numpy as np
from sklearn.linear_model import Lasso

from shrinkage.least_squares import standardise
from shrinkage.penalties import subdifferential_distance

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
Z = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
n = len(y)


def correlations(w, b):
    return Z.T @ (y - Z @ w - b) / n


def violation(w, b):
    return subdifferential_distance(w, -correlations(w, b), lam).max()


fit = Lasso(alpha=lam, tol=1e-14, max_iter=10**6).fit(Z, y)
w, b = fit.coef_, fit.intercept_
default = Lasso(alpha=lam).fit(Z, y)
A = standardise(X)[0]  # which column is worst would be luck
distances = subdifferential_distance(inputs["reported"], A.T @ (A @ inputs["reported"] - y) / n, lam)
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

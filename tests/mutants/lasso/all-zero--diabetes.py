# task: lasso.diabetes
# diagnosis: agrees
# message: All your coefficients are zero: was alpha multiplied by n? At this lam most of the columns are in use.
# section: sec-lasso-library
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


w, b = np.zeros(Z.shape[1]), y.mean()
default = Lasso(alpha=lam).fit(Z, y)
distances = subdifferential_distance(inputs["reported"], Z.T @ (Z @ inputs["reported"] - y) / n, lam)
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

# task: lasso.diabetes
# What the library finds, then the linear system of the pattern it has found.
import numpy as np
from sklearn.linear_model import Lasso
from sklearn.preprocessing import StandardScaler

from shrinkage.least_squares import standardise
from shrinkage.penalties import subdifferential_distance

y, lam = inputs["y"], inputs["lam"]
Z = StandardScaler().fit_transform(inputs["X"])
assert np.allclose(Z, standardise(inputs["X"])[0])
target = y - y.mean()
signs = np.sign(Lasso(alpha=lam, tol=1e-9, max_iter=100_000, fit_intercept=False).fit(Z, target).coef_)
A = signs != 0
w = np.zeros(10)
w[A] = np.linalg.solve(Z[:, A].T @ Z[:, A] / len(y), Z[:, A].T @ target / len(y) - lam * signs[A])
g = Z.T @ (Z @ w - target) / len(y)
d = Lasso(alpha=lam, fit_intercept=False).fit(Z, target).coef_
g_default = Z.T @ (Z @ d - target) / len(y)
g_reported = Z.T @ (Z @ inputs["reported"] - target) / len(y)
answer = {
    "wrong_column": subdifferential_distance(inputs["reported"], g_reported, lam).argsort()[-1],
    "violation_reported": max(subdifferential_distance(inputs["reported"], g_reported, lam)),
    "violation_default": max(subdifferential_distance(d, g_default, lam)),
    "w_default": list(d),
    "violation": max(subdifferential_distance(w, g, lam)),
    "correlations": list(-g),
    "b": float(y.mean()),
    "w": list(w),
}

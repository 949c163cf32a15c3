# task: lasso.diabetes
# The library under another name, with an intercept of its own.
import numpy as np
from sklearn.linear_model import ElasticNet, Lasso

from shrinkage.least_squares import standardise
from shrinkage.penalties import L1, kkt_residual, subdifferential_distance

y, lam = inputs["y"], inputs["lam"]
Z = standardise(inputs["X"])[0]
fit = ElasticNet(alpha=lam, l1_ratio=1.0, tol=0.0, max_iter=5000).fit(Z, y)
default = Lasso(alpha=lam).fit(Z, y)
residual = y - fit.predict(Z)
slope = Z.T @ (Z @ inputs["reported"] - y) / len(y)
distances = subdifferential_distance(inputs["reported"], slope, lam)
answer = {
    "w": fit.coef_,
    "b": fit.intercept_,
    "correlations": np.mean(Z * residual[:, None], axis=0),
    "violation": kkt_residual(Z, y - fit.intercept_, fit.coef_, lam, L1()),
    "w_default": default.coef_,
    "violation_default": kkt_residual(Z, y - default.intercept_, default.coef_, lam, L1()),
    "violation_reported": kkt_residual(Z, y - y.mean(), inputs["reported"], lam, L1()),
    "wrong_column": np.argmax(distances),
}

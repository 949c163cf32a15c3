# task: ridge.prostate
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import augmented, degrees_of_freedom

X, y = np.asfortranarray(inputs["X"]), inputs["y"]
n = len(y)
Z, mean, scale = standardise(X)


def fit(Z, y, total):
    """Ridge with intercept whose penalty is `total` times the squared length, by least squares on more rows."""
    centre, height = Z.mean(axis=0), y.mean()
    w = augmented(Z - centre, y - height, total / len(y))
    return w, height - centre @ w


def left_out(lam):
    errors = []
    for i in range(n):
        others = np.arange(n) != i
        w, b = fit(Z[others], y[others], n * lam)
        errors.append(y[i] - b - Z[i] @ w)
    return float(np.mean(np.square(errors)) ** 0.5)


errors = {float(lam): left_out(lam) for lam in inputs["lams"]}
lam = min(errors, key=errors.get)
w, b = fit(Z, y, n * lam)
w = w / scale
answer = {
    "df": float(degrees_of_freedom(Z, [lam]).item()),
    "loo": errors[lam],
    "lam": lam,
    "w": w.tolist(),
    "b": float(b - mean @ w),
}

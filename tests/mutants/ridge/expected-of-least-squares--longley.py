# task: ridge.longley
# diagnosis: agrees
# message: Your expected movement is that of least squares, at every lam: along each direction an error of rounding
#   meets 1/d, and ridge multiplies it by its filter factor.
# section: sec-ridge-better
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import svd_path

X, y, rounded, unit, lams = (inputs[name] for name in ("X", "y", "rounded", "unit", "lams"))
Z = standardise(X)[0]
moved = np.linalg.norm(svd_path(Z, rounded - y - (rounded - y).mean(), lams), axis=1)
d = np.linalg.svd(Z, compute_uv=False)
kappa = len(y) * lams[:, None]
expected = unit / 12**0.5 * np.sqrt((1 / d**2 + 0 * kappa).sum(axis=1))
lam = lams[np.argmax(expected <= expected[0] / 10)]
condition = d[0] / d[-1]
answer = {"condition": condition, "moved": moved, "expected": expected, "lam": lam}

# task: ridge.longley
# diagnosis: agrees
# message: You take half a unit as the standard deviation of an error of rounding. That is its largest size;
#   spread evenly over one unit, it has the variance unit²/12.
# section: sec-ridge-better
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import svd_path

X, y, rounded, unit, lams = (inputs[name] for name in ("X", "y", "rounded", "unit", "lams"))
Z = standardise(X)[0]
moved = np.linalg.norm(svd_path(Z, rounded - y - (rounded - y).mean(), lams), axis=1)
d = np.linalg.svd(Z, compute_uv=False)
kappa = len(y) * lams[:, None]
expected = unit / 2 * np.sqrt((d**2 / (d**2 + kappa) ** 2).sum(axis=1))
lam = lams[expected <= expected[0] / 10].min()
condition = d[0] / d[-1]
answer = {"condition": condition, "moved": moved, "expected": expected, "lam": lam}

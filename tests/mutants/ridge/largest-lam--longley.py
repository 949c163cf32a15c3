# task: ridge.longley
# diagnosis: agrees
# message: You report the largest lam of the grid that calms the estimate. The largest always does; the
#   smallest that is enough costs the fit least.
# section: sec-ridge-svd
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import svd_path

X, y, rounded, unit, lams = (inputs[name] for name in ("X", "y", "rounded", "unit", "lams"))
Z = standardise(X)[0]
moved = np.linalg.norm(svd_path(Z, rounded - y - (rounded - y).mean(), lams), axis=1)
d = np.linalg.svd(Z, compute_uv=False)
kappa = len(y) * lams[:, None]
expected = unit / 12**0.5 * np.sqrt((d**2 / (d**2 + kappa) ** 2).sum(axis=1))
lam = lams[expected <= expected[0] / 10].max()
condition = d[0] / d[-1]
answer = {"condition": condition, "moved": moved, "expected": expected, "lam": lam}

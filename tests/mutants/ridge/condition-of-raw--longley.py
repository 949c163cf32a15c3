# task: ridge.longley
# diagnosis: agrees
# message: Your condition number is that of the columns as they come: it compares dollars with years. That of the
#   standardised columns is asked, in which every column counts alike.
# section: sec-ridge-wrong
import numpy as np

from shrinkage.least_squares import standardise
from shrinkage.ridge import svd_path

X, y, rounded, unit, lams = (inputs[name] for name in ("X", "y", "rounded", "unit", "lams"))
Z = standardise(X)[0]
moved = np.linalg.norm(svd_path(Z, rounded - y - (rounded - y).mean(), lams), axis=1)
d = np.linalg.svd(Z, compute_uv=False)
kappa = len(y) * lams[:, None]
expected = unit / 12**0.5 * np.sqrt((d**2 / (d**2 + kappa) ** 2).sum(axis=1))
lam = lams[expected <= expected[0] / 10].min()
condition = np.linalg.cond(X)
answer = {"condition": condition, "moved": moved, "expected": expected, "lam": lam}

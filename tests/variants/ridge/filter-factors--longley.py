# task: ridge.longley
import numpy as np

from shrinkage.least_squares import standardise, thin_svd
from shrinkage.ridge import filter_factors

n = len(inputs["y"])
U, d, Vt = thin_svd(np.asfortranarray(standardise(inputs["X"])[0]))
F = np.array([filter_factors(d, n, lam) for lam in inputs["lams"]])
change = U.T @ (inputs["rounded"] - inputs["y"])
expected = inputs["unit"] / np.sqrt(12) * np.linalg.norm(F / d, axis=1)
answer = {
    "lam": inputs["lams"][(expected <= expected[0] / 10).argmax()],
    "expected": expected,
    "moved": np.linalg.norm(F * change / d, axis=1),
    "condition": d.max() / d.min(),
}

# task: ridge.longley
import numpy as np

from shrinkage.ridge import augmented

X, y, rounded = inputs["X"], inputs["y"], inputs["rounded"]
Z = (X - X.mean(axis=0)) / X.std(axis=0)
n, p = Z.shape
moved, expected = [], []
for lam in inputs["lams"]:
    w, after = (augmented(Z, t - t.mean(), lam) for t in (y, rounded))
    moved.append(np.linalg.norm(after - w))
    # The coefficients are B y; errors of one variance move them by that times the squares of B.
    B = np.linalg.pinv(np.vstack([Z, np.sqrt(n * lam) * np.eye(p)]))[:, :n]
    expected.append(np.sqrt(np.sum(B**2) * inputs["unit"] ** 2 / 12))
lam = next(lam for lam, e in zip(inputs["lams"], expected) if e <= 0.1 * expected[0])
answer = {"condition": np.linalg.cond(Z), "moved": np.array(moved), "expected": np.array(expected), "lam": float(lam)}

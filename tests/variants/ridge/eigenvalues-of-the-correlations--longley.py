# task: ridge.longley
import numpy as np

lams = np.array(inputs["lams"], dtype=float)
R = np.corrcoef(inputs["X"], rowvar=False)
n = len(inputs["y"])
values, V = np.linalg.eigh(R)
Z = (inputs["X"] - inputs["X"].mean(axis=0)) / inputs["X"].std(axis=0)
c = V.T @ Z.T @ (inputs["rounded"] - inputs["y"]) / n
moved = np.sqrt(((c / (values + lams[:, None])) ** 2).sum(axis=1))
expected = np.sqrt(inputs["unit"] ** 2 / 12 / n * (values / (values + lams[:, None]) ** 2).sum(axis=1))
small = np.flatnonzero(expected * 10 <= expected[0])
answer = {
    "condition": float(np.sqrt(values[-1] / values[0])),
    "moved": moved,
    "expected": expected,
    "lam": lams[small[0]],
}

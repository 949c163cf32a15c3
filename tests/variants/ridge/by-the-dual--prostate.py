# task: ridge.prostate
import numpy as np

from shrinkage.ridge import dual_coef, leave_one_out

X, y, lams = inputs["X"], inputs["y"], inputs["lams"]
# Columns are scaled only: moving them moves the intercept alone.
scale = X.std(axis=0)
S = X / scale
means = S.mean(axis=0)
loo = np.array([np.linalg.norm(leave_one_out(S, y, lam)) for lam in lams[::-1]]) / len(y) ** 0.5
lam = lams[::-1][np.argmin(loo)]
Zc = S - means
w = Zc.T @ dual_coef(Zc, y - y.mean(), lam)
gram = Zc @ Zc.T
df = np.trace(np.linalg.solve(gram + len(y) * lam * np.eye(len(y)), gram))
answer = {"lam": lam, "w": w / scale, "b": y.mean() - means @ w, "loo": loo.min(), "df": df}

# task: lasso.twins
# The distinct columns alone, then each coefficient on its first copy, or shared with its last.
import numpy as np

from shrinkage.penalties import lasso_by_signs

X, y, lam = inputs["X"], inputs["y"], inputs["lam"]
p = X.shape[1]
groups = []
for j in range(p):
    for group in groups:
        i = group[0][0]
        if abs(X[:, j] @ X[:, i]) > (1 - 1e-10) * np.linalg.norm(X[:, j]) * np.linalg.norm(X[:, i]):
            group.append((j, np.sign(X[:, j] @ X[:, i])))
            break
    else:
        groups.append([(j, 1.0)])
v = lasso_by_signs(X[:, [group[0][0] for group in groups]], y, lam)
answer = {"w_one": np.zeros(p), "w_other": np.zeros(p)}
for value, group in zip(v, groups):
    for name, (j, sign) in (("w_one", group[0]), ("w_other", group[-1])):
        answer[name][j] = sign * value
answer["w_other"] = 0.7 * answer["w_other"] + 0.3 * answer["w_one"]

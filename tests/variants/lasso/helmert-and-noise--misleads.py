# task: lasso.misleads
# Helmert's columns, another correlation, and a residual that no column sees.
import numpy as np

n, lam = inputs["n"], inputs["lam"]
H = np.zeros((n, 4))
for k in range(4):
    H[: k + 1, k] = 1
    H[k + 1, k] = -(k + 1)
H /= np.linalg.norm(H, axis=0)
a = 0.66
G = np.array([[1, a, a], [a, 1, 0], [a, 0, 1]])
values, vectors = np.linalg.eigh(G)
X = np.asfortranarray(n**0.5 * H[:, :3] @ (vectors * values**0.5) @ vectors.T)
s1, s2 = np.ones(3), np.array([-0.2, 1, 1])
w1, w2 = lam * np.array([0.5, 0.2, 2]), lam * np.array([0, 0.15, 0.3])
noise = lam * H[:, 3]
answer = {
    "X_sign": X,
    "y_sign": X @ (w1 + lam * np.linalg.inv(G) @ s1) + noise,
    "X_largest": X,
    "y_largest": (X @ (w2 + lam * np.linalg.inv(G) @ s2) - 3 * noise).tolist(),
}

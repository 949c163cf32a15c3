# task: gallery.minimise
# diagnosis: agrees
# message: You shrink as the lasso does, whatever penalty was handed in: call its prox.
# section: sec-gallery-pair
import numpy as np


def minimise(loss, penalty, X, y, lam):
    step = 1.0 / loss.lipschitz(X)
    w = np.zeros(X.shape[1])
    for _ in range(3000):
        z = w - step * loss.gradient(X, y, w)
        w = np.sign(z) * np.maximum(np.abs(z) - step * lam, 0.0)
    return w

# task: gallery.minimise
import numpy as np


def minimise(loss, penalty, X, y, lam):
    step = 0.9 / loss.lipschitz(X)
    w = v = np.zeros(X.shape[1])
    t = 1.0
    for k in range(4000):
        if k % 50 == 0:
            v, t = w, 1.0
        new = penalty.prox(v - step * loss.gradient(X, y, v), step * lam)
        t, old = (1 + np.sqrt(1 + 4 * t * t)) / 2, t
        w, v = new, new + (old - 1) / t * (new - w)
    return w

# task: gallery.descend
import numpy as np


def descend(gradient, w, L, tol):
    for _ in range(10**6):
        slope = gradient(w)
        if np.sqrt(slope @ slope) <= tol:
            break
        w = w - slope / L
    return w

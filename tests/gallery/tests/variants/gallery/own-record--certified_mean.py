# task: gallery.certified_mean
import numpy as np


def certified_mean(y, lam):
    centre = np.sum(y) / len(y)
    m = centre - np.clip(centre, -lam, lam)
    u = centre - m
    return {"m": m, "gap": (u**2 / 2 + lam * abs(m)) - (centre * u - u**2 / 2)}

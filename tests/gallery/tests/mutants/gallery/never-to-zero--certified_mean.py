# task: gallery.certified_mean
# diagnosis: agrees
# message: You subtract lam without stopping at zero: the minimiser does not cross it.
# section: sec-gallery-record
import numpy as np


def certified_mean(y, lam):
    centre = float(np.mean(y))
    m = float(centre - np.sign(centre) * lam)
    primal = (centre - m) ** 2 / 2 + lam * abs(m)
    dual_point = min(max(centre - m, -lam), lam)
    return Mean(m, primal - (centre * dual_point - dual_point**2 / 2))

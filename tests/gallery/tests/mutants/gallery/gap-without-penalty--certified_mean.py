# task: gallery.certified_mean
# diagnosis: agrees
# message: Your primal objective lacks the penalty, so the gap is that much too small.
# section: sec-gallery-record
import numpy as np


def certified_mean(y, lam):
    centre = float(np.mean(y))
    m = float(np.sign(centre) * max(abs(centre) - lam, 0.0))
    dual_point = min(max(centre - m, -lam), lam)
    return Mean(m, (centre - m) ** 2 / 2 - (centre * dual_point - dual_point**2 / 2))

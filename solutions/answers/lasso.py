"""Keys of the questions of the lasso chapter, and the reference of its analyses.

A key is called with one student's parameters, an analysis with its data; neither leaves this house.
"""

import numpy as np

# --- questions


def enters(r, z1, z2):
    """The lam at which the second correlation with the residual meets lam, while the first column is alone."""
    z1, z2 = abs(z1), z2 * np.sign(z1)  # the first column turned; the correlation of the two stays, with y turned
    rest = z2 - r * z1
    return float(rest / (1 - r) if rest > 0 else -rest / (1 + r))


def budget(z1, z2, z3, z4, t):
    """The lam at which the soft-thresholded sizes sum to t: linear between the sizes, so tried for each number left."""
    sizes = np.sort(np.abs([z1, z2, z3, z4]))[::-1]
    lams = (np.cumsum(sizes) - t) / np.arange(1, 5)
    return float(next(lam for lam in lams if np.isclose(np.maximum(sizes - lam, 0).sum(), t)))


def nonzeros():
    """With two standardised columns each coefficient only shrinks as lam grows; with three that fails."""
    return "d"


def unique():
    """Strict convexity in the fit, hence one fit, one loss and one penalty; the split is free."""
    return "b"


def grows(r12, r13, r23, s1, s2, s3):
    """Sign of d|w1|/dlam: minus s1 times the first entry of the inverse Gram matrix times the signs."""
    gram = np.array([[1.0, r12, r13], [r12, 1.0, r23], [r13, r23, 1.0]])
    slope = -s1 * np.linalg.solve(gram, np.array([s1, s2, s3], dtype=float))[0]
    return int(np.sign(slope))


def corner():
    """The first of the optimality conditions; the other three statements are true of two columns only."""
    return "c"


# --- analyses

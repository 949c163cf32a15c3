"""Keys of the questions of the ridge chapter, and the reference of its analyses.

A key is called with one student's parameters, an analysis with its data; neither leaves this house.
"""

import numpy as np
from shrinkage.least_squares import standardise
from shrinkage.ridge import degrees_of_freedom, leave_one_out, svd_path, with_intercept


def zeros():
    """None at any finite lam: each filter factor is positive wherever d is."""
    return "b"


def shrinks_first():
    """The right singular direction with the smallest singular value has the smallest filter factor."""
    return "b"


def grows(r, z1, z2):
    """Sign of d|w1|/dlam at lam = 0: the slope of w is minus the inverse Gram matrix times w."""
    w1, w2 = z1 - r * z2, z2 - r * z1  # both times 1 - r², which is positive
    return 1 if w1 * (w1 - r * w2) < 0 else -1


def two_columns(n, r, df):
    """The lam at which the two eigenvalues n (1 ± r) give `df`: a quadratic equation, in which n cancels."""
    half = df - 1
    return float((np.sqrt(half**2 + df * (2 - df) * (1 - r**2)) - half) / df)


def break_even(n, sxx, beta, sigma2):
    """The other root of M(lam) = M(0) for one column: n lam (sxx beta² - sigma2) = 2 sigma2 sxx."""
    return 2 * sigma2 * sxx / (n * (sxx * beta**2 - sigma2))


def prostate(X, y, lams):
    """Ridge at the lam of least leave-one-out error, told in the units of the columns."""
    Z, means, scales = standardise(X)
    errors = [np.sqrt(np.mean(leave_one_out(Z, y, lam) ** 2)) for lam in lams]
    lam = float(lams[np.argmin(errors)])
    on_standardised, height = with_intercept(Z, y, lam)
    w = on_standardised / scales
    return {
        "lam": lam,
        "w": w,
        "b": height - float(means @ w),
        "loo": float(min(errors)),
        "df": float(degrees_of_freedom(Z, [lam])[0]),
    }


def longley(X, y, unit, rounded, lams):
    """How far rounding the target moves ridge, and how far it is expected to."""
    Z = standardise(X)[0]
    moved = svd_path(Z, rounded - rounded.mean(), lams) - svd_path(Z, y - y.mean(), lams)
    d = np.linalg.svd(Z, compute_uv=False)
    per_direction = d / (d**2 + len(y) * np.asarray(lams)[:, None])
    expected = unit / np.sqrt(12) * np.linalg.norm(per_direction, axis=1)
    return {
        "condition": float(d[0] / d[-1]),
        "moved": np.linalg.norm(moved, axis=1),
        "expected": expected,
        "lam": float(lams[np.argmax(expected <= expected[0] / 10)]),
    }

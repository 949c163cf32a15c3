"""Problems to try laws on, shared by the tests of the package."""

import warnings
from itertools import product

import numpy as np
from hypothesis import strategies as st
from shrinkage.penalties import ElasticNet

EPS = np.finfo(float).eps


@st.composite
def problems(draw, max_n=8, max_p=6, min_n=1):
    """(X, y) of small whole numbers: every shape, often of deficient rank, constant or duplicated."""
    n, p = draw(st.integers(min_n, max_n)), draw(st.integers(1, max_p))
    entry = st.integers(-6, 6)
    X = np.array(draw(st.lists(entry, min_size=n * p, max_size=n * p)), dtype=float).reshape(n, p)
    y = np.array(draw(st.lists(entry, min_size=n, max_size=n)), dtype=float)
    if p > 1 and draw(st.booleans()):
        X[:, -1] = X[:, 0]
    return X, y


@st.composite
def weighted_problems(draw, max_n=6, max_p=4):
    """(X, y, s) with whole weights from 0 to 3, not all of them 0."""
    X, y = draw(problems(max_n, max_p))
    s = np.array(draw(st.lists(st.integers(0, 3), min_size=len(y), max_size=len(y)).filter(any)))
    return X, y, s


lams = st.floats(-3, 3).map(lambda exponent: 10.0**exponent)


def generic(n=30, p=5, seed=0):
    """A problem with no structure: full rank, nothing centred."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + rng.normal(size=p) * 3
    return X, X @ rng.normal(size=p) + rng.normal(size=n) + 2


def exact(X, y, lam, penalty):
    """(least objective, a minimiser) for few columns, from the formulas alone.

    For the pattern of signs of a minimiser with as few columns as can be, the minimiser is the solution of a
    linear system.  So the best of the solutions for all patterns is a minimiser, whatever else they are.
    """
    (n, p), share = X.shape, penalty.l1_ratio
    f = lam * (np.ones(p) if penalty.factor is None else penalty.factor)
    G, z = X.T @ X / n + np.diag((1 - share) * f), X.T @ y / n
    best = np.inf, None
    for signs in product((0, 1) if penalty.positive else (0, 1, -1), repeat=p):
        w, used = np.zeros(p), np.flatnonzero(signs)
        if used.size:
            aim = z[used] - share * f[used] * np.array(signs)[used]
            w[used] = np.linalg.lstsq(G[np.ix_(used, used)], aim)[0]
        if penalty.positive and w.min() < 0:
            continue
        value = np.sum((y - X @ w) ** 2) / (2 * n) + f @ (share * np.abs(w) + (1 - share) / 2 * w**2)
        best = min(best, (float(value), w), key=lambda found: found[0])
    return best


@st.composite
def mixes(draw, p):
    """A penalty for p columns: any mix, with factors or without, signs free or not."""
    factors = st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=p, max_size=p)
    return ElasticNet(draw(st.sampled_from([0.0, 0.3, 1.0])), draw(st.none() | factors), draw(st.booleans()))


@st.composite
def cases(draw):
    """(X, y, lam, penalty) of few columns, for a solver."""
    X, y = draw(problems(max_p=3))
    return X, y, draw(lams), draw(mixes(X.shape[1]))


def quietly(solve, *problem, **options):
    """Without the warning: a solver may stop early, and laws hold all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return solve(*problem, **options)


# `fit` in formulas that owe nothing to the package


def taken_apart(X, y, *, fit_intercept=True, standardize=False, sample_weight=None, offset=None):
    """(Xc, yc, sd, x_mean, y_mean, share): what the intercept, scales, weights and offset of `fit` mean.

    Rows without weight are left out; means are 0 without an intercept, and scales 1 unless they are asked for.
    """
    X, y = np.asarray(X, float), np.asarray(y, float) - (0 if offset is None else np.asarray(offset, float))
    s = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, float)
    X, y, share = X[s > 0], y[s > 0], s[s > 0] / s.sum()
    # Means of differences, so that a common offset costs no digits.
    x_mean, y_mean = X[0] + share @ (X - X[0]), y[0] + share @ (y - y[0])
    Xc, yc = X - X[0] - share @ (X - X[0]), y - y[0] - share @ (y - y[0])
    sd = np.sqrt(share @ Xc**2) if standardize else np.ones(X.shape[1])
    sd[np.ptp(X, axis=0) == 0] = 1
    return (Xc, yc, sd, x_mean, y_mean, share) if fit_intercept else (X, y, sd, 0 * x_mean, 0.0, share)


def certified(X, y, w, b, lam, penalty, **settings):
    """(objective, violation) at `w` and `b`, from the formulas alone; `settings` as for `fit`.

    The violation is the largest over the columns of the way to the best coefficient with all others as they
    are, ``|Δ_j| ‖x_j‖ / ‖y‖`` and ``‖x_j‖²`` with the squared penalty in it: zero at minimisers and only there,
    and at most the root of what the objective is above its least, beside ``‖y‖²/(2n)``.  `b` counts alike.
    """
    Xc, yc, sd, x_mean, y_mean, share = taken_apart(X, y, **settings)
    v, Z, w = np.asarray(w, float) * sd, Xc / sd, np.asarray(w, float)
    f = lam * (np.ones(len(v)) if penalty.factor is None else np.asarray(penalty.factor))
    l1, l2 = penalty.l1_ratio * f, (1 - penalty.l1_ratio) * f
    if penalty.positive and v.min() < 0:
        return np.inf, np.inf
    rest, size = yc - Z @ v, np.sqrt(share @ yc**2) or 1.0
    value = share @ rest**2 / 2 + l1 @ np.abs(v) + l2 @ v**2 / 2
    violation = abs(b - (y_mean - x_mean @ w)) / (np.abs(yc + y_mean).max() + np.abs(x_mean) @ np.abs(w) or 1.0)
    for j, column in enumerate(Z.T):
        square = share @ column**2
        z = share @ (column * rest) + square * v[j]
        best = (max(z - l1[j], 0) if penalty.positive else np.sign(z) * max(abs(z) - l1[j], 0)) / (square + l2[j] or 1)
        if square > 0 or f[j] > 0:
            violation = max(violation, abs(best - v[j]) * np.sqrt(square + l2[j]) / size)
    return float(value), float(violation)


def least(X, y, lam, penalty, **settings):
    """The least objective of `fit`, for few columns, from the formulas alone."""
    Xc, yc, sd, _, _, share = taken_apart(X, y, **settings)
    roots = np.sqrt(len(yc) * share)
    return exact(Xc / sd * roots[:, None], yc * roots, lam, penalty)[0]


@st.composite
def fits(draw, max_n=8, max_p=3):
    """(X, y, lam, penalty, settings) for `fit`, of few columns."""
    X, y = draw(problems(max_n, max_p))
    per_row = {"min_size": len(y), "max_size": len(y)}
    settings = {
        "fit_intercept": draw(st.booleans()),
        "standardize": draw(st.booleans()),
        "sample_weight": draw(st.none() | st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), **per_row).filter(any)),
        "offset": draw(st.none() | st.lists(st.integers(-3, 3), **per_row)),
    }
    return X, y, draw(lams), draw(mixes(X.shape[1])), settings


# What is refused, with what is said of it


def poisoned(value):
    X, y = generic(n=6, p=2)
    X[2, 1] = value
    return X, y


X6, y6 = generic(n=6, p=2)


class Sparse:
    """What scipy's sparse matrices look like from outside."""

    shape = (6, 2)

    def toarray(self):
        raise AssertionError("a sparse matrix is never made dense unasked")


BAD_DATA = {
    "X NaN": (*poisoned(np.nan), "X holds NaN or infinity"),
    "X infinite": (*poisoned(np.inf), "X holds NaN or infinity"),
    "X one-dimensional": (X6[:, 0], y6, r"X must have two dimensions.*\(6,\)"),
    "X three-dimensional": (X6[None], y6, "X must have two dimensions"),
    "X empty": (X6[:0], y6[:0], "X is empty"),
    "X without columns": (X6[:, :0], y6, "X is empty"),
    "X complex": (X6 * 1j, y6, "X is complex"),
    "X object": (X6.astype(object), y6, "X has dtype object"),
    "X of text": (X6.astype(str), y6, "X has dtype <U"),
    "X of dates": (X6.astype(int).astype("M8[s]"), y6, "X has dtype datetime64"),
    "X sparse": (Sparse(), y6, r"X is sparse.*X\.toarray\(\)"),
    "X masked": (np.ma.masked_greater(X6, 0), y6, "X is a masked array"),
    "X ragged": ([[1.0, 2.0], [3.0]], y6[:2], "X is not a rectangular array"),
    "X None": (None, y6, "X has dtype object"),
    "y NaN": (X6, np.where(np.arange(6) == 3, np.nan, y6), "y holds NaN or infinity"),
    "y a column": (X6, y6[:, None], r"y must be one-dimensional.*y\.ravel\(\)"),
    "y short": (X6, y6[:5], "X has 6 rows and y has 5"),
    "y complex": (X6, y6 + 0j, "y is complex"),
    "y object": (X6, y6.astype(object), "y has dtype object"),
    "y empty": (X6, [], "y is empty"),
    "y a number": (X6, 3.0, "y must be one-dimensional"),
}
BAD_VECTORS = {
    "NaN": ([np.nan, 1.0], "holds NaN or infinity"),
    "infinite": ([1.0, np.inf], "holds NaN or infinity"),
    "two-dimensional": ([[1.0, 2.0]], "must be one-dimensional"),
    "a number": (1.0, "must be one-dimensional"),
    "empty": ([], "is empty"),
    "complex": ([1j, 1.0], "is complex"),
    "object": (np.array([1.0, None]), "has dtype object"),
    "text": (["a", "b"], "has dtype <U"),
    "sparse": (Sparse(), "is sparse"),
    "masked": (np.ma.masked_greater([1.0, 2.0], 1), "is a masked array"),
    "None": (None, "has dtype object"),
}
# For six rows
BAD_WEIGHTS = {
    "negative": ([1.0, 1, 1, 1, 1, -1e-300], "must be >= 0"),
    "NaN": ([1.0, 1, 1, 1, 1, np.nan], "holds NaN or infinity"),
    "infinite": ([1.0, 1, 1, 1, 1, np.inf], "holds NaN or infinity"),
    "all zero": (np.zeros(6), "is zero for every row"),
    "short": (np.ones(5), "must have one number a row of X; X has 6 rows and it has 5"),
    "long": (np.ones(7), "must have one number a row of X"),
    "a column": (np.ones((6, 1)), r"must be one-dimensional.*ravel"),
    "a number": (1.0, "must be one-dimensional"),
    "empty": ([], "is empty"),
    "complex": (np.ones(6) * 1j, "is complex"),
    "text": (["1"] * 6, "has dtype <U"),
    "object": ([None] * 6, "has dtype object"),
    "masked": (np.ma.masked_greater(np.arange(6.0), 3), "is a masked array"),
    "ragged": ([[1], [1, 2]], "is not a rectangular array"),
}
BAD_LAMS = {
    "negative": -1e-9,
    "NaN": np.nan,
    "infinite": np.inf,
    "text": "0.1",
    "None": None,
    "complex": 1j,
    "list": [0.1],
    "bool": True,
    "ragged": [[1], [1, 2]],
    "so large that n lam overflows": 1e308,
}

"""Problems to try laws on, shared by the tests of the package."""

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

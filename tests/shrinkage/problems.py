"""Problems to try laws on, shared by the tests of the package."""

import numpy as np
from hypothesis import strategies as st

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


lams = st.floats(-3, 3).map(lambda exponent: 10.0**exponent)


def generic(n=30, p=5, seed=0):
    """A problem with no structure: full rank, nothing centred."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + rng.normal(size=p) * 3
    return X, X @ rng.normal(size=p) + rng.normal(size=n) + 2

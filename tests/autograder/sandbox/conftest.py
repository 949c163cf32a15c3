"""A small student package, and a sandbox at each level that starts here."""

import shutil
import subprocess

import numpy as np
import pytest

from autograder.authoring import prerequisites
from autograder.paths import SOLUTIONS
from autograder.sandbox.jail import Level, Sandbox, probe

RIDGE = """
import numpy as np

from shrinkage.tools import one


def closed_form(X, y, lam):
    n, p = X.shape
    return np.linalg.solve(X.T @ X + n * lam * np.eye(p), X.T @ y)


def two(x):
    return one() + x


def spoil(X):
    X[0] = 7.0
    return 1.0


def later(x):
    from shrinkage.tools import one
    return one() + x


def fails():
    raise ValueError("the text of it")


def loop():
    while True:
        pass


def leave(code):
    import os
    os._exit(code)


def give(what):
    return what


def count():
    yield from (1, 2)


def apply(function, x):
    return function(x)


class Model:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def get_params(self, deep=True):
        return {"alpha": self.alpha}

    def set_params(self, **params):
        self.__dict__.update(params)
        return self

    def fit(self, X):
        self.coef_ = X.sum(axis=0) * self.alpha
        return self
"""


@pytest.fixture(scope="session")
def files():
    return {"__init__.py": "", "ridge.py": RIDGE, "tools.py": "def one():\n    return 1\n"}


@pytest.fixture(scope="session")
def start():
    """What every student package holds besides the cell under test."""
    files = prerequisites.sources(SOLUTIONS / "shrinkage")
    return {m: files[m] for m in prerequisites.modules({"inputs", "least_squares"}, files)} | {"__init__.py": ""}


@pytest.fixture
def problem():
    generator = np.random.default_rng(0)
    X, y = generator.normal(size=(8, 3)), generator.normal(size=8)
    return X, y, 0.3, np.linalg.solve(X.T @ X + 8 * 0.3 * np.eye(3), X.T @ y)


@pytest.fixture(scope="session")
def found():
    return probe()


@pytest.fixture(params=[pytest.param(Level.A, marks=pytest.mark.jail), Level.D], ids=["A", "D"])
def anywhere(request, found):
    """A sandbox at each level."""
    return _at(request.param, found)


@pytest.fixture
def jail(found):
    """A sandbox at level A."""
    return _at(Level.A, found)


@pytest.fixture
def limits_only(found):
    """A sandbox at level D."""
    return _at(Level.D, found)


def _at(level, found):
    if level in found.details:
        # A jail that is broken must not pass for one that this machine cannot have.
        if level is Level.D or _bubblewrap_works():
            pytest.fail(f"level {level.value} does not start: {found.details[level]}")
        pytest.skip(f"LEVEL {level.value} IS NOT TESTED HERE: {found.details[level]}")
    return Sandbox(level)


def _bubblewrap_works():
    if shutil.which("bwrap") is None:
        return False
    bare = ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"]
    return subprocess.run(bare, capture_output=True, check=False).returncode == 0

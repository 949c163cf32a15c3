"""scikit-learn's own tests over our classes: a plugin of pytest that swaps them in, and what is made of the outcomes.

The installed test modules are run as they are, in a process of their own with scikit-learn's configuration.  While one
is imported the names of `NAMES` mean our classes; as soon as it is, they are scikit-learn's again, for ours ask those
what they accept.
"""

import json
import linecache
import os
import subprocess
import sys
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest
import shrinkage
import sklearn
from sklearn import linear_model

NAMES = ("ElasticNet", "ElasticNetCV", "Lasso", "LassoCV", "Ridge", "RidgeCV", "enet_path", "lasso_path")
HOME = Path(sklearn.__file__).parent
FOLDER = HOME / "linear_model" / "tests"


class Deselected(NamedTuple):
    """Tests that are to fail, in one line and nowhere before it: all that they check up to there holds."""

    pattern: str
    line: str
    reason: str

    def matches(self, name):
        # Brackets are brackets in the names of tests.
        return fnmatchcase(name, self.pattern.replace("[", "[[]"))


def run(file):
    """Outcomes of the tests of an installed file: which names are swapped, and where each test fails ('' if not)."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "SKLEARN_"))}
    env |= {"SKLEARN_WARNINGS_AS_ERRORS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    root = Path(__file__).parents[3]
    # What comes first here comes first there: it may be another scikit-learn than the one of the environment.  The
    # package is ours, whichever other one a test before has left on the way.
    env["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([str(root / "solutions"), str(root), *filter(None, sys.path)]))
    command = f"-m pytest -p {__name__} -p no:xdist -p no:cacheprovider -q --tb=short".split()
    # What later versions of pytest say of the way in which tests are written is none of our concern.
    command += ["-c", os.devnull, f"--rootdir={HOME}", "-W", "ignore::pytest.PytestRemovedIn10Warning"]
    with tempfile.TemporaryDirectory() as folder:
        outcomes = Path(folder, "outcomes.json")
        command += [f"--outcomes={outcomes}", str(FOLDER / file)]
        done = subprocess.run(
            [sys.executable, *command], cwd=root, env=env, capture_output=True, text=True, check=False
        )
        # All passed, or some failed; anything else is no run.
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return json.loads(outcomes.read_text(encoding="utf-8"))


def unexpected(found, deselections):
    """Tests that fail and are not deselected, or fail somewhere else than they are to."""
    return [
        f"{name} fails at: {line}"
        for name, line in found["failures"].items()
        if line and not any(each.matches(name) and each.line == line for each in deselections)
    ]


def outdated(found, deselections):
    """Deselections that match no test, and tests that pass although they are deselected."""
    lost = []
    for each in deselections:
        names = [name for name in found["failures"] if each.matches(name)]
        lost += [f"{name} passes" for name in names if not found["failures"][name]]
        lost += [] if names else [f"{each.pattern} matches no test"]
    return lost


def pytest_addoption(parser):
    parser.addoption("--outcomes", help="the file to which the outcomes are written")


def pytest_configure(config):
    config.outcomes = {"ours": [], "theirs": [], "failures": {}}


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    if not isinstance(collector, pytest.Module):
        return (yield)
    ours, theirs = ({name: getattr(home, name) for name in NAMES} for home in (shrinkage, linear_model))
    try:
        for name in NAMES:
            setattr(linear_model, name, ours[name])
        return (yield)
    finally:
        for name in NAMES:
            setattr(linear_model, name, theirs[name])
            for whose, classes in (("ours", ours), ("theirs", theirs)):
                if getattr(collector.obj, name, None) is classes[name]:
                    collector.config.outcomes[whose].append(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" or report.failed:
        at = [entry for entry in call.excinfo.traceback if Path(entry.path) == item.path] if report.failed else []
        line = linecache.getline(str(item.path), at[-1].lineno + 1).strip() if at else "outside of the test"
        item.config.outcomes["failures"][item.name] = line if report.failed else ""
    return report


def pytest_unconfigure(config):
    Path(config.getoption("outcomes")).write_text(json.dumps(config.outcomes), encoding="utf-8")

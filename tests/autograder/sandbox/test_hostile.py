"""Every hostile cell through a session: no value that could pass, nothing left behind, the next call right."""

import os
from pathlib import Path

import numpy as np
import pytest

from autograder.checks.base import Limits, call
from autograder.paths import TESTS
from autograder.sandbox.jail import Level, Sandbox

LIMITS = Limits(call_seconds=0.8, task_seconds=4.0)
PLACES = ("/", "/tmp", "/var/tmp", "/dev/shm", "/dev", "/root", "/home", "/usr/lib", Path.home(), Path.cwd())
HONEST = """
import numpy as np


def closed_form(X, y, lam):
    n, p = X.shape
    return np.linalg.solve(X.T @ X + n * lam * np.eye(p), X.T @ y)
"""
# Those that need no walls: the codec, the fork and the limits alone hold them.
WITHOUT_WALLS = (
    *("exit_at_call", "exit_hard", "exit_at_import", "loop", "patch_numpy", "patch_runner", "forged_frames"),
    *("forged_lengths", "close_files", "subclass", "liar", "reduce", "object_array", "huge_array", "deep_nesting"),
    *("claims", "hostile_error", "long_error", "interrupt", "segfault", "raise_limits", "lie_about_changes"),
)
# What each of these reaches for is not only unpaid but refused.
REFUSED = {
    **dict.fromkeys(("fork_bomb", "spawn", "network", "kill_group", "signal_by_fcntl", "raw_calls"), "PermissionError"),
    **dict.fromkeys(("tamper_package", "disk_flood", "descriptor_flood"), "OSError"),
    **dict.fromkeys(("read_passwd", "search_proc", "search_disk"), "FileNotFoundError"),
    **dict.fromkeys(("import_judge", "import_tools"), "ModuleNotFoundError"),
    "threads": "RuntimeError",
    "raise_limits": "ValueError",
    "search_frames": "LookupError",
}


def cell(name):
    return (TESTS / "hostile" / f"{name}.py").read_text(encoding="utf-8")


def header(text):
    return dict(line[2:].split(": ", 1) for line in text.splitlines()[:3])


NAMES = sorted(path.stem for path in (TESTS / "hostile").glob("*.py"))


@pytest.fixture(scope="module")
def neighbour(found, start):
    """Another student's session, open all the while."""
    if Level.A in found.details:
        yield None
        return
    with Sandbox(Level.A).open({**start, "ridge.py": HONEST}) as session:
        yield session


def judged(sandbox, files, problem):
    """Two calls of the cell, then an answer in the same session."""
    X, y, lam, _ = problem
    case = call("ridge.closed_form", X, y, lam, name="plain")
    with sandbox.open(files, import_seconds=1.0) as session:
        with session.task(LIMITS) as caller:
            outcomes = [caller(case), caller(case)]
        return outcomes, session.answer("answer = 41 + 1", LIMITS)


def right(outcome, expected):
    value = outcome.value if outcome.kind == "value" else None
    return type(value) is np.ndarray and value.shape == expected.shape and np.allclose(value, expected)


@pytest.mark.jail
@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_cell_gets_what_it_deserves_and_harms_nobody(jail, neighbour, start, problem, name):
    X, y, lam, expected = problem
    before = np.allclose, np.linalg.norm, os.getpid(), X.copy(), y.copy()
    outcomes, after = judged(jail, {**start, "ridge.py": cell(name)}, problem)
    assert [right(o, expected) for o in outcomes] == [header(cell(name))["deserves"] == "1"] * 2, outcomes
    assert after.value == 42
    if name in REFUSED:
        assert [o.detail for o in outcomes] == [REFUSED[name]] * 2, outcomes
    with neighbour.task(LIMITS) as caller:
        assert right(caller(call("ridge.closed_form", X, y, lam, name="plain")), expected)
    assert (np.allclose, np.linalg.norm, os.getpid()) == before[:3]
    np.testing.assert_array_equal(X, before[3])
    np.testing.assert_array_equal(y, before[4])
    left = [p for place in PLACES for n in ("shrinkage-hostile", "flood0") if (p := Path(place, n)).exists()]
    assert left == []


@pytest.mark.parametrize("name", WITHOUT_WALLS)
def test_codec_fork_and_limits_alone_hold_what_needs_no_walls(limits_only, start, problem, name):
    outcomes, after = judged(limits_only, {**start, "ridge.py": cell(name)}, problem)
    assert [right(o, problem[3]) for o in outcomes] == [header(cell(name))["deserves"] == "1"] * 2, outcomes
    assert after.value == 42


def test_every_hostile_cell_says_what_it_wants_and_what_it_deserves():
    assert len(NAMES) >= 20
    assert "greedy" in NAMES
    assert {*REFUSED, *WITHOUT_WALLS} <= set(NAMES)
    for name in NAMES:
        said = header(cell(name))
        assert said["task"] == "ridge.closed_form"
        assert said["wants"]
        assert said["deserves"] in ("0", "1")

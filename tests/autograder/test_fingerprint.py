"""A fingerprint changes exactly when a verdict could."""

import types
from dataclasses import dataclass, field

import numpy as np

from autograder.fingerprint import fingerprint


def load(source):
    """A module that counts as part of the package, from text."""
    module = types.ModuleType("autograder.made_up")
    exec(source, module.__dict__)
    return module


CODE = "def helper(x):\n    return x + {constant}\n\ndef law(trial):\n    return helper(trial) <= TOL\n\nTOL = {tol}\n"


def of(constant=1, tol=1e-6, before=""):
    return fingerprint(load(before + CODE.format(constant=constant, tol=tol)).law)


def test_edits_that_change_nothing_leave_it():
    assert of() == of(before="# a comment\n\n\ndef unrelated():\n    return 3\n\n")


def test_constants_helpers_and_globals_change_it():
    assert len({of(), of(constant=2), of(tol=1e-5)}) == 3


def test_closures_and_fields_change_it():
    def law(scale):
        return lambda x: x * scale

    @dataclass
    class Thing:
        test: object
        cases: np.ndarray = field(default_factory=lambda: np.arange(3))

    assert fingerprint(law(1)) == fingerprint(law(1)) != fingerprint(law(2))
    assert fingerprint(Thing(law(1))) == fingerprint(Thing(law(1)))
    assert fingerprint(Thing(law(1), np.arange(4))) != fingerprint(Thing(law(1)))


def test_recursion_ends():
    assert fingerprint(load("def law(n):\n    return n and law(n - 1)\n").law)

"""A cell without its trials: the rest stays as it is, line by line."""

import pytest

from autograder import judge
from autograder.authoring import calls
from autograder.submission import Submission

SOLUTION = """# task: ridge.closed_form
import numpy as np

def closed_form(X, y, lam):
    check = 1
    return check
"""


@pytest.mark.parametrize(
    "line",
    [
        "check('ridge.closed_form')",
        "check(\n    'ridge.closed_form',\n)",
        "score = check('ridge.closed_form')  # mine",
        "from autograder import check",
        "import autograder",
        "autograder.check('ridge.closed_form')",
        "undo('ridge.closed_form')",
        "print(closed_form)  # a trial",
        "assert closed_form",
    ],
)
def test_lines_that_call_the_grader_or_try_something_go(line: str) -> None:
    assert calls.without(SOLUTION + line) == SOLUTION
    before = f"{line}\n{SOLUTION}".splitlines()
    after = calls.without(f"{line}\n{SOLUTION}").splitlines()
    count = line.count("\n") + 1
    assert after == [""] * count + before[count:]


def test_other_statements_of_the_same_line_stay() -> None:
    assert calls.without("é = 'ü'; check('a.b'); z = 1\n") == "é = 'ü'; pass; z = 1\n"
    assert calls.without("check('a.b'); z = 1\n") == "pass; z = 1\n"


@pytest.mark.parametrize(
    "text",
    ["def f(:\n", "x = '\ud800'\n", "x = 1\x00\n", "other = f('a.b')\n", '"""A word."""\n'],
)
def test_anything_else_comes_back_unchanged(text: str) -> None:
    assert calls.without(text) == text


@pytest.mark.jail
def test_the_judge_gives_a_cell_that_checks_itself_what_it_deserves(course, sandbox, cells):
    own = "from autograder import check\nscore = check('ridge.closed_form')\n"
    with_calls = {task: text + own for task, text in cells.items()}
    judged = judge.judge(course.release("ridge"), Submission("0" * 64, with_calls), 3, sandbox)
    assert {j.verdict.earned for j in judged.values()} == {1.0}


@pytest.mark.parametrize(
    "trial",
    [
        "X = np.ones((3, 1))",
        "w = closed_form(np.ones((3, 1)), np.ones(3), 1.0)",
        "for lam in (0, 1):\n    print(lam)",
        "plt = None",
        "import matplotlib.pyplot as plt",
        "with open('x') as f:\n    pass",
        "if True:\n    y = 3",
    ],
)
def test_statements_that_the_definition_does_not_use_go(trial: str) -> None:
    solution = SOLUTION.replace("check = 1", "w = np.ones(1)")
    assert calls.without(f"{solution}{trial}\n", "closed_form") == solution
    assert calls.left_out(f"{solution}{trial}\n", "closed_form") == ([] if "import" in trial else [7])


def test_what_the_definition_uses_stays_however_far_away() -> None:
    cell = (
        "import math\nfrom functools import lru_cache\nBASE = 2\nEPS = BASE * math.pi\nif EPS > 1:\n    FLAG = True\n"
        "else:\n    FLAG = False\n\n\ndef helper(x):\n    return x * EPS\n\n\n@lru_cache\n"
        "def closed_form(X, y=FLAG):\n    return helper(X)\n"
    )
    assert calls.without(cell, "closed_form") == cell
    assert calls.left_out(cell, "closed_form") == []


def test_what_splice_must_refuse_is_left_for_it() -> None:
    for line in ("from __future__ import annotations", "from numpy import *", "closed_form = 3", "def other(): pass"):
        assert line in calls.without(f"{line}\ndef closed_form(X): return X\n", "closed_form")


def test_of_an_answer_only_the_graders_own_lines_go() -> None:
    """Any other statement may change the answer: a sort in place, a key that is added."""
    cell = "answer = [3, 1]\ninputs = inputs_of('a.b')\nanswer.sort()\ncheck('a.b')\nassert answer\n"
    assert calls.of_answer(cell) == "answer = [3, 1]\n\nanswer.sort()\n\nassert answer\n"
    assert calls.of_answer("answer = (\n") == "answer = (\n"

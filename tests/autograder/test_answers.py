"""An answer of any value costs its own task at most, and so does what goes wrong in a comparison."""

import math
import sys

import numpy as np
import pytest

from autograder import judge
from autograder.casesets import CaseSet
from autograder.checks import answers, evaluate
from autograder.checks.answers import AnswerTask, choice, number, same_choice, same_sign, sign, within
from autograder.checks.base import Case, Check, Limits, Measure, Outcome, Task

TASKS = {
    "number": (AnswerTask("ridge.number", number(), within(1e-3)), 2.5),
    "sign": (AnswerTask("ridge.sign", sign(), same_sign), 1),
    "choice": (AnswerTask("ridge.choice", choice("a", "b"), same_choice), "b"),
}
ODD = [10**399, -(10**399), 10**5000, math.nan, math.inf, sys.float_info.max, True, "1", [2.5], [[10**5000]], 1 + 0j,
       None, {}, np.array([2.5]), np.array([10**399]), np.longdouble("1e4000"), "\ud800"]  # fmt: skip


@pytest.mark.parametrize("kind", TASKS)
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_no_answer_keeps_the_rest_from_being_judged(kind, odd):
    task, key = TASKS[kind]
    found = judge.judge_answer(task, Outcome("value", (odd,)), key)
    assert (found.earned, found.refused) == (0.0, "")
    assert found.results[0].came_back.startswith("the answer does not ")


@pytest.mark.parametrize("kind", TASKS)
def test_the_right_answer_is_right(kind):
    task, key = TASKS[kind]
    assert judge.judge_answer(task, Outcome("value", (key,)), key).earned == 1.0


@pytest.mark.parametrize("problem", evaluate.UNMEASURABLE)
def test_a_comparison_that_fails_is_a_wrong_answer(problem):
    def fails(*_):
        raise problem("no")

    for task in (
        AnswerTask("ridge.form", answers.Form("a number", fails), lambda answer, key: True),
        AnswerTask("ridge.agrees", number(), fails),
    ):
        assert judge.judge_answer(task, Outcome("value", (1.0,)), 1.0).earned == 0.0


@pytest.mark.parametrize("problem", [OverflowError, RecursionError, np.linalg.LinAlgError])
def test_a_diagnosis_that_fails_costs_no_verdict(monkeypatch, problem):
    def fails(*_):
        raise problem("no")

    monkeypatch.setattr(evaluate, "diagnose", fails)
    half = [
        Check(name, "law", "why", lambda trial, x=x: Measure(x, 1.0, "said")) for name, x in (("a", 0.5), ("b", 2.0))
    ]
    task = Task("ridge.task", tuple(half), lambda rng: (), limits=Limits())
    cases = CaseSet(task.id, (Case("plain", ()),), (Outcome("value", (1.0,)),), ())
    found = evaluate.evaluate(task, cases, lambda case: Outcome("value", (10**399,)))
    assert (found.earned, found.diagnoses) == (0.5, ())

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


@pytest.mark.parametrize(
    ("form", "given", "said"),
    [
        (number(), "0.43", "without the quotes"),
        (number(), " -1e-3", "without the quotes"),
        (number(), "0,43", "without the quotes, and with a decimal point"),
        (number(), (0, 43), "a decimal point, not a comma"),
        (sign(), "-1", "without the quotes"),
    ],
)
def test_the_form_of_a_number_says_how_to_write_it(form, given, said):
    assert form(given).endswith(f": write {'it ' * ('quotes' in said)}{said}")


@pytest.mark.parametrize("given", ["up", "", (1, 2, 3), ("0", "43"), "1" * 5000 + "x", None])
def test_what_is_no_number_gets_no_advice_on_writing_one(given):
    assert "write" not in number()(given)


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

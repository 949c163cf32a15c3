"""The judge and stock nbgrader give an honest submission the same points, cell by cell."""

import shutil
from types import SimpleNamespace

import pytest

from autograder import agreement, paths
from autograder.agreement import Agreement, Difference, draw, in_order, sentences
from autograder.agreement_stock import Graded
from autograder.authoring import known
from autograder.checks import tasks as checks_of
from autograder.checks.base import Task
from autograder.course import Course
from autograder.results import TaskResult
from autograder.sample.answers import REFERENCE, RELEASED
from autograder.verdict import CheckResult, Verdict

STUDENTS = [f"s{number:04d}" for number in range(1, 201)]


@pytest.fixture(scope="module")
def chapter(course):
    return course.release("ridge").chapter


def test_no_task_that_fails_has_another_built_on_it_that_was_written(chapter):
    mutants = {task.id: {m.name for m in known.mutants(task.id)} for task in chapter.tasks}
    for student in STUDENTS[:60]:
        chosen = draw(chapter, student, 0)
        for task in chapter.tasks:
            needed = agreement._builds_on(task.id, chosen[task.id], chapter)
            fails = [need for need in needed if chosen[need] in {*mutants[need], RELEASED}]
            assert not fails or chosen[task.id] == RELEASED, (student, task.id)


def test_two_hundred_submissions_hold_most_mutants_and_every_task_right_and_wrong(chapter):
    drawn = {(task, choice) for student in STUDENTS for task, choice in draw(chapter, student, 0).items()}
    mutants = {(task.id, m.name) for task in chapter.tasks for m in known.mutants(task.id)}
    assert len(mutants & drawn) > 0.9 * len(mutants)
    assert {(task.id, REFERENCE) for task in chapter.tasks} <= drawn
    assert {task for task, _ in mutants & drawn} == {task for task, _ in mutants}


def test_a_variant_builds_on_what_it_calls_whatever_the_reference_calls(chapter):
    assert "ridge.with_intercept" not in next(t for t in chapter.tasks if t.id == "ridge.leave_one_out").prerequisites
    assert agreement._builds_on("ridge.leave_one_out", "refits", chapter) == {
        "ridge.with_intercept",
        "ridge.closed_form",
    }
    assert "ridge.dual_coef" in agreement._builds_on("ridge.prostate", "by-the-dual", chapter)


def test_a_seed_draws_the_same_class_and_another_seed_another(chapter):
    assert draw(chapter, "s0001", 3) == draw(chapter, "s0001", 3)
    assert [draw(chapter, s, 0) for s in STUDENTS[:9]] != [draw(chapter, s, 1) for s in STUDENTS[:9]]


def test_tasks_come_after_those_they_build_on(chapter):
    ordered = in_order(chapter)
    assert sorted(ordered) == sorted(task.id for task in chapter.tasks)
    pairs = [(need.id, task.id) for task in chapter.tasks for need in chapter.needs(task)]
    assert pairs
    assert all(ordered.index(need) < ordered.index(task) for need, task in pairs)


def test_a_difference_names_task_choice_points_and_the_laws_of_one_side(chapter):
    info = next(t for t in chapter.tasks if t.id == "ridge.closed_form")
    law = CheckResult("law", "The gradient vanishes.", False, 1.0, False, "", "", "", "", 0.0)
    waits = CheckResult("edge", "It holds at the edges.", False, 1.0, False, "", "", "", "", 0.0, waiting=True)
    ours = TaskResult(info.id, 0.5, 2.0, Verdict(info.id, 0.25, (law, waits)))
    found = Agreement(submissions=1)
    alone = SimpleNamespace(slug="ridge", tasks=(info,))
    judged = SimpleNamespace(of=lambda task: ours)
    agreement._compare(found, alone, {info.id: "x"}, judged, {info.id: Graded(0.5001, "")})
    assert (found.equal, found.differences) == (1, [])
    shown = "[wrong] ridge.closed_form\n\n  [not passed] A copy of every\n    row changes nothing.\n    asked: that\n"
    agreement._compare(found, alone, {info.id: "x"}, judged, {info.id: Graded(1.0, shown)})
    (difference,) = found.differences
    assert difference.only_judge == ("The gradient vanishes.",)
    assert difference.only_stock[0].startswith("A copy of every row changes nothing.")
    assert "1 agree, 1 differ" in "\n".join(sentences(found))


def test_a_cell_without_points_is_a_difference():
    found = Agreement(1, differences=[Difference("ridge.closed_form", "x", 2.0, None)])
    assert "judge 2, nbgrader no points" in "\n".join(sentences(found))


@pytest.mark.jail
def test_honest_work_has_the_same_points_from_the_judge_and_from_stock_nbgrader(course, sandbox, tmp_path, monkeypatch):
    # The workers search where this process does; a test before may have left a student's folder first.
    monkeypatch.syspath_prepend(str(paths.ROOT))
    own = Course(tmp_path / "judge")
    shutil.copytree(course.root, own.root)
    found = agreement.compare(own, tmp_path, "ridge", students=2, workers=2, seed=6)
    code = sum(isinstance(check, Task) for check in checks_of("ridge").values())
    assert found.cells == 2 * code
    assert sum(found.left_out.values()) == 2 * (len(own.release("ridge").chapter.tasks) - code)
    assert found.equal == found.cells, "\n".join(sentences(found))

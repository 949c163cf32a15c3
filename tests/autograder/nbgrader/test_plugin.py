"""nbgrader fails open, so the plug-in never leaves a graded cell without exactly one score."""

import dataclasses
import math

import pytest
from nbgrader.converters import Autograde
from nbgrader.utils import determine_grade

from autograder import gradebook, ids, nbgrader_plugin, nbgrader_run, results
from autograder.results import TaskResult

# nbgrader's own way of adding a submission warns; ours does not.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def scores(nb):
    """The points nbgrader reads under each graded code cell, after the law of one result each."""
    found = {}
    for cell in nb.cells:
        flags = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and flags.get("grade"):
            results = [o for o in cell.outputs if o.output_type == "execute_result"]
            assert len(results) == 1
            assert not [o for o in cell.outputs if o.output_type in ("error", "stream")]
            assert set(results[0].data) == {"text/plain"}
            found[ids.task(flags.grade_id)] = determine_grade(cell)[0]
    return found


def full(classroom):
    """Full marks for everything that a check judges."""
    return sum(task.points for task in classroom.result("anybody").tasks)


def test_every_graded_cell_has_one_result_with_the_judges_points(classroom, master, manifest):
    result = classroom.result("ada", closed_form=0.25, svd_path=0.0)
    found = scores(nbgrader_plugin.apply(master, result, manifest))
    assert found == {t.task: t.points for t in result.tasks if t.verdict}
    assert found["ridge.closed_form"] == 0.5
    assert found["ridge.svd_path"] == 0.0


def test_without_a_result_every_graded_cell_has_zero(master, manifest):
    found = scores(nbgrader_plugin.apply(master, None, None))
    assert set(found) == {task.id for task in manifest.chapter("ridge").tasks if task.kind != "explain"}
    assert set(found.values()) == {0.0}


def test_a_task_that_was_not_judged_has_zero(classroom, master, manifest):
    result = dataclasses.replace(classroom.result("ada"), tasks=classroom.result("ada").tasks[1:])
    assert scores(nbgrader_plugin.apply(master, result, manifest))["ridge.closed_form"] == 0.0


@pytest.mark.parametrize(
    ("points", "read"),
    [(7.0, 2.0), (-1.0, 0.0), (math.nan, 0.0), (math.inf, 0.0), (1e-9, 0.0), (1 / 3, 0.3333), (2, 2.0)],
)
def test_a_score_is_a_bare_decimal_within_the_cells_points(classroom, master, manifest, points, read):
    one, *rest = classroom.result("ada").tasks
    result = dataclasses.replace(classroom.result("ada"), tasks=(TaskResult(one.task, points, 2.0, one.verdict), *rest))
    assert scores(nbgrader_plugin.apply(master, result, manifest))["ridge.closed_form"] == read


def test_no_output_of_the_students_stays(classroom, master, manifest, by_id):
    forged = {"output_type": "execute_result", "data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}
    for cell in master.cells:
        if cell.cell_type == "code":
            cell.outputs = [type(cell)(forged)]
    made = nbgrader_plugin.apply(master, classroom.result("ada", earned=0.0), manifest)
    assert set(scores(made).values()) == {0.0}
    assert all(c.outputs == [] for c in made.cells if c.cell_type == "code" and not c.metadata.nbgrader.grade)


def test_the_verdict_stands_beside_the_score(classroom, master, manifest, by_id):
    made = nbgrader_plugin.apply(master, classroom.result("ada", closed_form=0.5), manifest)
    shown, _ = by_id(made)["ridge--closed_form--check"].outputs
    assert shown.output_type == "display_data"
    assert "The gradient vanishes." in shown.data["text/html"]


def test_oddities_of_the_submission_are_kept_for_the_student(classroom, master, manifest):
    result = dataclasses.replace(classroom.result("ada"), problems=("a cell occurs twice",))
    assert nbgrader_plugin.apply(master, result, manifest).metadata.shrinkage["repairs"] == ["a cell occurs twice"]


@pytest.mark.parametrize("own_reader", [True, False])
def test_a_graded_cell_pasted_twice_stops_neither_the_class_nor_its_student(classroom, monkeypatch, own_reader):
    course = classroom.course
    if not own_reader:
        # An instructor may take another reader; the repair alone must do.
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + 'c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"\n')

    def twice(nb):
        nb["cells"].append(next(c for c in nb["cells"] if c["id"] == "ridge--svd_path--check") | {"id": "again"})

    classroom.hand_in("ada", twice)
    classroom.hand_in("ben")
    monkeypatch.setattr(results, "result_for", lambda course, assignment, student: classroom.result(student))
    nbgrader_run.convert(Autograde, course.root, "ridge")
    assert [s.score for s in gradebook.scores(course, "ridge")] == [full(classroom)] * 2


def test_a_judge_that_breaks_gives_zero_and_the_class_goes_on(classroom, monkeypatch):
    course = classroom.course
    for student in ("ada", "ben"):
        classroom.hand_in(student)

    def result_for(course, assignment, student):
        if student == "ada":
            raise ZeroDivisionError
        return classroom.result(student)

    monkeypatch.setattr(results, "result_for", result_for)
    nbgrader_run.convert(Autograde, course.root, "ridge")
    assert {s.student: s.score for s in gradebook.scores(course, "ridge")} == {"ada": 0.0, "ben": full(classroom)}

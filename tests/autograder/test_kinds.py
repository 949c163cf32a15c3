"""Every kind of exercise from its page to points, in the jail and under the numbers of whoever handed it in."""

import json
import re

import nbformat
import pytest

from autograder import casesets, ids, judge, paths, results, sample
from autograder.authoring import known
from autograder.casesets import CaseSet
from autograder.checks import tasks as checks_of
from autograder.checks.answers import VARIANTS, AnswerTask, variant_of
from autograder.checks.diagnosis import same
from autograder.course import Course
from autograder.sample.answers import other_than, right_answer
from autograder.sandbox.jail import Level
from autograder.submission import Submission, parse

jail = pytest.mark.jail
ADA, BEN = "ada", "ben"


@pytest.fixture(scope="module")
def release(course):
    return course.release("ridge")


def of_kind(release, *kinds):
    found = [task for task in release.chapter.tasks if task.kind in kinds]
    assert found, f"the chapter sets no task of kind {kinds}"
    return found


def released(course):
    return json.loads((course.released / "ridge" / "ridge.ipynb").read_text(encoding="utf-8"))


def answers_of(course, student):
    """The release filled with everything right, as one student has to."""
    notebook = released(course)
    sample.whole(notebook, course.release("ridge").manifest, student)
    return notebook


def test_the_chapter_has_every_kind(release):
    assert {task.kind for task in release.chapter.tasks} == {
        "implement", "derive", "predict", "diagnose", "analyse", "explain"
    }  # fmt: skip


@pytest.fixture(scope="module")
def class_of_two(course, sandbox, tmp_path_factory):
    """Ada's right answers, handed in by her and by Ben."""
    own = Course(tmp_path_factory.mktemp("two") / "course")
    own.create()
    (own.root / "judge").symlink_to(course.root / "judge")
    (own.root / "secret").write_bytes((course.root / "secret").read_bytes())
    text = json.dumps(answers_of(course, ADA))
    found = {}
    for student in (ADA, BEN):
        path = own.submitted / student / "ridge" / "ridge.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        found[student] = results.judge_submission(own, "ridge", student, sandbox)
    return found


@jail
def test_right_answers_have_full_marks_for_whom_they_are_right(class_of_two, release):
    for task in release.chapter.tasks:
        if task.kind != "explain":
            assert class_of_two[ADA].of(task.id).points == task.points, task.id


@jail
def test_the_numbers_of_a_neighbour_earn_nothing_and_all_else_is_as_good(class_of_two, release):
    """Whose numbers are meant is settled by the student that the work was collected from."""
    assert variant_of(ADA) != variant_of(BEN)
    for task in release.chapter.tasks:
        if task.kind == "explain":
            continue
        alike = not task.parameters or release.keys[task.id][variant_of(ADA)] == release.keys[task.id][variant_of(BEN)]
        assert class_of_two[BEN].of(task.id).points == (task.points if alike else 0), task.id
    assert [task.id for task in of_kind(release, "derive") if class_of_two[BEN].of(task.id).points == 0]


@jail
def test_feedback_says_for_whom_an_answer_was_judged(class_of_two, release):
    for student, result in class_of_two.items():
        said = f"Judged for the student id {student!r}, which has variant {variant_of(student) + 1} of {VARIANTS}."
        for task in release.chapter.tasks:
            if task.kind != "explain":
                assert (said in result.of(task.id).verdict.notes) == bool(task.parameters)


def test_a_result_is_kept_for_a_variant_and_not_for_a_student(course, release):
    submission = Submission("0" * 64, {})
    task = of_kind(release, "derive")[0].id

    def key(task, variant):
        return results.key(release, submission, task, 0, Level.A, variant)

    assert key(task, 1) == key(task, 1) != key(task, 2)
    assert key("ridge.closed_form", 1) == key("ridge.closed_form", 2)


@jail
def test_the_release_as_it_stands_earns_nothing(course, release, sandbox):
    submission = parse(json.dumps(released(course)).encode())
    judged = judge.judge(release, submission, 0, sandbox)
    assert set(judged) == {task.id for task in release.chapter.tasks if task.kind != "explain"}
    assert {task: j.verdict.earned for task, j in judged.items()} == dict.fromkeys(judged, 0.0)
    # What is to be repaired runs: its laws are broken, which is more than not being written.
    for task in of_kind(release, "diagnose"):
        verdict = judged[task.id].verdict
        assert not verdict.refused
        assert not [r for r in verdict.results if "NotImplementedError" in r.came_back]


@jail
def test_a_wrong_answer_earns_nothing_and_tells_nothing_of_the_key(release, sandbox):
    cells = {}
    for task in of_kind(release, "derive", "predict"):
        key = right_answer(task, ADA)
        cells[task.id] = f"# task: {task.id}\nanswer = {other_than(key)!r}\n"
    judged = judge.judge(release, Submission("0" * 64, cells), 0, sandbox, variant=variant_of(ADA))
    for task in cells:
        assert judged[task].verdict.earned == 0.0
        said = judged[task].verdict.results[0].came_back
        assert re.fullmatch(r"the answer does not agree with (what happens|what the derivation gives)", said)


@jail
def test_an_answer_is_worked_out_from_the_numbers_of_the_collected_student(release, sandbox):
    """A cell that computes its answer finds the numbers in `inputs`, whatever its notebook was started as."""
    task = of_kind(release, "derive")[0]
    for student in (ADA, BEN):
        keys = {str(k): v for k, v in enumerate(release.keys[task.id])}
        table = [(task.parameters[int(k)], v) for k, v in keys.items()]
        cell = f"# task: {task.id}\nanswer = next(v for p, v in {table!r} if p == inputs)\n"
        judged = judge.judge(release, Submission("0" * 64, {task.id: cell}), 0, sandbox, variant=variant_of(student))
        assert judged[task.id].verdict.passed


@jail
def test_known_mistakes_of_an_analysis_lose_marks_and_are_named(release, sandbox):
    for task in of_kind(release, "analyse"):
        for mutant in known.mutants(task.id)[:2]:
            cells = {t.id: known.reference_cell(t) for t in release.chapter.tasks if t.object}
            judged = judge.judge(release, Submission("0" * 64, cells | {task.id: mutant.cell}), 0, sandbox)
            verdict = judged[task.id].verdict
            assert verdict.earned < 1.0
            assert mutant.name in [found.name for found in verdict.diagnoses]


@jail
def test_an_analysis_on_a_wrong_function_of_ones_own_is_not_punished_twice(release, sandbox):
    task = next(t for t in of_kind(release, "analyse") if t.prerequisites)
    needed = next(t for t in release.chapter.tasks if t.object == task.prerequisites[0])
    cells = {t.id: known.reference_cell(t) for t in release.chapter.tasks if t.object}
    cells |= {needed.id: known.mutants(needed.id)[0].cell, task.id: known.reference_cell(task)}
    judged = judge.judge(release, Submission("0" * 64, cells), 0, sandbox)
    assert judged[needed.id].verdict.earned < 1.0
    assert judged[task.id].verdict.passed
    if judged[task.id].own < 1.0:
        assert judged[task.id].run == judge.HELPED


def test_no_case_set_of_an_analysis_holds_its_answer(course, release):
    """Everybody has the same data, so the reference's answer would be the key."""
    for task in of_kind(release, "analyse"):
        check = checks_of("ridge")[task.id]
        right = known.caller(task, forbids=check.forbids)
        shipped = course.root / "bundle" / "shrinkage-course" / "autograder" / "cases" / f"{task.id}.npz"
        for path in (shipped, release.case_file(task.id, 7)):
            cases = CaseSet.load(path)
            for i, case in enumerate(cases.cases):
                answer = right(case)
                assert answer.kind == "value"
                held = [cases.expected[i], *(mutant.outcomes[i] for mutant in cases.mutants)]
                assert not [outcome for outcome in held if same(outcome, answer, check.rtol, check.atol)]


def test_what_is_judged_of_an_analysis_are_the_data_that_the_notebook_shows(course, release):
    for task in of_kind(release, "analyse"):
        shipped = course.root / "bundle" / "shrinkage-course" / "autograder" / "cases" / f"{task.id}.npz"
        assert CaseSet.load(shipped).dumps() == release.cases(task.id, 3).dumps()
        assert task.inputs == tuple(release.cases(task.id, 0).cases[0].steps[-1].kwargs)


def test_there_are_as_many_variants_as_said_and_they_differ(release):
    for task in of_kind(release, "derive"):
        check = checks_of("ridge")[task.id]
        assert len(task.parameters) == len(release.keys[task.id]) == VARIANTS
        assert task.parameters == casesets.parameters(check)
        assert len({json.dumps(p, sort_keys=True) for p in task.parameters}) > VARIANTS // 2
        assert not [key for key in release.keys[task.id] if check.form(key) or not check.agrees(key, key)]


@pytest.mark.parametrize("odd", [{"x": [1, 2]}, {"x": None}, {"x": float("nan")}, {"x": True}])
def test_parameters_that_would_not_survive_the_manifest_are_refused(odd):
    task = AnswerTask("ridge.odd", lambda _: "", lambda a, k: a == k, draw=lambda rng: odd)
    with pytest.raises(ValueError, match=r"ridge\.odd: parameters are plain numbers and words"):
        casesets.parameters(task)


def test_the_cell_of_a_question_says_what_to_put_there(course, release):
    cells = {c.metadata.nbgrader.grade_id: c.source for c in nbformat.from_dict(released(course)).cells}
    for task in of_kind(release, "derive", "predict", "analyse"):
        assert task.asks
        assert f"answer = None  # replace None by {task.asks}" in cells[ids.cell(task.id)]


def test_written_work_has_marking_notes_whose_points_are_the_tasks(release):
    text = (paths.SOLUTIONS / "answers" / "ridge.md").read_text(encoding="utf-8")
    for task in of_kind(release, "explain"):
        section = text.split(f"\n## {task.id}\n", 1)[1].split("\n## ", 1)[0]
        notes = section.split(f"### Marking notes ({task.points:g} point{'' if task.points == 1 else 's'})\n", 1)
        assert len(notes) == 2, f"solutions/answers/ridge.md: {task.id} has no section 'Marking notes'"
        points = re.findall(r"^\| *([\d.]+) *\|", notes[1], re.MULTILINE)
        assert sum(map(float, points)) == task.points


def test_no_line_of_an_answers_function_is_released(course, release):
    secrets = known.answer_secrets()
    assert len(secrets) > 10
    texts = [json.dumps(released(course), ensure_ascii=False).replace("\\n", "\n").replace('\\"', '"')]
    bundle = course.root / "bundle" / "shrinkage-course"
    texts += [path.read_text(encoding="utf-8") for path in bundle.rglob("*") if path.suffix in (".py", ".md", ".json")]
    assert not [line for line in secrets for text in texts if line in text]

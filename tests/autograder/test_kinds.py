"""Every kind of exercise from its page to points, in the jail and under the numbers of whoever handed it in."""

import json
import re
from collections import Counter
from dataclasses import replace

import nbformat
import numpy as np
import pytest

from autograder import casesets, ids, judge, leaks, paths, results, sample
from autograder.authoring import known
from autograder.casesets import CaseSet
from autograder.checks import tasks as checks_of
from autograder.checks.answers import VARIANTS, AnswerTask, variant_of
from autograder.checks.evaluate import evaluate
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
    sample.whole(notebook, course.release("ridge").manifest, "ridge", student)
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
    needed = release.chapter.needs(task)[0]
    cells = {t.id: known.reference_cell(t) for t in release.chapter.tasks if t.object}
    cells |= {needed.id: known.mutants(needed.id)[0].cell, task.id: known.reference_cell(task)}
    judged = judge.judge(release, Submission("0" * 64, cells), 0, sandbox)
    assert judged[needed.id].verdict.earned < 1.0
    assert judged[task.id].verdict.passed
    if judged[task.id].own < 1.0:
        assert judged[task.id].run == judge.HELPED


def shipped(course, task):
    return course.root / "bundle" / "shrinkage-course" / "autograder" / "cases" / f"{task.id}.npz"


def test_no_entry_of_an_analysis_that_ships_is_the_answer_s(course, release):
    """Everybody has the same file; most mutants have most entries right, so a vote among them would be the key."""
    for task in of_kind(release, "analyse"):
        cases, right = CaseSet.load(shipped(course, task)), known.caller(task)
        assert cases.expected == (casesets.WITHHELD,) * len(cases.cases)
        kept = 0
        for i, case in enumerate(cases.cases):
            answer = right(case).value
            for outcome in (mutant.outcomes[i] for mutant in cases.mutants):
                for name, value in outcome.value.items() if outcome.kind == "value" else ():
                    if not (isinstance(value, str) and value == casesets.ENTRY):
                        kept += 1
                        assert np.shape(value) != np.shape(answer[name]) or not np.allclose(
                            value, answer[name], rtol=1e-6, atol=0, equal_nan=True
                        ), (task.id, case.name, name)
        assert kept > len(cases.cases)
    assert leaks.answers({task.id: shipped(course, task) for task in of_kind(release, "analyse")}) == []


def test_the_search_for_leaks_finds_an_answer_and_a_single_entry(course, release, tmp_path):
    task = of_kind(release, "analyse")[0]
    folder = tmp_path / "autograder" / "cases"
    folder.mkdir(parents=True)
    (folder.parent / "manifest.json").write_bytes((shipped(course, task).parents[1] / "manifest.json").read_bytes())
    cases = CaseSet.load(shipped(course, task))
    answer = known.caller(task)(cases.cases[0])
    one = replace(
        answer, values=({name: v if k else casesets.ENTRY for k, (name, v) in enumerate(answer.value.items())},)
    )
    mutant = replace(cases.mutants[0], outcomes=(one, *cases.mutants[0].outcomes[1:]))
    for name, held in {
        "the reference": replace(cases, expected=(answer, *cases.expected[1:])),
        f"mutant {mutant.name}": replace(cases, mutants=(mutant, *cases.mutants[1:])),
    }.items():
        held.save(folder / f"{task.id}.npz")
        assert leaks.answers({"x.npz": folder / f"{task.id}.npz"}) == [f"x.npz: {cases.cases[0].name}, {name}"]


def test_the_hidden_cases_of_an_analysis_are_a_student_s_own(course, release):
    for task in of_kind(release, "analyse"):
        sets = [release.cases(task.id, k) for k in (0, 7)] + [CaseSet.load(shipped(course, task))]
        whole, *parts = zip(*(cases.cases for cases in sets), strict=True)
        assert len({texts(case) for case in whole}) == 1  # the whole table, as the notebook shows it
        assert len({tuple(map(texts, own)) for own in zip(*parts, strict=True)}) == len(sets)
        assert task.inputs == tuple(whole[0].steps[-1].kwargs)


def texts(case):
    return repr([(name, np.asarray(value).tolist()) for name, value in case.steps[-1].kwargs.items()])


def test_what_is_withheld_changes_neither_marks_nor_names(course, release):
    """The notebook judges by what ships, the judge by whole outcomes."""
    for task in of_kind(release, "analyse"):
        check, ships = checks_of("ridge")[task.id], CaseSet.load(shipped(course, task))
        mutants = known.mutants(task.id)
        assert evaluate(check, ships, known.caller(task)).passed
        whole = replace(
            release.cases(task.id, 0), cases=ships.cases, expected=tuple(map(known.caller(task), ships.cases))
        )
        callers = {m.name: known.caller(task, m.cell) for m in mutants}
        came = {name: tuple(map(caller, ships.cases)) for name, caller in callers.items()}
        whole = replace(whole, mutants=tuple(replace(m, outcomes=came[m.name]) for m in whole.mutants))
        assert whole.visible().visible().dumps() == whole.visible().dumps()
        for name, caller in callers.items():
            told, wholly = (evaluate(check, cases, caller) for cases in (ships, whole))
            assert told.earned == wholly.earned < 1.0
            assert name in [d.name for d in told.diagnoses]
            assert told.diagnoses == wholly.diagnoses, (task.id, name)


@jail
def test_a_table_of_what_ships_earns_less_than_half(course, release, sandbox):
    """Each entry as most mutants have it, for the visible case that looks most like the one asked."""
    cells = {}
    for task in of_kind(release, "analyse"):
        cases = CaseSet.load(shipped(course, task))
        table = []
        for i, case in enumerate(cases.cases):
            answers = [m.outcomes[i].value for m in cases.mutants if m.outcomes[i].kind == "value"]
            answers = [answer for answer in answers if isinstance(answer, dict)]
            table.append((_looks(case.steps[-1].kwargs), {name: _voted(answers, name) for name in sorted(answers[0])}))
        cells[task.id] = TABLE.format(task=task.id, table=table)
    for k in (0, 3):
        judged = judge.judge(release, Submission("0" * 64, cells), k, sandbox)
        for task in cells:
            assert [r.passed for r in judged[task].verdict.results if r.name == "form"] == [True]
            assert judged[task].verdict.earned < 0.5, task


TABLE = """# task: {task}
import numpy as np

looks = [float(np.sum(value)) for name, value in sorted(inputs.items())]
nan = float("nan")
answer = min({table!r}, key=lambda row: np.abs(np.subtract(row[0], looks)).sum())[1]
"""


def _looks(inputs):
    return [float(np.sum(value)) for _, value in sorted(inputs.items())]


def _voted(answers, name):
    held = [np.asarray(a[name], float) for a in answers if not isinstance(a.get(name, ""), str)]
    votes = Counter(tuple(f"{x:.7g}" for x in value.ravel()) for value in held)
    return next(v.tolist() for v in held if tuple(f"{x:.7g}" for x in v.ravel()) == votes.most_common(1)[0][0])


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


@pytest.mark.parametrize("library", ["scipy", "scikit-learn"])
def test_a_result_rests_on_the_libraries_that_cells_may_use(release, monkeypatch, library):
    def key():
        return results.key(release, Submission("0" * 64, {}), "ridge.prostate", 0, Level.A, 0)

    before, version = key(), results.metadata.version
    monkeypatch.setattr(results.metadata, "version", lambda name: "0.0" if name == library else version(name))
    other = key()

    def absent(name):
        raise results.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(results.metadata, "version", absent)
    assert len({before, other, key()}) == 3

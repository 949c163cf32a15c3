"""The judge on a released assignment: honest, broken and hostile submissions, in the jail."""

import dataclasses
import json

import pytest

from autograder import ids, judge, results, sample
from autograder.authoring import known
from autograder.checks.answers import variant_of
from autograder.course import Course, Release
from autograder.sandbox.jail import Level, open_sandbox
from autograder.sandbox.launch import SCRATCH
from autograder.submission import Submission

jail = pytest.mark.jail


def earned(course, sandbox, cells):
    judged = judge.judge(course.release("ridge"), Submission("0" * 64, cells), 3, sandbox)
    return {task: j.verdict.earned for task, j in judged.items()}, judged


@jail
def test_the_reference_has_full_marks(course, sandbox, cells):
    points, judged = earned(course, sandbox, cells)
    assert set(points.values()) == {1.0}, judged


@jail
def test_a_blank_notebook_scores_nothing(course, sandbox, cells):
    tasks = course.release("ridge").chapter.tasks
    blank = {t.id: f"# task: {t.id}\n{t.imports}\n\n{t.stub}" if t.object else "answer = None" for t in tasks}
    points, _ = earned(course, sandbox, blank)
    assert set(points.values()) == {0.0}
    points, _ = earned(course, sandbox, {})
    assert set(points.values()) == {0.0}


@jail
def test_a_mistake_is_punished_once_and_named(course, sandbox, cells):
    mutant = next(m for m in known.mutants("ridge.filter_factors") if m.name == "lam-not-times-n")
    points, judged = earned(course, sandbox, cells | {"ridge.filter_factors": mutant.cell})
    assert points.pop("ridge.filter_factors") < 1.0
    assert set(points.values()) == {1.0}
    assert "lam-not-times-n" in [d.name for d in judged["ridge.filter_factors"].verdict.diagnoses]
    assert judged["ridge.svd_path"].run == judge.HELPED
    assert "ridge.filter_factors" in judged["ridge.svd_path"].verdict.notes[-1]


@jail
def test_a_mistake_is_punished_once_in_whatever_module_the_tasks_live(course, sandbox, cells):
    release, moved = course.release("ridge"), Release("ridge", course.release("ridge").folder)

    def there(target):
        return target.replace("ridge.", "elsewhere.")

    tasks = [
        dataclasses.replace(t, object=there(t.object), prerequisites=tuple(map(there, t.prerequisites)))
        for t in release.chapter.tasks
    ]
    chapter = dataclasses.replace(release.chapter, tasks=tuple(tasks))
    vars(moved).update(
        manifest=dataclasses.replace(release.manifest, chapters=(chapter,)),
        package=release.package
        | {"elsewhere.py": release.package["ridge.py"], "ridge.py": "from shrinkage.elsewhere import *\n"},
        reference={there(target): text for target, text in release.reference.items()},
    )
    mutant = next(m for m in known.mutants("ridge.filter_factors") if m.name == "lam-not-times-n")
    judged = judge.judge(moved, Submission("0" * 64, cells | {"ridge.filter_factors": mutant.cell}), 3, sandbox)
    assert judged["ridge.svd_path"].own < 1.0
    assert {task for task, found in judged.items() if not found.verdict.passed} == {"ridge.filter_factors"}


def test_what_a_later_assignment_asks_for_is_given_to_an_earlier_one_as_a_stub(course):
    release, later = course.release("ridge"), Release("ridge", course.release("ridge").folder)
    needed = {need for task in release.chapter.tasks for need in task.prerequisites}
    asked = next(task for task in release.chapter.tasks if task.object and task.object not in needed)
    first = dataclasses.replace(release.chapter, tasks=tuple(t for t in release.chapter.tasks if t != asked))
    second = dataclasses.replace(release.chapter, slug="after", tasks=(asked,))
    for chapters, given in (((first, second), False), ((second, first), True)):
        vars(later)["manifest"] = dataclasses.replace(release.manifest, chapters=chapters)
        text = judge.base_files(later)["ridge.py"]
        assert (release.reference[asked.object] in text) is given


@jail
def test_no_jail_holds_the_reference_of_the_task_it_judges(course, sandbox, cells, monkeypatch):
    """Every package handed to a jail is searched for the definitions it must not hold."""
    seen = []
    opened = type(sandbox).open
    monkeypatch.setattr(type(sandbox), "open", lambda self, files: seen.append(dict(files)) or opened(self, files))
    tasks = [t for t in course.release("ridge").chapter.tasks if t.object]
    stubs = {t.id: f"# task: {t.id}\n{t.imports}\n\n{t.stub}" for t in tasks}
    earned(course, sandbox, stubs)
    release = course.release("ridge")
    first = "\n".join(seen[0].values()) + "\n".join(seen[1].values())
    own = [release.reference[task.object] for task in tasks]
    for text in own:
        assert text not in first
    for files in seen[2:]:
        texts = "\n".join(files.values())
        assert release.reference["ridge.svd_path"] not in texts or release.reference["ridge.filter_factors"] in texts
        assert not all(text in texts for text in own)


AT_IMPORT = "def act():\n    {}\nMADE = act()\ndef closed_form(X, y, lam): return MADE\n"


@jail
@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%time\ndef closed_form(X, y, lam): pass", "line 1"),
        ("from __future__ import annotations\ndef closed_form(X, y, lam): pass", "__future__"),
        (AT_IMPORT.format("raise SystemExit"), "imported"),
        ("import no_such_module as m\ndef closed_form(X, y, lam): return m", "ModuleNotFoundError"),
        ("def filter_factors(d, n, lam): pass\ndef closed_form(X, y, lam): pass", "already in the package"),
        ("class Odd(Exception): pass\n" + AT_IMPORT.format("raise Odd"), "an exception of its own"),
        (AT_IMPORT.format("while True: pass"), "imported"),
    ],
)
def test_an_unusable_cell_costs_only_its_own_task(course, sandbox, cells, cell, said):
    points, judged = earned(course, sandbox, cells | {"ridge.closed_form": cell})
    assert points.pop("ridge.closed_form") == 0.0
    assert said in judged["ridge.closed_form"].verdict.refused
    assert set(points.values()) == {1.0}


@jail
def test_feedback_on_hidden_calls_repeats_nothing_the_student_chose(course, sandbox, cells):
    leak = (
        "class Leak(Exception):\n    pass\n\n\ndef closed_form(X, y, lam):\n"
        "    raise type('X%s' % X.shape[0], (Leak,), {})('lam is %r' % lam)\n"
    )
    _, judged = earned(course, sandbox, cells | {"ridge.closed_form": leak})
    told = json.dumps(dataclasses.asdict(judged["ridge.closed_form"].verdict))
    assert "lam is" not in told
    assert "exception of its own" in told


@jail
def test_the_same_submission_is_never_judged_twice(course, sandbox, cells, tmp_path, monkeypatch):
    own = Course(tmp_path / "course")
    own.create()
    (own.root / "judge").symlink_to(course.root / "judge")
    (own.root / "secret").write_bytes((course.root / "secret").read_bytes())
    student = next(f"s{i}" for i in range(1000) if variant_of(f"s{i}") == 0)
    path = own.submitted / student / "ridge" / "ridge.ipynb"
    path.parent.mkdir(parents=True)
    notebook = {
        "nbformat": 4,
        "cells": [
            {"cell_type": "code", "source": text, "metadata": {"nbgrader": {"grade_id": ids.cell(task)}}}
            for task, text in cells.items()
        ],
    }
    path.write_text(json.dumps(notebook))
    first = results.judge_submission(own, "ridge", student, sandbox)
    monkeypatch.setattr(type(sandbox), "open", lambda *_: pytest.fail("a stored result was judged again"))
    assert results.judge_submission(own, "ridge", student, sandbox).digest == first.digest
    assert sum(t.points for t in first.tasks) == sum(t.max_points for t in first.tasks if t.verdict)


def test_level_d_refuses_code_that_nobody_vouches_for(course, tmp_path, cells):
    own = Course(tmp_path / "course")
    own.create()
    (own.root / "judge").symlink_to(course.root / "judge")
    (own.root / "secret").write_bytes((course.root / "secret").read_bytes())
    path = own.submitted / "ada" / "ridge" / "ridge.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text('{"cells": []}')
    with pytest.raises(results.Untrusted, match="i-trust-this-code"):
        results.judge_submission(own, "ridge", "ada", open_sandbox(Level.D))


def test_the_sample_class_is_the_same_every_time(course, tmp_path):
    first = sample.make(course, "ridge", tmp_path / "a")
    assert first == sample.make(course, "ridge", tmp_path / "b")
    assert 0 < len(first) <= len(sample.STUDENTS)


@jail
def test_what_a_task_is_there_to_replace_cannot_be_used_for_it(course, sandbox, cells):
    cell = (
        "from shrinkage import ridge as other\n\n\ndef closed_form(X, y, lam):\n    return other.augmented(X, y, lam)\n"
    )
    points, judged = earned(course, sandbox, cells | {"ridge.closed_form": cell})
    assert points["ridge.closed_form"] == 0.0
    assert "there to replace" in judged["ridge.closed_form"].verdict.results[0].came_back


SMUGGLER = """
import sys


def attack():
    finder = next(f for f in sys.meta_path if hasattr(f, "get_source"))
    source = finder.get_source("shrinkage.ridge")
    sys.modules["autograder.sandbox.runner"]._changed = lambda marks, args: tuple(map(ord, source))


DONE = attack()


def with_intercept(X, y, lam):
    return X[0], 0.0, DONE
"""


@jail
def test_nothing_in_the_jail_of_a_second_run_reaches_the_verdict(course, sandbox, cells):
    """The reference of a prerequisite is in that jail; a forged list of changed arguments would spell it out."""
    wrong = "def closed_form(X, y, lam):\n    return X[0]\n"
    _, judged = earned(course, sandbox, cells | {"ridge.closed_form": wrong, "ridge.with_intercept": SMUGGLER})
    verdict = judged["ridge.with_intercept"].verdict
    assert verdict.earned == 0.0
    assert len(json.dumps(dataclasses.asdict(verdict))) < 20_000


@jail
def test_a_cell_made_to_break_its_reader_costs_its_own_task(course, sandbox, cells):
    broken = ["x = [" + "0, " * 40_000 + "]\n", "if 0: pass\n" + "elif 0: pass\n" * 2_000]
    for text in broken:
        cell = text + "def closed_form(X, y, lam):\n    return X[0]\n"
        points, _ = earned(course, sandbox, cells | {"ridge.closed_form": cell})
        assert points.pop("ridge.closed_form") < 0.5
        assert set(points.values()) == {1.0}


@jail
def test_a_hidden_input_cannot_be_left_for_the_answer_cell(course, sandbox, cells):
    left = f"{SCRATCH}/d"
    leave = f"def filter_factors(d, n, lam):\n    open({left!r}, 'w').write(repr(list(d)))\n    return d\n"
    read = f"answer = open({left!r}).read()\n"
    _, judged = earned(course, sandbox, cells | {"ridge.filter_factors": leave, "ridge.zeros": read})
    assert "FileNotFoundError" in judged["ridge.zeros"].verdict.results[0].came_back


def test_checks_that_the_case_sets_were_not_drawn_for_are_refused(course, monkeypatch):
    release = course.release("ridge")
    results.require_current(release)
    now = results.stamps("ridge")
    monkeypatch.setattr(results, "stamps", lambda assignment: now | {"ridge.closed_form": "edited since"})
    with pytest.raises(results.Stale, match="closed_form have changed"):
        results.require_current(release)

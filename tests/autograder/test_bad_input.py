"""Whatever one student hands in, and whatever the machine does, nobody else loses a point or a grade."""

import errno
import io
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

import pytest
from rich.console import Console
from rich.progress import Progress

from autograder import attempts, gradebook, grading, ids, results, roster, sample
from autograder.collect import collect
from autograder.course import Course, write_atomically
from autograder.dry_run import judged, show
from autograder.errors import Foreseen
from autograder.files import not_written
from autograder.lock import alone
from autograder.sample.damage import HUGE, by_id

pytestmark = pytest.mark.jail
GOOD = ("ada", "ben", "zoe")
TASK = "ridge.closed_form"
SETS = b'[ridge]\ntasks = ["closed_form"]\n'


def released(course):
    return json.loads((course.released / "ridge" / "ridge.ipynb").read_text(encoding="utf-8"))


def solved(course, student="x"):
    notebook = released(course)
    sample.whole(notebook, course.release("ridge").manifest, "ridge", student)
    return json.dumps(notebook).encode()


def grade(course):
    """Grade in this process; whether it went well, and what an instructor saw."""
    seen = io.StringIO()
    console = Console(file=seen, width=400)
    well = grading.grade(
        course, "ridge", trust=False, workers=2, out=console, err=console, bar=lambda: Progress(disable=True)
    )
    return well, seen.getvalue()


def scores(course):
    return {s.student: s.score for s in gradebook.scores(course, "ridge")}


@pytest.fixture(scope="module")
def calm(sandbox, tmp_path_factory, release_in):
    """Three good students, graded, in a course that sets one task, so that little is judged."""
    own = Course(tmp_path_factory.mktemp("calm") / "course")
    own.create()
    write_atomically(own.root / "offering.toml", SETS)
    release_in(own, "ridge")
    inbox = own.root.parent / "inbox"
    for student in GOOD:
        write_atomically(inbox / student / "ridge.ipynb", solved(own, student))
    assert [item.problem for item in collect(own, "ridge", inbox)] == ["", "", ""]
    well, said = grade(own)
    assert well, said
    assert set(scores(own)) == set(GOOD)
    assert min(scores(own).values()) > 0
    return own


@pytest.fixture
def copy(calm, tmp_path):
    """The graded class, to spoil."""
    shutil.copytree(calm.root, tmp_path / "course")
    return Course(tmp_path / "course")


def bad(course):
    """Files by student, and what they do not hold: every way to hand in something else than a notebook."""
    text = solved(course)
    nb = json.loads(text)
    nbid = ids.cell(TASK)

    def changed(change):
        made = json.loads(text)
        change(made, by_id(made))
        return json.dumps(made).encode()

    def retyped(made, cells):
        cells[nbid]["cell_type"] = "markdown"
        cells[f"{nbid}--check"]["cell_type"] = "raw"

    def odd(made, cells):
        values = (None, [], "x", 7, {"grade_id": ["a"]}, {"a": "b" * 9999})
        for value in values:
            made["cells"].insert(1, {"cell_type": "code", "source": "1", "metadata": {"nbgrader": value}})
        cells[f"{nbid}--check"]["metadata"]["nbgrader"].update(points=1e9, schema_version=99)

    def lost(made, cells):
        for cell in made["cells"]:
            cell["metadata"], cell["id"] = {}, "a"

    def unknown(made, cells):
        made["cells"].append({"cell_type": "code", "source": "# task: ridge.nonsense\n1", "metadata": {}})

    return {
        "empty": b"",
        "cut": text[: text.index(b'"ridge--closed_form--check"')],
        "pdf": b"%PDF-1.7 ...",
        "page": b"<!DOCTYPE html><html></html>",
        "script": b"import numpy as np\n",
        "zipped": b"PK\x03\x04....",
        "list": b"[1, 2]",
        "old": json.dumps({"nbformat": 3, "worksheets": [{"cells": nb["cells"]}]}).encode(),
        "utf16": json.dumps(nb).encode("utf-16"),
        "nan": changed(lambda made, cells: made["metadata"].update(x=float("nan"))),
        "twice": changed(lambda made, cells: made["cells"].insert(3, cells[f"{nbid}--check"])),
        "deleted": changed(lambda made, cells: made["cells"].remove(cells[f"{nbid}--check"])),
        "reversed": changed(lambda made, cells: made["cells"].reverse()),
        "retyped": changed(retyped),
        "odd": changed(odd),
        "lost": changed(lost),
        "unknown": changed(unknown),
    }


@pytest.fixture(scope="module")
def spoilt(calm, tmp_path_factory):
    """The class with everybody's bad luck in it: what `collect` found, what `grade` said, the scores."""
    folder = tmp_path_factory.mktemp("spoilt")
    shutil.copytree(calm.root, folder / "course")
    own, inbox = Course(folder / "course"), folder / "inbox"
    for student, data in bad(own).items():
        write_atomically(inbox / student / "ridge.ipynb", data)
    write_atomically(inbox / "renamed" / "ridge (1).ipynb", solved(own))
    write_atomically(inbox / "other" / "essay.ipynb", b'{"nbformat": 4, "cells": []}')
    write_atomically(inbox / "missing" / "note.txt", b"on my other computer")
    (inbox / "nothing").mkdir()
    write_atomically(inbox / "huge" / "ridge.ipynb", b"{")
    with open(inbox / "huge" / "ridge.ipynb", "r+b") as file:
        file.truncate(HUGE)
    found = {item.student: item for item in collect(own, "ridge", inbox)}
    well, said = grade(own)
    return found, well, said, scores(own)


def test_nobody_else_loses_anything(calm, spoilt):
    _, well, said, found = spoilt
    assert well, said
    assert {s: found[s] for s in GOOD} == scores(calm)


@pytest.mark.parametrize(("student", "said"), [
    ("missing", "no notebook; found note.txt, and ridge.ipynb is needed"),
    ("nothing", "no notebook; its folder is empty, and should hold ridge.ipynb"),
    ("other", "no notebook; essay.ipynb holds no cell of 'ridge'"),
    ("huge", "200 MB; the limit is 20 MB"),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_name(spoilt, student, said):
    found, _, _, marks = spoilt
    assert found[student].problem == said
    assert student not in marks


@pytest.mark.parametrize(("student", "said"), [
    ("empty", "the file is empty"),
    ("pdf", "not a notebook, but a PDF; the .ipynb file itself is needed"),
    ("page", "not a notebook, but a web page; the .ipynb file itself is needed"),
    ("script", "not a notebook, but a script or a text; the .ipynb file itself is needed"),
    ("zipped", "not a notebook, but a zip archive; the .ipynb file itself is needed"),
    ("list", "not a notebook (it holds no list of cells)"),
])  # fmt: skip
def test_what_is_no_notebook_is_kept_named_twice_and_scores_nothing(spoilt, student, said):
    found, _, printed, marks = spoilt
    assert found[student].notes == (f"{said}; it is kept, and will have no points",)
    assert f"{student} (ridge.ipynb): {said}\n" in printed
    assert marks[student] == 0


@pytest.mark.parametrize(("student", "said"), [
    ("cut", "the file is damaged or cut off; only its first "),
    ("old", "the file is of notebook format 3, not 4; its cells were read as they stand"),
    ("utf16", ""),
    ("nan", ""),
    ("renamed", ""),
    ("twice", "the graded cell of ridge.closed_form occurs more than once; the released one is used"),
    ("deleted", ""),
    ("reversed", ""),
    ("retyped", "the cell of ridge.closed_form was of type markdown; it counts as code"),
    ("odd", ""),
    ("lost", "the cell of ridge.closed_form had lost its id; it was recognised by its first line"),
    ("unknown", "a cell names the task ridge.nonsense, which is not in this assignment; it costs nothing"),
])  # fmt: skip
def test_what_can_be_put_right_is_put_right_and_reported(calm, spoilt, student, said):
    _, _, printed, marks = spoilt
    assert marks[student] == min(scores(calm).values())
    if said:
        assert f"{student} (ridge.ipynb): {said}" in printed


def test_a_better_attempt_counts_where_the_best_one_does_and_the_last_otherwise(copy, tmp_path):
    write_atomically(copy.root / "offering.toml", b'attempts = "best"\n' + SETS)
    path = tmp_path / "inbox" / "ada" / "ridge.ipynb"
    write_atomically(path, json.dumps(released(copy)).encode())
    before = scores(copy)
    collect(copy, "ridge", tmp_path / "inbox")
    _, printed = grade(copy)
    assert scores(copy) == before
    assert "ada: attempt 1 of 2 counts, the best (ridge.ipynb, handed in " in printed
    write_atomically(copy.root / "offering.toml", b'attempts = "last"\n' + SETS)
    _, printed = grade(copy)
    assert scores(copy) == {**before, "ada": 0.0}
    assert "ada: attempt 2 of 2 counts, the last (ridge.ipynb, handed in " in printed


def test_the_best_is_the_best_after_what_lateness_costs(copy, tmp_path):
    (first,) = attempts.of(copy, "ridge", "ada")
    due = f"{first.handed_in - timedelta(hours=1):%Y-%m-%d %H:%M:%SZ}"
    rule = 'attempts = "best"\nlate = "zero after the deadline"\n' + SETS.decode() + f"due = {due}\n"
    write_atomically(copy.root / "offering.toml", rule.encode())
    path = tmp_path / "inbox" / "ada" / "ridge.ipynb"
    write_atomically(path, json.dumps(released(copy)).encode())
    os.utime(path, (first.handed_in.timestamp() + 60,) * 2)
    collect(copy, "ridge", tmp_path / "inbox")
    _, printed = grade(copy)
    # Both are worth nothing now: of equals the later counts.
    assert "ada: attempt 2 of 2 counts, the best" in printed


def test_a_student_who_is_not_on_the_class_list_is_named_and_not_graded(copy, tmp_path):
    (tmp_path / "class.csv").write_text("student_id,name\nada,Ada A\nben,Ben B\nzoe,Zoe Z\n")
    roster.take(copy, tmp_path / "class.csv")
    write_atomically(tmp_path / "inbox" / "eve" / "ridge.ipynb", json.dumps(released(copy)).encode())
    (item,) = collect(copy, "ridge", tmp_path / "inbox")
    assert item.who == "eve (ridge.ipynb)"
    assert item.problem.startswith("not taken, because nobody on the class list is 'eve'; give --map names.csv")
    before = scores(copy)
    grade(copy)
    assert scores(copy) == before


def test_a_second_grade_at_the_same_time_is_told_so(copy):
    with alone(copy), pytest.raises(Foreseen, match="another 'grade' or 'collect' is running"):
        grade(copy)
    assert grade(copy)[0]


@contextmanager
def mounted(folder, *options):
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def ungraded(course):
    """The class with its results, and no grade in its gradebook."""
    shutil.rmtree(course.autograded)
    with closing(sqlite3.connect(course.root / "gradebook.db")) as db:
        db.execute("delete from submitted_assignment")
        db.execute("delete from submitted_notebook")
        db.execute("delete from grade")
        db.execute("delete from comment")
        db.commit()


def test_on_a_full_disk_nothing_is_lost_and_the_next_run_completes(calm, copy, tmp_path):
    ungraded(copy)
    size = sum(path.stat().st_size for path in copy.root.rglob("*") if path.is_file())
    full = tmp_path / "full"
    full.mkdir()
    with mounted(full, "-t", "tmpfs", "-o", f"size={2 * size + (8 << 20)}", "tmpfs"):
        shutil.copytree(copy.root, full / "course")
        own, filler = Course(full / "course"), full / "filler"
        filler.write_bytes(b"\0" * (shutil.disk_usage(full).free - 8192))
        with pytest.raises(Foreseen, match="the disk is full; make room"):
            grade(own)
        filler.unlink()
        assert grade(own)[0]
        assert scores(own) == scores(calm)


def test_results_that_cannot_be_stored_stop_the_run_with_the_cure(calm, copy, monkeypatch):
    shutil.rmtree(copy.results)
    store = results.write_atomically

    def full(path, data, mode=0o644):
        raise not_written(path, OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr(results, "write_atomically", full)
    with pytest.raises(Foreseen, match="the disk is full; make room on it and type the same command again"):
        grade(copy)
    monkeypatch.setattr(results, "write_atomically", store)
    assert grade(copy)[0]
    assert scores(copy) == scores(calm)


def test_a_read_only_course_is_said_to_be_one(copy):
    with mounted(copy.root, "--bind", str(copy.root)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(copy.root)], check=True)
        with pytest.raises(Foreseen, match="Read-only file system"):
            grade(copy)
    assert grade(copy)[0]


def test_a_locked_gradebook_keeps_what_was_judged(calm, copy, monkeypatch):
    ungraded(copy)
    monkeypatch.setattr("autograder.gradebook_file.BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(copy.root / "gradebook.db")) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Foreseen, match="another program has been writing to it"):
            grade(copy)
    assert grade(copy)[0]
    assert scores(copy) == scores(calm)


def test_one_submission_that_cannot_be_written_holds_up_nobody(calm, copy, monkeypatch):
    ungraded(copy)
    commit = gradebook.commit

    def picky(course, found):
        if any(result.student == "ben" for result in found):
            raise ZeroDivisionError("ben")
        commit(course, found)

    monkeypatch.setattr(gradebook, "commit", picky)
    well, printed = grade(copy)
    assert not well
    assert "ben: could not be written: ZeroDivisionError: ben" in printed
    assert scores(copy) == {s: v for s, v in scores(calm).items() if s != "ben"}


def test_a_clock_that_jumps_back_changes_no_grade(calm, copy, tmp_path, monkeypatch):
    class Earlier(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - timedelta(hours=1)

    path = tmp_path / "inbox" / "ada" / "ridge.ipynb"
    write_atomically(path, solved(copy, "ada") + b"\n")
    monkeypatch.setattr("autograder.collect.datetime", Earlier)
    (item,) = collect(copy, "ridge", tmp_path / "inbox")
    assert "cannot be right; the time of collecting is used instead" in item.notes[0]
    monkeypatch.undo()
    assert grade(copy)[0]
    assert scores(copy) == scores(calm)


def test_a_dry_run_writes_nothing_and_says_what_grade_would(calm, copy, tmp_path):
    before = {p: p.stat().st_mtime_ns for p in copy.root.rglob("*")}
    path = tmp_path / "any name.ipynb"
    path.write_bytes(solved(copy, "ada"))
    result = judged(copy, "ridge", path, "ada")
    seen = io.StringIO()
    show(copy, result, Console(file=seen, width=200))
    assert sum(task.points for task in result.tasks) == scores(calm)["ada"]
    assert "nothing has been written" in seen.getvalue()
    assert {p: p.stat().st_mtime_ns for p in copy.root.rglob("*")} == before

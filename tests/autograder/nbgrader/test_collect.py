"""Only plain files of plausible students are taken; each refusal names student and file."""

import os
import shutil

import pytest

from autograder import attempts, nbgrader_run
from autograder.collect import collect
from autograder.errors import Foreseen

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
WHEN = 1_788_264_000


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()

    def put(name, data=NOTEBOOK):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (WHEN, WHEN))
        return path

    put.folder = folder
    return put


def test_every_way_to_hand_in_is_taken(classroom, inbox):
    for name in ("ada/ridge.ipynb", "ben.ipynb", "chloé_ridge.ipynb", "d.dan-2@uni.edu/ridge.ipynb"):
        inbox(name)
    taken = collect(classroom.course, "ridge", inbox.folder)
    assert [(t.student, t.problem) for t in taken] == [
        ("ada", ""),
        ("ben", ""),
        ("chloé", ""),
        ("d.dan-2@uni.edu", ""),
    ]
    assert all(t.path.read_bytes() == NOTEBOOK for t in taken)
    assert set(classroom.course.submissions("ridge")) == {t.student for t in taken}
    with nbgrader_run.open_gradebook(classroom.course.root) as book:
        assert {s.id for s in book.students} == {t.student for t in taken}


def test_the_time_is_the_files_own_and_never_one_claimed_in_the_submission(classroom, inbox):
    inbox("ada/ridge.ipynb")
    inbox("ada/timestamp.txt", b"1999-01-01 00:00:00 UTC")
    found = collect(classroom.course, "ridge", inbox.folder)
    (taken,) = found
    assert "timestamp.txt beside a notebook is not believed: anybody can write one" in found.remarks
    assert taken.path.with_name("timestamp.txt").read_text() == "2026-09-01 12:00:00.000000 UTC\n"


def test_collecting_again_changes_nothing_and_a_new_version_replaces_the_old(classroom, inbox):
    inbox("ada/ridge.ipynb")
    (taken,) = collect(classroom.course, "ridge", inbox.folder)
    before = taken.path.stat().st_mtime_ns
    collect(classroom.course, "ridge", inbox.folder)
    assert taken.path.stat().st_mtime_ns == before
    inbox("ada/ridge.ipynb", NOTEBOOK + b"\n")
    collect(classroom.course, "ridge", inbox.folder)
    assert taken.path.read_bytes() == NOTEBOOK + b"\n"


@pytest.mark.parametrize(
    "name",
    ["a\u202eda", "a\nda", "x..", "-rf", "a*", "a[b]", "a,b", "~", "a" * 65, "ada ", "a\x1b[2Jb", "a\udcffb", "_"],
)
def test_a_name_that_is_no_students_is_refused_and_the_others_go_on(classroom, inbox, name):
    inbox("ben/ridge.ipynb")
    inbox(f"{name}_ridge.ipynb")
    refused = [t for t in collect(classroom.course, "ridge", inbox.folder) if t.problem]
    assert len(refused) == 1
    assert refused[0].problem.startswith("not taken, because this cannot be a student's name")
    assert refused[0].file.endswith("_ridge.ipynb") or len(name) > 60
    assert (refused[0].problem + refused[0].who).isprintable()
    assert set(classroom.course.submissions("ridge")) == {"ben"}


def test_links_are_refused(classroom, inbox, tmp_path):
    secret = tmp_path / "secret"
    (secret / "deep").mkdir(parents=True)
    (secret / "ridge.ipynb").write_bytes(b"the secret")
    inbox("ada/other.txt")
    os.symlink(secret / "ridge.ipynb", inbox.folder / "ada" / "ridge.ipynb")
    os.symlink(secret / "ridge.ipynb", inbox.folder / "ben.ipynb")
    os.symlink(secret, inbox.folder / "chloe")
    taken = collect(classroom.course, "ridge", inbox.folder)
    assert [t.student for t in taken] == ["ada", "ben", "chloe"]
    assert all("links are not followed" in t.problem for t in taken)
    assert classroom.course.submissions("ridge") == {}


def test_what_is_no_file_too_large_or_missing_is_refused_by_name(classroom, inbox):
    inbox("ada/other.txt")
    (inbox.folder / "ben" / "ridge.ipynb").mkdir(parents=True)
    (inbox.folder / "chloe").mkdir()
    os.mkfifo(inbox.folder / "chloe" / "ridge.ipynb")
    inbox("dan/ridge.ipynb", b" " * ((20 << 20) + 1))
    taken = {t.student: f"{t.file}: {t.problem}" for t in collect(classroom.course, "ridge", inbox.folder)}
    assert set(taken) == {"ada", "ben", "chloe", "dan"}
    assert all("ridge.ipynb" in problem for problem in taken.values())
    assert "the limit is 20 MB" in taken["dan"]
    assert classroom.course.submissions("ridge") == {}


def test_two_submissions_of_one_student_are_two_attempts(classroom, inbox):
    inbox("ada/ridge.ipynb")
    os.utime(inbox("ada_ridge.ipynb", NOTEBOOK + b" "), (WHEN + 60, WHEN + 60))
    taken = list(collect(classroom.course, "ridge", inbox.folder))
    assert [t.problem for t in taken] == ["", ""]
    assert taken[0].path.read_bytes() == NOTEBOOK + b" "
    kept = attempts.of(classroom.course, "ridge", "ada")
    assert [a.path.read_bytes() for a in kept] == [NOTEBOOK, NOTEBOOK + b" "]


@pytest.fixture
def of_two(classroom):
    """A course that has released lasso as well."""
    folder = classroom.course.root / "judge"
    shutil.copytree(folder / "ridge", folder / "lasso")
    assert set(classroom.course.assignments()) == {"ridge", "lasso"}
    return classroom.course


def test_a_notebook_that_cannot_be_read_is_refused_for_its_own_assignment_only(of_two, inbox):
    inbox("ada/ridge.ipynb")
    os.symlink(inbox("elsewhere.txt"), inbox.folder / "ada" / "lasso.ipynb")
    assert [(t.student, t.problem) for t in collect(of_two, "ridge", inbox.folder)] == [("ada", "")]
    (refused,) = collect(of_two, "lasso", inbox.folder)
    assert (refused.student, refused.file) == ("ada", "lasso.ipynb")
    assert "links are not followed" in refused.problem
    assert of_two.submissions("lasso") == {}


def test_a_flat_folder_of_two_assignments_is_collected_for_each(of_two, inbox):
    for name in ("ada_ridge", "ada_lasso", "ben-Lasso (1)"):
        inbox(f"{name}.ipynb")
    assert [t.student for t in collect(of_two, "ridge", inbox.folder)] == ["ada"]
    assert [t.student for t in collect(of_two, "lasso", inbox.folder)] == ["ada", "ben"]


def test_a_flat_file_of_the_wrong_name_is_taken_for_what_its_cells_are(of_two, inbox):
    cells = b'{"cells": [{"cell_type": "code", "source": "# task: ridge.closed_form", "metadata": {}}], "nbformat": 4}'
    inbox("ada_lasso.ipynb", cells)
    (taken,) = collect(of_two, "ridge", inbox.folder)
    assert (taken.student, taken.problem) == ("ada", "")


def test_other_files_are_passed_over(classroom, inbox):
    for name in (".DS_Store", "__MACOSX/x", "list.csv", ".ipynb_checkpoints/ada.ipynb"):
        inbox(name)
    assert list(collect(classroom.course, "ridge", inbox.folder)) == []


def test_a_folder_that_is_not_there_is_named(classroom, tmp_path):
    with pytest.raises(Foreseen, match="nowhere is not a folder"):
        collect(classroom.course, "ridge", tmp_path / "nowhere")

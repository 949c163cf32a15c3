"""A gradebook that cannot be used is said in one sentence with its cure, and nothing in it is lost."""

import sqlite3
import threading
from contextlib import closing
from datetime import date

import pytest

from autograder import files, gradebook, gradebook_file, nbgrader_run
from autograder.course import Course
from autograder.errors import Foreseen, sentence
from autograder.files import NotWritten, write_atomically
from autograder.gradebook_file import GradebookTrouble


@pytest.fixture
def graded(classroom):
    """A course with one graded student and the day's copy of its gradebook."""
    classroom.hand_in("ada")
    gradebook.commit(classroom.course, [classroom.result("ada")])
    gradebook.keep_copy(classroom.course)
    return classroom


def database(course):
    return course.root / "gradebook.db"


def commit_again(graded):
    graded.hand_in("ben")
    gradebook.commit(graded.course, [graded.result("ben")])


def hurt(path, text):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(text)
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda p: p.unlink(), "is missing, although ada has been graded; put the newest copy"),
        (lambda p: p.write_bytes(b""), "is empty, although ada has been graded; put the newest copy"),
        (lambda p: p.write_bytes(b"no database, " * 500), "damaged (file is not a database); move it away, put the"),
        (lambda p: p.write_bytes(p.read_bytes()[:8192] + b"\xff" * 60_000), "damaged"),
        (lambda p: hurt(p, "UPDATE alembic_version SET version_num = 'ffffffffffff'"), "made by a newer nbgrader"),
        (lambda p: hurt(p, "UPDATE alembic_version SET version_num = '282d30a0218e'"), "run 'nbgrader db upgrade'"),
    ],
)
def test_a_spoilt_gradebook_is_named_with_its_cure_and_left_as_it_is(graded, spoil, said):
    path = database(graded.course)
    spoil(path)
    before = path.exists() and path.read_bytes()
    with pytest.raises(GradebookTrouble) as refused:
        commit_again(graded)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert (path.exists() and path.read_bytes()) == before


def test_the_named_copy_brings_back_what_a_person_gave(graded):
    path, copy = database(graded.course), max((graded.course.root / gradebook_file.COPIES).glob("*.db"))
    assert copy.stat().st_mode & 0o077 == 0
    before = gradebook.scores(graded.course, "ridge")
    path.write_bytes(b"no database, " * 500)
    path.unlink()
    copy.rename(path)
    assert gradebook.scores(graded.course, "ridge") == before


def test_a_copy_a_day_is_kept_and_only_so_many(graded, monkeypatch):
    course, url = graded.course, nbgrader_run.course_directory(graded.course.root).db_url
    monkeypatch.setattr(gradebook_file, "KEPT", 3)
    days = [date(2030, 1, d) for d in range(1, 6)]
    made = [gradebook_file.keep_copy(url, course.root, day) for day in days]
    assert [p for p in made if p.exists()] == made[2:]
    last = made[-1].stat().st_mtime_ns
    assert gradebook_file.keep_copy(url, course.root, days[-1]).stat().st_mtime_ns == last
    commit_again(graded)
    assert gradebook_file.keep_copy(url, course.root, days[-1]).stat().st_mtime_ns > last
    # A damaged one pushes no sound copy out.
    path = database(course)
    path.write_bytes(path.read_bytes()[:8192] + b"\xff" * 60_000)
    with pytest.raises(GradebookTrouble, match="damaged"):
        gradebook_file.keep_copy(url, course.root, date(2030, 2, 1))
    assert made[-1].exists()
    assert not (course.root / gradebook_file.COPIES / "2030-02-01.db").exists()


def test_a_gradebook_held_by_another_program_is_said_after_waiting(graded, monkeypatch):
    monkeypatch.setattr(gradebook_file, "BUSY_SECONDS", 0.2)
    before = gradebook.scores(graded.course, "ridge")
    with closing(sqlite3.connect(database(graded.course), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookTrouble, match="another program has been writing to it"):
            commit_again(graded)
        with pytest.raises(GradebookTrouble, match="close what uses the gradebook"):
            gradebook.feedback(graded.course, "ridge", ["ada"])
        other.execute("ROLLBACK")
    assert gradebook.scores(graded.course, "ridge") == before
    commit_again(graded)


def test_a_short_hold_is_waited_for(graded):
    other = sqlite3.connect(database(graded.course), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("ROLLBACK"))
    release.start()
    commit_again(graded)
    release.join()
    other.close()
    assert [s.student for s in gradebook.scores(graded.course, "ridge")] == ["ada", "ben"]


def test_a_database_that_only_takes_reading_is_said(graded, monkeypatch):
    url = f"sqlite:///file:{database(graded.course)}?mode=ro&uri=true"
    monkeypatch.setattr(Course, "db_url", url)
    with pytest.raises(GradebookTrouble, match="cannot be written; give yourself the right"):
        commit_again(graded)


@pytest.mark.parametrize(
    ("url", "said"),
    [("nonsense", "nbgrader_config.py: db_url 'nonsense' cannot be used"), ("sqlite:////no/x.db", "cannot be opened")],
)
def test_a_database_that_cannot_be_opened_is_said(classroom, monkeypatch, url, said):
    monkeypatch.setattr(Course, "db_url", url)
    with pytest.raises(GradebookTrouble, match=said):
        gradebook.scores(classroom.course, "ridge")


@pytest.mark.parametrize(("number", "said"), [(28, "the disk is full"), (30, "read-only"), (13, "you may not write")])
def test_a_write_that_fails_leaves_the_file_and_says_what_to_do(tmp_path, monkeypatch, number, said):
    path = tmp_path / "kept"
    path.write_bytes(b"before")

    def refuse(handle):
        raise OSError(number, "refused")

    monkeypatch.setattr(files.os, "fsync", refuse)
    with pytest.raises(NotWritten) as refused:
        write_atomically(path, b"after")
    assert isinstance(refused.value, Foreseen)
    assert isinstance(refused.value, OSError)
    assert sentence(refused.value).startswith(f"{path}: ")
    assert said in sentence(refused.value)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("kept", b"before")]

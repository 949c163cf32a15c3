"""Grading killed at any moment and started again ends in the gradebook of an undisturbed run."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from autograder import sample
from autograder.collect import collect
from autograder.course import Course, write_atomically

pytestmark = pytest.mark.jail


@pytest.fixture(scope="module")
def course(tmp_path_factory, release_in):
    """A course that sets two tasks, so that there is little to judge."""
    own = Course(tmp_path_factory.mktemp("course") / "course")
    own.create()
    write_atomically(own.root / "offering.toml", b'[ridge]\ntasks = ["closed_form", "filter_factors"]\n')
    release_in(own, "ridge")
    return own


CLASS = ("ada", "chidi", "goran", "mallory")


def handed_in(course, folder):
    """A copy of the released course with four of the sample class collected and nothing graded."""
    shutil.copytree(course.root, folder)
    own, inbox = Course(folder), folder.parent / f"inbox-{folder.name}"
    sample.make(own, "ridge", inbox)
    for path in inbox.iterdir():
        if path.name not in CLASS:
            shutil.rmtree(path)
    collect(own, "ridge", inbox)
    return own


def start(course):
    command = [sys.executable, "-m", "autograder.cli", "grade", "ridge", "--course", str(course.root)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def gradebook(course):
    """Every score in the gradebook, by student and cell."""
    query = """
        select student.id, base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade
        from grade
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        join student on submitted_assignment.student_id = student.id
        join base_cell on grade.cell_id = base_cell.id
        order by 1, 2
    """
    with closing(sqlite3.connect(course.root / "gradebook.db")) as connection:
        return connection.execute(query).fetchall()


def autograded(course):
    return sorted(p.relative_to(course.autograded) for p in course.autograded.rglob("*.ipynb"))


def test_a_killed_run_is_completed_by_the_next(course, sandbox, tmp_path):
    calm, shaken = handed_in(course, tmp_path / "calm"), handed_in(course, tmp_path / "shaken")
    began = time.monotonic()
    assert start(calm).wait() == 0
    took = time.monotonic() - began
    whole = gradebook(calm)
    assert {student for student, *_ in whole} == set(CLASS)

    moments = random.Random(4)
    for share, how in ((0.3, signal.SIGKILL), (0.5, signal.SIGINT), (0.7, signal.SIGKILL), (0.9, signal.SIGINT)):
        run = start(shaken)
        time.sleep(took * share * moments.uniform(0.8, 1.2))
        run.send_signal(how)
        said = run.communicate()[1]
        # Stopped by hand it says so; that it was finished already is no fault either, nor that it had not begun.
        assert run.returncode in (-how, 130, 0)
        assert run.returncode != 130 or "the same command goes on from here" in said
    assert start(shaken).wait() == 0
    assert gradebook(shaken) == whole
    assert autograded(shaken) == autograded(calm)


def test_grading_again_changes_nothing(course, sandbox, tmp_path):
    own = handed_in(course, tmp_path / "own")
    assert start(own).wait() == 0
    before = gradebook(own), {p: p.stat().st_mtime_ns for p in own.autograded.rglob("*.ipynb")}
    assert start(own).wait() == 0
    assert before == (gradebook(own), {p: p.stat().st_mtime_ns for p in own.autograded.rglob("*.ipynb")})

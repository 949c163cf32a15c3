"""A released course, the jail, and the reference as a student's cells."""

import os
import subprocess
import sys

import pytest

from autograder import paths
from autograder.authoring import known
from autograder.course import Course
from autograder.sandbox.jail import Level, open_sandbox, probe


@pytest.fixture(scope="session")
def release_in():
    """A function of a course and a slug that releases as an instructor does, in a process of its own.

    What a task forbids is refused anew at every call that draws a case set, and that takes many times longer
    in a process in which other tests have imported those libraries.
    """

    def release(course, slug):
        done = subprocess.run(
            [sys.executable, "-m", "autograder.cli", "release", slug, "--course", str(course.root)],
            cwd=paths.ROOT,
            env=os.environ | {"PYTHONPATH": f"{paths.ROOT}:{paths.SOLUTIONS}"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return release


@pytest.fixture(scope="session")
def released(once, release_in):
    """A function of a slug: the course in which that chapter is released, made once; it is only read afterwards."""

    def course(slug):
        return Course(once(f"course-{slug}", lambda folder: release_in(Course(folder / "course"), slug)) / "course")

    return course


@pytest.fixture(scope="session")
def course(released):
    return released("ridge")


@pytest.fixture(scope="session")
def sandbox():
    if probe().level is not Level.A:
        pytest.skip(f"no jail on this machine: {probe().details}")
    return open_sandbox(Level.A)


@pytest.fixture
def cells(course):
    """The reference as cells, with right answers for the first variant."""
    release = course.release("ridge")
    found = {}
    for task in release.chapter.tasks:
        if task.id in release.keys:
            key = release.keys[task.id]
            found[task.id] = f"# task: {task.id}\nanswer = {key[0] if task.parameters else key!r}\n"
        elif task.kind != "explain":
            found[task.id] = known.reference_cell(task)
    return found

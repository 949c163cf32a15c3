"""A released course, the jail, and the reference as a student's cells."""

import pytest

from autograder.authoring import assemble, known
from autograder.course import Course
from autograder.sandbox.jail import Level, open_sandbox, probe


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A released course, made once: it is only read afterwards."""
    found = Course(tmp_path_factory.mktemp("course") / "course")
    assemble.release(found, "ridge")
    return found


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

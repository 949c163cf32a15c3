"""Running nbgrader's own converters in process, with the course's settings and without their chatter."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DatabaseError
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder import gradebook_file
from autograder.errors import Foreseen
from autograder.files import refused


class NbgraderFailed(Foreseen):
    """A command of nbgrader failed; the message holds what it logged."""


def find_tools() -> None:
    """A new gradebook runs `alembic` from PATH: put this environment's programs there."""
    here, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = here + os.pathsep + path


def settings(course: Path) -> Config:
    """The course's ``nbgrader_config.py``, or our settings where it has none."""
    if (course / "nbgrader_config.py").exists():
        loaded: Config = PyFileConfigLoader("nbgrader_config.py", path=str(course.resolve())).load_config()
        return loaded
    from autograder.nbgrader_plugin import configure

    config = Config()
    configure(config, course.resolve())
    return config


def course_directory(course: Path, **traits: str) -> CourseDirectory:
    """nbgrader's view of the course folder."""
    return CourseDirectory(config=settings(course), **traits)


@contextmanager
def open_gradebook(course: Path) -> Iterator[Any]:
    """The course's gradebook, made where there is none.

    Raises
    ------
    autograder.gradebook_file.GradebookTrouble
        Where it is gone, damaged, held by another program, or of another nbgrader.
    """
    find_tools()
    directory = course_directory(course)
    gradebook_file.require_usable(directory.db_url, course)
    with (
        gradebook_file.sentences(directory.db_url, course),
        Gradebook(gradebook_file.patient(directory.db_url), directory.course_id) as book,
    ):
        yield book


class _Kept(logging.Handler):
    """Keeps what went wrong, for the one message that is shown."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []
        self.cause: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage().strip())
        # nbgrader logs where it catches, so what it caught is at hand here, and nowhere later.
        self.cause = sys.exc_info()[1] or self.cause


def _refuse_what_the_disk_refused(course: Path, url: str, problem: BaseException | None) -> None:
    """Our own sentence, with place and cure, for what nbgrader would tell with a traceback.

    nbgrader and SQLAlchemy wrap what they caught, so the causes are looked through.
    """
    while problem is not None:
        if isinstance(problem, OSError) and (said := refused(problem, course)):
            raise said from problem
        if isinstance(problem, DatabaseError):
            raise gradebook_file.GradebookTrouble(gradebook_file.sentence(url, course, problem)) from problem
        problem = problem.__cause__ or problem.__context__


def convert(converter: type[BaseConverter], course: Path, assignment: str, student: str = "*", **folders: str) -> None:
    """Run one of nbgrader's converters, overwriting what it made before.

    Parameters
    ----------
    converter : type
    course : Path
    assignment, student : str
        As nbgrader's options; `student` may be a pattern.
    **folders : str
        Traits of nbgrader's CourseDirectory, such as `release_directory`.

    Raises
    ------
    NbgraderFailed
        With the errors that nbgrader logged.
    autograder.files.NotWritten
        If the disk or a folder did not take what was to be written.
    autograder.gradebook_file.GradebookTrouble
        If the gradebook did not.
    """
    find_tools()
    directory = course_directory(course, assignment_id=assignment, student_id=student, **folders)
    # What stands in the way of its gradebook nbgrader would say in a traceback, after half of the work.
    gradebook_file.require_usable(directory.db_url, course)
    gradebook_file.require_writable(directory.db_url, course)
    config: Any = directory.config
    runner = converter(coursedir=directory, config=config, force=True)
    kept, log = _Kept(), runner.log
    # Its own logger: the application's would print to the terminal.
    runner.log = logging.getLogger("autograder.nbgrader")
    runner.log.propagate = False
    runner.log.addHandler(kept)
    try:
        runner.start()
    except (NbGraderException, OSError, DatabaseError) as problem:
        _refuse_what_the_disk_refused(course, directory.db_url, kept.cause or problem)
        if not isinstance(problem, NbGraderException):
            raise
        # nbgrader logs a traceback per failure; its last line says what happened.
        said = "; ".join(dict.fromkeys(line.splitlines()[-1] for line in kept.lines if line)) or str(problem)
        raise NbgraderFailed(f"nbgrader could not convert {assignment!r}: {said}") from problem
    finally:
        runner.log.removeHandler(kept)
        runner.log = log

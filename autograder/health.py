"""What `doctor` says: the jail's level, the tools, the limits; each lack with its cure."""

from __future__ import annotations

import platform
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder import offering, paths, roster, secret
from autograder.checks.base import Limits
from autograder.course import CASE_SETS, Course
from autograder.errors import Foreseen, sentence
from autograder.offering_edit import strangers
from autograder.offering_values import BadOffering
from autograder.sandbox.jail import Level, probe
from autograder.submission import MAX_BYTES

Line = tuple[str, str, bool]


def report(course: Path, out: Console) -> bool:
    """Print the table; False where something that grading needs is missing."""
    lines = [*_jail(), *_tools(), *_limits(), *_course(course)]
    shown = Table(title="what this machine can do", title_justify="left", show_header=False)
    shown.add_column("what")
    shown.add_column("found", overflow="fold")
    for what, found, well in lines:
        shown.add_row(what if well else f"[yellow]{what}[/]", escape(found))
    out.print(shown)
    return all(well for _, _, well in lines)


def apt_line() -> str:
    """The command that installs every Debian package the course can use."""
    listed = (paths.ROOT / "apt.txt").read_text(encoding="utf-8").splitlines()
    names = [word for line in listed for word in line.split("#")[0].split(":")[-1].split()]
    return f"apt-get install {' '.join(names)}"


def _jail() -> Iterator[Line]:
    found = probe()
    if found.level is Level.A:
        yield "jail", "level A: bubblewrap, namespaces, seccomp and limits, each tried just now", True
        return
    level = "none works" if found.level is None else f"level {found.level.value}: other people's code is refused"
    yield "jail", f"{level}; {found.details[Level.A]}; everything at once, as root: {apt_line()}", False


def _tools() -> Iterator[Line]:
    yield "Python", f"{platform.python_version()} at {sys.executable}", sys.version_info >= (3, 11)
    for name in ("nbgrader", "jupyter-book", "numpy", "scikit-learn"):
        yield name, version(name), True
    chromium = shutil.which("chromium")
    yield "chromium", chromium or f"absent: pages are not opened by the tests; cure, as root: {apt_line()}", True


def _limits() -> Iterator[Line]:
    limits = Limits()
    yield "limits", f"{limits.call_seconds:g} s a call, {limits.task_seconds:g} s a task, unless a task says more", True
    yield "submission", f"at most {MAX_BYTES >> 20} MB; {CASE_SETS} hidden case sets a task", True


def _course(folder: Path) -> Iterator[Line]:
    if not folder.exists():
        yield "course", f"no folder {folder} yet; 'make course' makes a sample", True
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    private = mode == 0o700
    yield "course", f"{folder}, mode {mode:o}" + ("" if private else f"; cure: chmod 700 {folder}"), private
    releases = secret.releases(folder)
    if releases or (folder / secret.FILE).exists():
        yield _sound("secret", lambda: f"whole, mode 600; drawn from it: {', '.join(releases) or 'nothing yet'}"
                     if secret.read(folder) else "")  # fmt: skip
    course = Course(folder)
    if (folder / offering.FILE).exists():
        yield _sound("offering", lambda: _offered(course, releases))
    if (folder / roster.FILE).exists():
        yield _sound("roster", lambda: f"{len(roster.Roster.load(course) or ())} students")
    if (folder / "nbgrader_config.py").exists():
        yield _sound("gradebook", lambda: _gradebook(folder))


def _sound(what: str, ask: Callable[[], str]) -> Line:
    """A line that says what is there, or the sentence that a command would stop with."""
    try:
        return what, ask(), True
    except (Foreseen, OSError) as problem:
        return what, sentence(problem), False


def _offered(course: Course, releases: list[str]) -> str:
    """Due dates, and extensions of students whom the class list does not know."""
    said = []
    for slug in releases:
        found = offering.Offering.of(course, slug)
        if unknown := strangers(course, found):
            raise BadOffering(unknown)
        said.append(f"{slug} due {found.local(found.deadline)}" if found.deadline else f"{slug} without a due date")
    return "; ".join(said) or "nothing released yet"


def _gradebook(folder: Path) -> str:
    """Whether it can be opened and written."""
    # Here, because nbgrader takes two seconds to import.
    from autograder import gradebook_file, nbgrader_run

    with nbgrader_run.open_gradebook(folder) as book:
        students = len(book.students)
    gradebook_file.require_writable(nbgrader_run.course_directory(folder).db_url, folder)
    return f"{students} students; copies of earlier days in {gradebook_file.COPIES}"

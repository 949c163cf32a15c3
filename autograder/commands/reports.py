"""Commands that tell what was graded: report, export; and what a public copy of the course holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from autograder.commands.shared import HERE, Assignment, CourseDir, app, err, out

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.results import SubmissionResult


@app.command()
def report(assignment: Assignment, course: CourseDir = HERE) -> None:
    """Print the class table again, from what is stored: nothing is judged."""
    from autograder import report as told
    from autograder.class_table import legend, table
    from autograder.course import Course
    from autograder.errors import sentence
    from autograder.results import Stale

    try:
        judged, failed = told.stored(Course(course), assignment)
    except Stale as stale:
        judged, failed = _graded(Course(course), assignment)
        out.print(table(Course(course), assignment, judged, failed), crop=False)
        why = "the table is of the last grading, without the checks that failed"
        err.print(f"[yellow]of before[/]: {why}: {escape(sentence(stale))}", soft_wrap=True)
        if failed or not judged:
            raise typer.Exit(1) from None
        return
    out.print(table(Course(course), assignment, judged, failed), crop=False)
    out.print(legend(Course(course), assignment, judged), soft_wrap=True)
    for student, problem in sorted(failed.items()):
        err.print(f"[yellow]{escape(student)}[/]: {escape(problem)}", soft_wrap=True)
    if failed or not judged:
        raise typer.Exit(1)


def _graded(course: Course, assignment: str) -> tuple[dict[str, SubmissionResult], dict[str, str]]:
    """Who is in the gradebook, and who is not, where the release no longer tells how a result came about."""
    from autograder.results import UNREAD, SubmissionResult

    names = {path.parent.name for path in course.autograded.glob(f"*/{assignment}")}
    failed = {student: "" for student in course.submissions(assignment) if student not in names}
    return {name: SubmissionResult(name, assignment, "", UNREAD, (), ()) for name in names}, failed


@app.command()
def export(
    assignment: Assignment,
    to: Annotated[Path | None, typer.Argument(help="File to write; COURSE/grades-ASSIGNMENT.csv by default.")] = None,
    course: CourseDir = HERE,
) -> None:
    """Write the gradebook as CSV: names, LMS ids, points of every task, lateness, total."""
    from autograder import report as told
    from autograder.course import Course, write_atomically

    text = told.grades(Course(course), assignment)
    path = course / f"grades-{assignment}.csv" if to is None else to
    write_atomically(path, text.encode(), 0o600)
    out.print(f"{len(text.splitlines()) - 1} students: {path}", soft_wrap=True)


@app.command("export-student-repo")
def export_student_repo(
    to: Annotated[Path, typer.Argument(help="Folder to write: absent, empty, or an earlier export.")],
    git: Annotated[bool, typer.Option("--git", help="Commit it in a fresh repository of its own.")] = False,
) -> None:
    """Write a public copy without solutions: the built book, the student bundle, the data, the licences."""
    from autograder import student_repo

    names = student_repo.export(to, git=git)
    out.print(f"{len(names)} files, and nothing in them that must not leave: {to}", soft_wrap=True)

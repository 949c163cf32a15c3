"""Commands of an instructor before the class hands in: release, roster, extend, secret."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.commands.shared import HERE, Assignment, CourseDir, app, err, out


@app.command()
def release(assignment: Assignment, course: CourseDir = HERE) -> None:
    """Generate an assignment's source and release in a course, and draw its hidden case sets.

    Which tasks, points and due dates it has is said in the course's offering.toml.
    """
    from autograder.authoring import assemble
    from autograder.course import Course

    err.print(f"[bold]release[/]: {assignment} (16 hidden case sets from the course's secret)")
    path = assemble.release(Course(course), assignment, said=lambda step: err.print(f"  {step}", soft_wrap=True))
    out.print(f"released: {path}", soft_wrap=True)
    out.print(f"for the class: {course / 'bundle' / 'shrinkage-course.zip'}", soft_wrap=True)
    out.print(f"dates, tasks, points, lateness: {course / 'offering.toml'}", soft_wrap=True)


@app.command()
def roster(
    file: Annotated[Path, typer.Argument(help="The class list as CSV, as Canvas, Moodle or a spreadsheet exports it.")],
    course: CourseDir = HERE,
) -> None:
    """Import a class list, whole or not at all; again after it has changed.

    The first of these columns that is there holds the ids, by which work is collected: student_id, SIS Login ID,
    Username, SIS User ID, ID number, ID.
    """
    from autograder import roster as rosters
    from autograder.course import Course

    found, left = rosters.take(Course(course), file)
    out.print(f"{len(found)} students in {course / rosters.FILE} and in the gradebook", soft_wrap=True)
    column = f"their ids are from the column {found.column!r}, as in {found.students[0].id!r}"
    out.print(escape(f"{column}; tell students to type it in the notebook's first cell"), soft_wrap=True)
    for name in found.left_out:
        err.print(escape(f"left out: {name}"), soft_wrap=True)
    if left:
        names = escape(", ".join(left))
        err.print(f"no longer on the list, and still in the gradebook with what they earned: {names}", soft_wrap=True)


@app.command()
def extend(
    assignment: Assignment,
    student: Annotated[str, typer.Argument(help="The student's id.")],
    until: Annotated[str, typer.Argument(help="A new due date, '2026-10-14 23:59', or a length, '2 days'.")],
    course: CourseDir = HERE,
) -> None:
    """Give a student a due date of their own, as a line in offering.toml."""
    from autograder.course import Course
    from autograder.offering_edit import extend as write_extension

    due = write_extension(Course(course), assignment, student, until)
    said = f"{escape(student)}: {assignment} is due {due}; {Course(course).command(f'grade {assignment}')} applies it"
    out.print(said, soft_wrap=True)


secrets = typer.Typer(
    help="The course's secret, from which hidden cases are drawn: its state, a backup, putting it back, a new one.",
    invoke_without_command=True,
)
app.add_typer(secrets, name="secret")


@secrets.callback()
def secret(context: typer.Context, course: CourseDir = HERE) -> None:
    """Say how the secret stands; its value is never shown."""
    from autograder import secret as kept
    from autograder.course import Course

    if context.invoked_subcommand is not None:
        # The folder named here is the one that the command after it acts on, unless it names its own.
        context.default_map = {context.invoked_subcommand: {"course": str(course)}}
        return
    kept.require_course(course)
    changed = kept.age(course)
    drawn = ", ".join(kept.releases(course)) or "nothing yet"
    out.print(f"{course / kept.FILE}: whole, mode 600, of {changed:%Y-%m-%d %H:%M} UTC", soft_wrap=True)
    out.print(f"drawn from it: {drawn}", soft_wrap=True)
    earlier = kept.backups(course)
    out.print(f"earlier secrets beside it: {', '.join(path.name for path in earlier) or 'none'}", soft_wrap=True)
    keep = Course(course).command("secret backup FILE")
    out.print(f"Without it no regrade repeats: keep a copy with {keep}.", soft_wrap=True)


@secrets.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A file that does not exist yet, outside every git work tree.")],
    course: CourseDir = HERE,
) -> None:
    """Copy the secret to a file that only you can read."""
    from autograder import secret as kept

    kept.backup(course, file)
    out.print(f"kept in {file} (mode 600)", soft_wrap=True)


@secrets.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What 'autograder secret backup' wrote.")], course: CourseDir = HERE
) -> None:
    """Put a kept secret back."""
    from autograder import secret as kept
    from autograder.course import Course
    from autograder.lock import alone

    kept.require_course(course)
    with alone(Course(course)):
        said = "restored from" if kept.restore(course, file) else "it is the secret already:"
    out.print(f"{said} {file}", soft_wrap=True)
    _say_what_to_release(course)


@secrets.command()
def rotate(course: CourseDir = HERE) -> None:
    """Draw a new secret, where the old one may be known; hidden cases change with it."""
    from autograder import secret as kept
    from autograder.course import Course
    from autograder.lock import alone

    kept.require_course(course)
    with alone(Course(course)):
        old = kept.rotate(course)
    out.print("a new secret is drawn" + (f"; the old one is kept as {old.name}" if old else ""), soft_wrap=True)
    _say_what_to_release(course)


def _say_what_to_release(course: Path) -> None:
    """Which releases rest on another secret than the present one."""
    from autograder import secret as kept
    from autograder.course import Course

    stale = [
        name for name in kept.releases(course) if Course(course).release(name).drawn.get("secret") != kept.tag(course)
    ]
    for name in stale:
        err.print(
            f"[yellow]{name}[/]: its hidden cases were drawn from another secret. Nothing of it is graded until you "
            f"have typed {Course(course).command(f'release {name}')} and {Course(course).command(f'grade {name}')}, "
            "which judges all its work anew.",
            soft_wrap=True,
        )

"""Commands of an instructor once a class has handed in: collect, grade, feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.commands.shared import HERE, Assignment, CourseDir, app, err, out, progress


@app.command()
def collect(
    assignment: Assignment,
    source: Annotated[
        Path | None,
        typer.Argument(
            help="A folder of <student>/<assignment>.ipynb, <student>_<assignment>.ipynb or <student>.ipynb; "
            "the zip that Canvas or Moodle exports, or its folder; nbgrader's inbound folder, "
            "which with --from exchange need not be given.",
        ),
    ] = None,
    course: CourseDir = HERE,
    kind: Annotated[
        str,
        typer.Option("--from", help="folder, canvas, moodle or exchange; found from the names if not given."),
    ] = "",
    times: Annotated[
        Path | None,
        typer.Option(help="CSV of when each student handed in (id, handed_in), or Moodle's grading worksheet."),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option("--map", help="CSV of who a name in the source is (found, id); a group has a line a member."),
    ] = None,
    enrol: Annotated[bool, typer.Option("--enrol", help="Take also students who are not on the class list.")] = False,
) -> None:
    """Take submissions into the course; a bad file costs only itself, and every attempt is kept."""
    from autograder.collect import collect as take
    from autograder.course import Course
    from autograder.exchange import inbound

    Course(course).release(assignment)  # a class is collected for something that was released, and nowhere else
    if source is None and kind != "exchange":
        raise typer.BadParameter("give the folder or zip archive that holds the submissions")
    source = source or inbound(Course(course))
    taken = take(Course(course), assignment, source, kind=kind, times=times, names=names, enrol=enrol)
    refused = [item for item in taken if item.problem]
    for item in taken:
        for note in item.notes:
            err.print(f"[yellow]{escape(item.who)}[/]: {escape(note)}", soft_wrap=True)
    for item in refused:
        err.print(f"[red]refused[/] {escape(item.who)}: {escape(item.problem)}", soft_wrap=True)
    for remark in taken.remarks:
        err.print(escape(remark), soft_wrap=True)
    whole, students = len(taken.items), len({item.student for item in taken if item.path})
    files = f"{whole - len(refused)} of {whole} files of {students} students"
    out.print(f"collected {files} into {course / 'submitted'} ({taken.kind}: {source})", soft_wrap=True)
    if refused or not students:
        raise typer.Exit(1)


Trust = Annotated[
    bool,
    typer.Option("--i-trust-this-code", help="Run submissions without a jail (level D): only for code you vouch for."),
]


@app.command()
def grade(
    assignment: Assignment,
    course: CourseDir = HERE,
    trust: Trust = False,
    workers: Annotated[int, typer.Option(help="Submissions judged at the same time.", min=1)] = 2,
    dry_run: Annotated[
        Path | None,
        typer.Option(help="Judge this one notebook, show the verdicts, and write nothing.", metavar="FILE"),
    ] = None,
    student: Annotated[str, typer.Option(help="With --dry-run: whose hidden cases and variant to take.")] = "",
) -> None:
    """Judge every collected submission in the jail and write nbgrader's gradebook.

    Where a student handed in several times, the course's offering says which attempt counts.
    Interrupted, it goes on where it stopped: start it again.
    """
    from autograder.course import Course

    if dry_run is not None:
        from autograder.dry_run import judged, show
        from autograder.submission import Unreadable

        try:
            show(Course(course), judged(Course(course), assignment, dry_run, student, trust=trust), out)
        except Unreadable as problem:
            err.print(f"[red]error:[/] {escape(str(problem))}", soft_wrap=True)
            raise typer.Exit(1) from None
        return
    if student:
        raise typer.BadParameter("--student goes with --dry-run FILE")
    from autograder import grading

    if not grading.grade(Course(course), assignment, trust=trust, workers=workers, out=out, err=err, bar=progress):
        raise typer.Exit(1)


@app.command()
def feedback(assignment: Assignment, course: CourseDir = HERE) -> None:
    """Write each student's feedback page with nbgrader, scripts removed."""
    from autograder import gradebook
    from autograder.course import Course

    err.print("[bold]feedback[/]: one page a student")
    pages = gradebook.feedback(Course(course), assignment)
    out.print(f"{len(pages)} feedback pages in {course / 'feedback'}")


@app.command()
def doctor(course: CourseDir = HERE) -> None:
    """Say what this machine can do: jail level, tools, limits; each lack with its cure."""
    from autograder.health import report

    if not report(course, out):
        raise typer.Exit(3)

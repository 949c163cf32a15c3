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
        Path,
        typer.Argument(
            help="Folder of <student>/<assignment>.ipynb, <student>_<assignment>.ipynb or <student>.ipynb."
        ),
    ],
    course: CourseDir = HERE,
) -> None:
    """Take submissions from a folder into the course; a bad file costs only itself."""
    from autograder.collect import collect as take
    from autograder.course import Course

    Course(course).release(assignment)  # a class is collected for something that was released, and nowhere else
    taken = take(Course(course), assignment, source)
    refused = [item for item in taken if item.problem]
    for item in refused:
        err.print(f"[red]refused[/] {escape(item.student)}: {escape(item.problem)}", soft_wrap=True)
    out.print(f"collected {len(taken) - len(refused)} of {len(taken)} submissions into {course / 'submitted'}")
    if refused or not taken:
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
) -> None:
    """Judge every collected submission in the jail and write nbgrader's gradebook.

    Interrupted, it goes on where it stopped: start it again.
    """
    from autograder import grading
    from autograder.course import Course

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

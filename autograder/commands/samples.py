"""Commands that try the course out: the sample class, and the comparison with stock nbgrader."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.shared import HERE, CourseDir, app, err, out, progress


@app.command()
def sample(course: CourseDir = HERE) -> None:
    """Make, collect, grade and report the sample class; never touches a course of real students."""
    from autograder import grading
    from autograder import sample as sample_class
    from autograder.course import Course

    if course.exists() and Course(course).sample is None:
        out.print(
            f"[bold]{course}[/] holds a course that is not a sample: left alone. "
            "The book and the bundle are built; use --course DIR for a sample elsewhere."
        )
        return
    if not sample_class.run(Course(course), out=out, err=err, bar=progress, grade=grading.grade):
        raise typer.Exit(1)


@app.command()
def agree(
    assignment: Annotated[str, typer.Argument(help="Assignment to compare; without it, every one of the book.")] = "",
    students: Annotated[int, typer.Option(help="Submissions to draw.", min=1)] = 200,
    workers: Annotated[int, typer.Option(help="Submissions graded at the same time.", min=1)] = 2,
    seed: Annotated[int, typer.Option(help="Another seed draws another class.")] = 0,
) -> None:
    """Grade drawn honest submissions with the judge and with stock nbgrader, and compare every cell.

    Stock nbgrader runs them outside the jail: they are assembled from the reference, variants and mutants alone.
    """
    from autograder import agreement
    from autograder.authoring import assemble, pages
    from autograder.course import Course

    differ = False
    for slug in [assignment] if assignment else pages.chapters():
        err.print(f"[bold]agree[/]: {students} submissions of {slug}, by the judge and by stock nbgrader")
        with tempfile.TemporaryDirectory(prefix="agree-") as scratch, progress() as show:
            step = show.add_task("grading twice", total=2 * students)
            course = Course(Path(scratch) / "judge")
            assemble.release(course, slug)
            found = agreement.compare(
                course, Path(scratch), slug, students, workers, seed, tick=partial(show.advance, step)
            )
        for sentence in agreement.sentences(found):
            out.print(sentence, soft_wrap=True, markup=False)
        differ = differ or bool(found.differences)
    if differ:
        raise typer.Exit(1)

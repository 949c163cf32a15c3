"""Commands that try the course out: the sample class."""

from __future__ import annotations

import typer

from autograder.commands.shared import HERE, CourseDir, app, err, out, progress


@app.command()
def sample(course: CourseDir = HERE) -> None:
    """Make, collect, grade and report the sample class; never touches a course of real students."""
    from autograder import grading
    from autograder import sample as class_of_six
    from autograder.course import Course

    if course.exists() and Course(course).sample is None:
        out.print(
            f"[bold]{course}[/] holds a course that is not a sample: left alone. "
            "The book and the bundle are built; use --course DIR for a sample elsewhere."
        )
        return
    if not class_of_six.run(Course(course), out=out, err=err, bar=progress, grade=grading.grade):
        raise typer.Exit(1)

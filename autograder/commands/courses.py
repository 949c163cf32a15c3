"""Commands of an instructor before the class hands in: release."""

from __future__ import annotations

from autograder.commands.shared import HERE, Assignment, CourseDir, app, err, out


@app.command()
def release(assignment: Assignment, course: CourseDir = HERE) -> None:
    """Generate an assignment's source and release in a course, and draw its hidden case sets."""
    from autograder.authoring import assemble
    from autograder.course import Course

    err.print(f"[bold]release[/]: {assignment} (16 hidden case sets from the course's secret)")
    path = assemble.release(Course(course), assignment)
    out.print(f"released: {path}")

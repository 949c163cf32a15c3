"""`report` shows what is stored, also where the release no longer fits it."""

from typer.testing import CliRunner

from autograder import gradebook
from autograder.cli import app


def test_after_a_new_secret_the_table_is_shown_as_one_of_before(classroom):
    course = classroom.course
    for student in ("ada", "ben"):
        classroom.hand_in(student)
    gradebook.commit(course, [classroom.result("ada", closed_form=0.5)])
    # Ben waits, so it ends with 1, as it would otherwise.
    # The release of this course names no secret that its cases were drawn from.
    done = CliRunner().invoke(app, ["report", "ridge", "--course", str(course.root)], terminal_width=1000)
    assert done.exit_code == 1, done.output
    assert "1 of 2 graded" in done.stdout
    assert any(line.startswith("ada") for line in done.stdout.splitlines())
    assert "of before" in done.stderr
    assert "were drawn from another secret" in done.stderr

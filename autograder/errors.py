"""Foreseen errors: each is shown as one sentence, without a traceback.

What a student's or an instructor's input can cause derives from `Foreseen`; anything else
that reaches the command line is a fault of ours and keeps its traceback.
"""

from __future__ import annotations

import shlex
from pathlib import Path

# The course folder that commands act on where none is named.
DEFAULT = Path("course")


class Foreseen(Exception):
    """An error whose message says what was wrong and what to do."""


def sentence(problem: BaseException) -> str:
    """The message, whole: `KeyError` would quote it, an `OSError` would number it."""
    if isinstance(problem, OSError) and problem.filename:
        return f"{problem.filename}: {problem.strerror}"
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    return str(problem.args[0] if problem.args else type(problem).__name__)


def command(words: str, course: Path) -> str:
    """What to type, in quotes as messages have it; the course is named unless it is the one that is meant anyway."""
    where = "" if course == DEFAULT else f" --course {shlex.quote(str(course))}"
    return f'"autograder {words}{where}"' if "'" in where else f"'autograder {words}{where}'"

"""Foreseen errors of the tools: each is shown as one sentence, without a traceback."""

from __future__ import annotations

from autograder.authoring.pages import PageError
from autograder.course import NotReleased
from autograder.results import Untrusted
from autograder.submission import Unreadable


class SetUpError(RuntimeError):
    """Something is missing on this machine; the message names it and the command that cures it."""


FORESEEN = (PageError, NotReleased, Untrusted, Unreadable, SetUpError, LookupError, OSError)


def sentence(problem: BaseException) -> str:
    """The message, whole: `KeyError` would quote it."""
    if isinstance(problem, OSError) and problem.filename:
        return f"{problem.filename}: {problem.strerror}"
    return str(problem.args[0] if problem.args else type(problem).__name__).replace("[", r"\[")

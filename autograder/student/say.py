"""Showing a verdict or a sentence: rich in a notebook, plain in a terminal, never on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from autograder import render
from autograder.manifest import Manifest
from autograder.student import cells
from autograder.student.folder import Misuse
from autograder.verdict import Verdict

P = ParamSpec("P")
R = TypeVar("R")


def verdict(found: Verdict, manifest: Manifest) -> None:
    _show(lambda: render.html(found, manifest), render.text(found, manifest))


def sentence(said: str, *, good: bool = False) -> None:
    _show(lambda: render.notice(said, good=good), said + "\n")


def lines(text: str) -> None:
    """Plain text, which even a terminal without Unicode shows in part rather than failing."""
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _show(html: Callable[[], str], text: str) -> None:
    if not cells.in_notebook(cells.shell()):
        lines(text)
        return
    from IPython.display import display  # present, because a kernel runs

    display({"text/html": html(), "text/plain": text}, raw=True)


def misuse_as_sentence(returning: R) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function whose `Misuse` is said as a sentence; it then returns `returning`."""

    def around(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def quiet(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except Misuse as misuse:
                sentence(str(misuse))
                return returning

        return quiet

    return around


def misfit(what: str, found: Any) -> Misuse:
    """The sentence for an argument that is no task id at all."""
    name = getattr(found, "__name__", "")
    hint = f"; you passed the function {name} itself" if name else f"; you passed {found!r:.40}"
    return Misuse(f"{what} takes the task's id in quotes, like {what}('ridge.closed_form'){hint}.")

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


def verdict(found: Verdict, manifest: Manifest, seen: int) -> None:
    """A verdict; `seen` hints of its task were shown so far."""
    html(lambda: render.html(found, manifest, seen=seen), render.text(found, manifest, seen=seen))


def sentence(said: str, *, good: bool = False) -> None:
    html(lambda: render.notice(said, good=good), said + "\n")


def markdown(source: str, text: str) -> None:
    """Markdown with formulas, which a notebook renders; `text` is what a terminal gets."""
    _show("text/markdown", lambda: source, text)


def html(source: Callable[[], str], text: str) -> None:
    """HTML for a notebook, `text` for a terminal."""
    _show("text/html", source, text)


def lines(text: str) -> None:
    """Plain text, which even a terminal without Unicode shows in part rather than failing."""
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _show(kind: str, source: Callable[[], str], text: str) -> None:
    if not cells.in_notebook(cells.shell()):
        lines(text)
        return
    from IPython.display import display  # present, because a kernel runs

    display({kind: source(), "text/plain": text}, raw=True)


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

"""What the commands share: the application, the consoles, the common options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer.core import TyperGroup

from autograder.errors import DEFAULT

STOPPED = "stopped; what was done is kept: the same command goes on from here"


class Commands(TyperGroup):
    """Says what Ctrl-C leaves behind; typer itself would end without a word."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            err.print(STOPPED)
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=Commands,
    help="Build the course, release assignments, and grade them in a jail.",
    epilog="Exit codes: 0 all well; 1 something was found wrong; 2 called wrongly; 3 something is missing; "
    "130 stopped with Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

CourseDir = Annotated[Path, typer.Option("--course", help="The course folder.", metavar="DIR")]
HERE = DEFAULT
Assignment = Annotated[str, typer.Argument(help="Chapter whose assignment is meant, as in _toc.yml: 'ridge'.")]


def progress() -> Progress:
    """A bar on a terminal; nothing that repeats itself in a log."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err)

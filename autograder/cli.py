"""The command line; the commands are in `commands`, by who types them.

Exit codes: 0 all well; 1 something was found wrong (a named submission, a failed proof);
2 the command was called wrongly; 3 the machine or the course lacks something, and the
message names the cure; 130 stopped with Ctrl-C, and what was done until then is kept.
"""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape

from autograder.commands import authors, classes, courses, reports, samples
from autograder.commands.shared import STOPPED, app, err

__all__ = ["app", "authors", "classes", "courses", "main", "reports", "samples"]


def main() -> None:
    """Run the command line; a foreseen error is a sentence, never a traceback."""
    from autograder.errors import Foreseen, sentence
    from autograder.files import refused

    try:
        app()
    except KeyboardInterrupt:
        # While a module was being imported; a command's own is told by `Commands`.
        err.print(STOPPED)
        raise SystemExit(130) from None
    except (Foreseen, OSError) as problem:
        told = refused(problem, Path.cwd()) if isinstance(problem, OSError) else None
        err.print(f"[red]error:[/] {escape(sentence(told or problem))}", soft_wrap=True)
        raise SystemExit(3) from None


if __name__ == "__main__":
    main()

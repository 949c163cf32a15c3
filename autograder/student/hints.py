"""`hint`: the hints of a task, one at a time; the folder remembers which were shown."""

from __future__ import annotations

import json
import textwrap

from autograder import render
from autograder.manifest import TaskInfo
from autograder.student import desk, say
from autograder.student.folder import Folder, Misuse, find, grading, read, write
from autograder.student.history import HISTORY

SHOWN = "hints.json"  # beside the history: how many hints of each task were shown


@say.misuse_as_sentence(None)
def hint(task_id: str = "", *, again: bool = False) -> None:
    """Show the next hint of a task; it costs nothing.

    Parameters
    ----------
    task_id : str
        Like ``ridge.closed_form``.
    again : bool, optional
        Show once more what was seen, and open no new one.
    """
    if grading():  # the folder is then everybody's, and nobody reads
        return
    folder = find()
    info = desk.lookup(task_id, folder, "hint")
    held = len(info.hints)
    if not held:
        raise Misuse(f"{info.id} has no hints.")
    before = seen(folder, info)
    if again and not before:
        raise Misuse(f"No hint of {info.id} was shown yet: `hint({info.id!r})` shows the first of {held}.")
    if again or before == held:
        steps, now = range(before), before
    else:
        steps, now = range(before, before + 1), before + 1
    _show(info, steps, now)
    if now != before:
        _remember(folder, info, now)


def seen(folder: Folder, info: TaskInfo) -> int:
    """How many hints of a task were shown in this folder; a newer bundle may hold fewer."""
    return min(_shown(folder).get(info.id, 0), len(info.hints))


def _shown(folder: Folder) -> dict[str, int]:
    path = folder.root / HISTORY / SHOWN
    try:
        found = json.loads(read(path)[0]) if path.is_file() else {}
        return {str(task): max(0, int(count)) for task, count in found.items()}
    except (Misuse, ValueError, TypeError, AttributeError):
        return {}  # a damaged file costs no more than hints shown once more


def _remember(folder: Folder, info: TaskInfo, count: int) -> None:
    shown = _shown(folder) | {info.id: count}
    write(folder.root / HISTORY / SHOWN, json.dumps(shown, indent=1, sort_keys=True) + "\n")


def _show(info: TaskInfo, steps: range, now: int) -> None:
    held = len(info.hints)
    call = f"hint({info.id!r})"
    ends = f"`{call}` shows the next one" if now < held else f"That was the last one; `{call}` shows all again"
    ends += "; hints cost nothing."
    heads = [f"Hint {step + 1} of {held}" for step in steps]
    bodies = [info.hints[step] for step in steps]
    rich = [f"**{head}** for `{info.id}`\n\n{body}" for head, body in zip(heads, bodies, strict=True)]
    plain = [f"{head} for {info.id}\n\n{_wrapped(body)}" for head, body in zip(heads, bodies, strict=True)]
    say.markdown("\n\n".join([*rich, f"*{ends}*"]), "\n\n".join([*plain, _wrapped(ends)]) + "\n")


def _wrapped(text: str) -> str:
    """Paragraphs within a terminal's width; a list or a block of code keeps its lines."""
    return "\n".join(
        wrapped
        for line in text.splitlines()
        for wrapped in textwrap.wrap(
            line, render.WIDTH, initial_indent="  ", subsequent_indent="  ",
            break_long_words=False, break_on_hyphens=False, drop_whitespace=not line.startswith(" "),
        ) or [""]
    )

"""`inputs_of`: what a question gives its student to work with."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np

from autograder import render
from autograder.casesets import CaseSet
from autograder.checks.answers import variant_of
from autograder.manifest import TaskInfo
from autograder.student import desk, identity, say
from autograder.student.folder import Folder, Misuse, find


class Absent(dict[str, Any]):
    """Inputs that there are none of: using one says why."""

    def __missing__(self, name: str) -> Any:
        raise Misuse(self.why)

    why = ""


def inputs_of(task_id: str = "") -> dict[str, Any]:
    """Your parameters of a question, or the data of an analysis, as a dict; shows them shortly.

    Parameters
    ----------
    task_id : str
        Like ``ridge.bias``.

    Returns
    -------
    dict
        Fresh copies: changing them changes nothing elsewhere.  Where there are none to give, a
        sentence says why, and so does an error as soon as one is used.
    """
    try:
        folder = find()
        info = desk.lookup(task_id, folder, "inputs_of")
        found = inputs(folder, info)
        if not found:
            raise Misuse(f"{info.id} comes without inputs: everything it needs stands in its text.")
    except Misuse as misuse:
        say.sentence(str(misuse))
        absent = Absent()
        absent.why = str(misuse)
        return absent
    whose = f"{info.title}, {identity.judged_for(identity.student_of(folder))}" if info.parameters else info.title
    _show(whose, found)
    return found


def inputs(folder: Folder, info: TaskInfo, student: str = "") -> dict[str, Any]:
    """Fresh inputs of a task; empty where it has none.

    Raises
    ------
    Misuse
        If they depend on a student id that nobody typed, or the data are missing.
    """
    if info.parameters:
        student = student or identity.student_of(folder)
        if not student:
            raise Misuse(identity.asked_for([info.id], "then this"))
        return dict(info.parameters[variant_of(student)])
    if info.kind == "analyse":
        steps = cases(folder, info).cases[0].steps
        return dict(steps[-1].kwargs)
    return {}


def cases(folder: Folder, info: TaskInfo) -> CaseSet:
    """The visible cases of a task."""
    path = folder.root / "autograder" / "cases" / f"{info.id}.npz"
    try:
        return CaseSet.load(path)
    except (OSError, ValueError, KeyError):
        raise Misuse(f"{path} is missing or damaged; unpack the course's zip again.") from None


def _show(title: str, found: Mapping[str, Any]) -> None:
    rows = [(name, _short(value)) for name, value in found.items()]
    width = max(len(name) for name, _ in rows)
    text = f"inputs: {title}\n" + "".join(f"  {name:<{width}}  {said}\n" for name, said in rows)

    def html() -> str:
        cells = "".join(
            f'<tr><td style="text-align:left"><code>inputs[{escape(repr(name))}]</code></td>'
            f'<td style="text-align:left">{escape(said)}</td></tr>'
            for name, said in rows
        )
        return f"<div><p>{escape(title)}</p><table>{cells}</table></div>"

    say.html(html, text)


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"array of shape {value.shape}, {value.dtype}"
    said = " ".join(repr(value).split())
    return said if len(said) <= render.WIDTH - 20 else said[: render.WIDTH - 23] + "..."

"""A submitted notebook put back in order: the release's cells, with the student's answers in them.

nbgrader stops a whole class at one damaged notebook.  So what it gets is built from the
release, never mended: its cells in its order with its metadata, the student's text in the
solution cells, the student's own cells where they stood, and nothing else of the file.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import ids
from autograder.course import NotReleased
from autograder.submission import Unreadable, read_plain_file

# More than anybody writes; beyond it pages take minutes to show.
MAX_SOURCE, MAX_OWN_CELLS = 200_000, 200
MAX_OWN_LENGTH = 500_000
NEW: dict[str, Callable[..., NotebookNode]]
# Raw cells would bypass every sanitiser: they are shown as text.
NEW = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_code_cell}
# Everything that XML, HTML and terminals cannot hold or that reorders a line of text unseen.
# Controls, marks of direction and characters without width: what a reader would not see, or see elsewhere.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True)
class Given:
    """What counts of one cell of a submission."""

    type: str
    source: str
    grade_id: str = ""


def given(cells: Any) -> list[Given]:
    """The cells of a submission, read as data from anybody."""
    found = []
    for cell in cells if isinstance(cells, list) else ():
        if not isinstance(cell, dict) or cell.get("cell_type") not in NEW:
            continue
        source = cell.get("source", "")
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        if isinstance(source, str):
            text = source.encode("utf-8", "replace").decode("utf-8")
            found.append(Given(cell["cell_type"], UNSEEN.sub("\ufffd", text), _grade_id(cell)))
    return found


def _grade_id(cell: dict[str, Any]) -> str:
    metadata = cell.get("metadata")
    ours = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = ours.get("grade_id") if isinstance(ours, dict) else None
    return name if isinstance(name, str) else ""


def named(grade_id: str) -> str:
    """A released cell in the words of a sentence."""
    task = ids.task(grade_id)
    if task is None:
        return f"the cell {grade_id}"
    return f"the {'graded ' if grade_id.endswith('--check') else ''}cell of {task}"


def _short(source: str, name: str, said: list[str]) -> str:
    if len(source) <= MAX_SOURCE:
        return source
    said.append(f"{name} is longer than {MAX_SOURCE} characters; what is shown here is cut")
    return source[:MAX_SOURCE]


def repaired(cells: Sequence[Given], master: NotebookNode, problems: Sequence[str] = ()) -> NotebookNode:
    """The release `master` filled with a submission's cells; of duplicates the last counts.

    What had to be put right, after `problems`, is in the notebook's metadata
    ``shrinkage.repairs``: sentences for student and instructor.
    """
    said = list(problems)
    wanted = {cell.metadata.nbgrader.grade_id: cell for cell in master.cells if "nbgrader" in cell.metadata}
    chosen: dict[str, int] = {}
    for place, cell in enumerate(cells):
        target = wanted.get(cell.grade_id)
        if target is None:
            continue
        before = chosen.get(cell.grade_id)
        if before is not None:
            counts = "the last one counts" if target.metadata.nbgrader.solution else "the released one is used"
            said.append(f"{named(cell.grade_id)} occurs more than once; {counts}")
        # A code cell turned to text is no solution: it gives way to one that still is, wherever that stands.
        if before is None or cell.type == target.cell_type or cells[before].type != target.cell_type:
            chosen[cell.grade_id] = place
    order = [name for name in wanted if name in chosen]
    if order != sorted(order, key=chosen.__getitem__):
        said.append("cells had been moved; they stand in their first order again")
    made = NotebookNode({**master, "metadata": copy.deepcopy(master.metadata)})
    own = _own_cells(cells, set(wanted), set(chosen.values()), said)
    made.cells = own.get("", [])
    for target in copy.deepcopy(master.cells):
        name = target.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in chosen:
            _fill(target, cells[chosen[name]], said)
        elif _counts(target) and (cells or not problems):
            said.append(f"{named(name)} was missing; it has been put back as released")
        made.cells += [target, *own.pop(name, [])]
    made.metadata.shrinkage = {**made.metadata.get("shrinkage", {}), "repairs": list(dict.fromkeys(said))}
    return made


def _counts(cell: NotebookNode) -> bool:
    """Whether a change of the cell is worth a word: prose may differ in an older release, and harms nobody."""
    flags = cell.metadata.get("nbgrader", {})
    return bool(flags.get("grade") or flags.get("solution"))


def _fill(target: NotebookNode, cell: Given, said: list[str]) -> None:
    name, flags = named(cell.grade_id), target.metadata.nbgrader
    if cell.type != target.cell_type and _counts(target):
        said.append(f"{name} was of type {cell.type}; it is of type {target.cell_type} again")
    if flags.solution:
        target.source = _short(cell.source, name, said)
    elif _counts(target) and cell.source.rstrip() != target.source.rstrip():
        said.append(f"{name} is locked and had been changed; it has its released text again")


def _own_cells(
    cells: Sequence[Given], wanted: set[str], chosen: set[int], said: list[str]
) -> dict[str, list[NotebookNode]]:
    """The student's own cells by the released cell they follow; superseded answers are among them."""
    own: dict[str, list[NotebookNode]] = {}
    after, count, length = "", 0, 0
    for place, cell in enumerate(cells):
        if place in chosen:
            after = cell.grade_id
            continue
        if not cell.source.strip() or (cell.grade_id in wanted and cell.grade_id.endswith("--check")):
            continue
        count += 1
        length += len(cell.source)
        if count > MAX_OWN_CELLS or length > MAX_OWN_LENGTH:
            said.append("there is more besides the released cells than a page can hold; the rest is not shown")
            break
        own.setdefault(after, []).append(NEW[cell.type](_short(cell.source, "a cell", said), id=f"own-{count}"))
    return own


def load(path: Path, master: NotebookNode) -> NotebookNode:
    """The submission at `path` in order; an unreadable one is the release itself, saying why."""
    try:
        content = json.loads(read_plain_file(path).decode("utf-8-sig"))
        cells = content["cells"] if isinstance(content, dict) else None
        if not isinstance(cells, list):
            raise ValueError
    except Unreadable as problem:
        return repaired([], master, [str(problem)])
    except (ValueError, KeyError, RecursionError):
        return repaired([], master, [f"{path.name}: not a notebook; nothing in it could be read"])
    return repaired(given(cells), master)


def read_master(released: Path, assignment: str) -> NotebookNode:
    """The released notebook, which holds every graded cell as it must be."""
    path = released / assignment / f"{assignment}.ipynb"
    if not path.exists():
        raise NotReleased(f"{path} is missing; run 'autograder release {assignment}'")
    master: NotebookNode = nbformat.read(path, as_version=4)
    return master

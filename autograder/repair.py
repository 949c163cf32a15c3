"""A submitted notebook put back in order: the release's cells, with the student's answers in them.

nbgrader stops a whole class at one damaged notebook.  So what it gets is built from the
release, never mended: its cells in its order with its metadata, the student's text in the
solution cells, the student's own cells where they stood, and nothing else of the file.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import ids
from autograder.cells import Given, choose, given, named, read
from autograder.course import NotReleased
from autograder.errors import command
from autograder.submission import Unreadable, read_plain_file

__all__ = ["given", "load", "read_master", "repaired"]

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


def _short(source: str, name: str, said: list[str]) -> str:
    if len(source) <= MAX_SOURCE:
        return source
    said.append(f"{name} is longer than {MAX_SOURCE} characters; what is shown here is cut")
    return source[:MAX_SOURCE]


def repaired(cells: Sequence[Given], master: NotebookNode, problems: Sequence[str] = ()) -> NotebookNode:
    """The release `master` filled with a submission's cells; which of them count is `choose`'s decision.

    What had to be put right, after `problems`, is in the notebook's metadata
    ``shrinkage.repairs``: sentences for student and instructor.
    """
    wanted = {cell.metadata.nbgrader.grade_id: cell for cell in master.cells if "nbgrader" in cell.metadata}
    found = choose(cells, {name: cell.cell_type for name, cell in wanted.items()})
    chosen, said = found.places, [*problems, *found.problems]
    order = [name for name in wanted if name in chosen]
    if order != sorted(order, key=chosen.__getitem__):
        said.append("cells had been moved; they stand in their first order again")
    made = NotebookNode({**master, "metadata": copy.deepcopy(master.metadata)})
    own = _own_cells(cells, set(wanted), chosen, said)
    made.cells = own.get("", [])
    for target in copy.deepcopy(master.cells):
        name = target.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in chosen:
            _fill(target, cells[chosen[name]], name, said)
        elif _counts(target) and (cells or not problems):
            said.append(f"{named(name)} was missing; it has been put back as released")
        if ids.is_prose(name):
            del target.metadata["nbgrader"]  # nbgrader would warn that its gradebook does not know the cell
        made.cells += [target, *own.pop(name, [])]
    made.metadata.shrinkage = {**made.metadata.get("shrinkage", {}), "repairs": list(dict.fromkeys(said))}
    return made


def _counts(cell: NotebookNode) -> bool:
    """Whether a change of the cell is worth a word: prose may differ in an older release, and harms nobody."""
    flags = cell.metadata.get("nbgrader", {})
    return bool(flags.get("grade") or flags.get("solution"))


def _fill(target: NotebookNode, cell: Given, grade_id: str, said: list[str]) -> None:
    name, flags = named(grade_id), target.metadata.nbgrader
    answer = flags.solution and target.cell_type == "code"
    if cell.type != target.cell_type and _counts(target) and not answer:
        said.append(f"{name} was of type {cell.type}; it is of type {target.cell_type} again")
    source = UNSEEN.sub("\ufffd", cell.source)
    if flags.solution:
        target.source = _short(source, name, said)
    elif _counts(target) and source.rstrip() != target.source.rstrip():
        said.append(f"{name} is locked and had been changed; it has its released text again")


def _own_cells(
    cells: Sequence[Given], wanted: set[str], chosen: Mapping[str, int], said: list[str]
) -> dict[str, list[NotebookNode]]:
    """The student's own cells by the released cell they follow; superseded answers are among them."""
    own: dict[str, list[NotebookNode]] = {}
    released = {place: name for name, place in chosen.items()}
    after, count, length = "", 0, 0
    for place, cell in enumerate(cells):
        if place in released:
            after = released[place]
            continue
        if not cell.source.strip() or (cell.grade_id in wanted and cell.grade_id.endswith("--check")):
            continue
        if ids.is_prose(cell.grade_id):
            continue  # ours, of another release
        count += 1
        length += len(cell.source)
        if count > MAX_OWN_CELLS or length > MAX_OWN_LENGTH:
            said.append("there is more besides the released cells than a page can hold; the rest is not shown")
            break
        text = _short(UNSEEN.sub("\ufffd", cell.source), "a cell", said)
        own.setdefault(after, []).append(NEW[cell.type](text, id=f"own-{count}"))
    return own


def load(path: Path, master: NotebookNode) -> NotebookNode:
    """The submission at `path` in order; an unreadable one is the release itself, saying why."""
    try:
        cells, said = read(read_plain_file(path), path.name)
    except Unreadable as problem:
        return repaired([], master, [str(problem)])
    return repaired(cells, master, said)


def read_master(released: Path, assignment: str) -> NotebookNode:
    """The released notebook, which holds every graded cell as it must be."""
    path = released / assignment / f"{assignment}.ipynb"
    if not path.exists():
        raise NotReleased(f"{path} is missing; run {command(f'release {assignment}', released.parent)}")
    master: NotebookNode = nbformat.read(path, as_version=4)
    return master

"""The cells of a submitted notebook: read from anybody's bytes, and which of them counts for what.

The judge and nbgrader's page must agree on a student's answer, so both ask `choose`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder import ids
from autograder.errors import Foreseen

TYPES = ("code", "markdown", "raw")
TASK_LINE = re.compile(r"\s*#\s*task:\s*(\S{1,80})")
# What people upload instead of a notebook, by how it begins.
OTHERS = (
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"PK\x03\x04|PK\x05\x06"), "a zip archive"),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!"), "an archive"),
    (re.compile(rb"\s*<(!doctype|html|\?xml)", re.IGNORECASE), "a web page"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff"), "a picture"),
    (re.compile(rb"version https://git-lfs"), "a Git LFS pointer, not the file itself"),
    (re.compile(rb"(\s*(#|import |from |def |class |%))"), "a script or a text"),
)
_CELLS = re.compile(r'"cells"\s*:\s*\[')


class Unreadable(Foreseen):
    """A file that cannot be taken as a notebook; the message says why, for student and instructor."""


@dataclass(frozen=True)
class Given:
    """What counts of one cell of a submission; `task` is what its first line names."""

    type: str
    source: str
    grade_id: str = ""
    task: str = ""


@dataclass(frozen=True)
class Chosen:
    """Places of the cells that count, by grade id; `problems` are sentences on what was odd."""

    places: dict[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read(data: bytes, name: str) -> tuple[list[Given], list[str]]:
    """The cells of a notebook file of any format, and what was odd about the file.

    Raises
    ------
    Unreadable
        If it holds no cells; the message begins with `name`.
    """
    if not data.strip(b" \t\r\n\0"):
        raise Unreadable(f"{name}: the file is empty")
    for start, kind in OTHERS:
        if start.match(data):
            raise Unreadable(f"{name}: not a notebook, but {kind}; the .ipynb file itself is needed")
    said: list[str] = []
    notebook = _decoded(data, name, said)
    found = notebook.get("cells") if isinstance(notebook, dict) else None
    if found is None and isinstance(notebook, dict) and isinstance(notebook.get("worksheets"), list):
        # Format 3 keeps its cells one level deeper.
        lists = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        found = [cell for cells in lists if isinstance(cells, list) for cell in cells] or None
    if not isinstance(found, list):
        raise Unreadable(f"{name}: not a notebook (it holds no list of cells)")
    version = notebook.get("nbformat")
    if isinstance(version, int) and version != 4:
        said.append(f"the file is of notebook format {version:.20g}, not 4; its cells were read as they stand")
    return given(found), said


def belongs(data: bytes, assignment: str) -> bool:
    """Whether a notebook of another name holds cells of this assignment."""
    try:
        found, _ = read(data, "")
    except Unreadable:
        return False
    return any(c.grade_id.startswith(f"{assignment}--") or c.task.startswith(f"{assignment}.") for c in found)


def _decoded(data: bytes, name: str, said: list[str]) -> Any:
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        text = data.decode(json.detect_encoding(data), "replace")
        said.append("characters that are no Unicode were replaced")
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        cells = list(_whole_cells(text))
        if not cells:
            raise Unreadable(f"{name}: not a notebook (its JSON is damaged or cut off)") from None
        said.append(f"the file is damaged or cut off; only its first {len(cells)} cells could be read")
        return {"cells": cells}


# Python refuses numbers of thousands of digits; a student's counter is not worth a whole submission.
_DECODER = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < 20 else 0)


def _whole_cells(text: str) -> Iterator[Any]:
    """The cells before the place where a file was cut off."""
    start = _CELLS.search(text)
    place = start.end() if start else len(text)
    while True:
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        try:
            cell, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        yield cell


def given(cells: Any) -> list[Given]:
    """The cells of a submission, read as data from anybody."""
    found = []
    for cell in cells if isinstance(cells, list) else ():
        if not isinstance(cell, dict) or cell.get("cell_type") not in TYPES:
            continue
        # Format 3 calls the text of a code cell its input.
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        if isinstance(source, str):
            # Lone surrogates survive JSON but not UTF-8; replaced here, they cannot stop a later stage.
            text = source.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
            named = TASK_LINE.match(text)
            found.append(Given(cell["cell_type"], text, _grade_id(cell), named[1] if named else ""))
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


def choose(cells: Sequence[Given], wanted: Mapping[str, str]) -> Chosen:
    """Which cell counts for each released one.

    Parameters
    ----------
    cells : sequence of Given
    wanted : mapping
        Grade id -> cell type, as released, of the cells that can be asked for.

    Returns
    -------
    Chosen
        A cell counts by its grade id.  Where its first line names another task, or the id is
        lost, it counts by that line: ``# task: slug.name``.  Of equal claims the last counts.
    """
    best: dict[str, tuple[int, int]] = {}
    said: list[str] = []
    for place, cell in enumerate(cells):
        for name, rank in _claims(cell, wanted, said):
            if name in best and min(rank, best[name][0]) > _BY_LINE_ELSEWHERE:
                said.append(_twice(name, best[name][0], rank))
            # Text that still begins as the task does is an answer, but gives way to one in a code cell.
            if name not in best or rank >= best[name][0]:
                best[name] = (rank, place)
    for name, (rank, place) in best.items():
        if rank in (_BY_LINE, _BY_LINE_TEXT):
            said.append(f"{named(name)} had lost its id; it was recognised by its first line")
        if rank in (_TEXT, _BY_LINE_TEXT):
            said.append(f"{named(name)} was of type {cells[place].type}; it counts as code")
    return Chosen({name: place for name, (_, place) in best.items()}, tuple(dict.fromkeys(said)))


# How good a claim is: by id before by first line, in a code cell before in a text.
_BY_LINE_ELSEWHERE, _BY_LINE_TEXT, _BY_LINE, _TEXT, _OWN = range(5)


def _claims(cell: Given, wanted: Mapping[str, str], said: list[str]) -> Iterator[tuple[str, int]]:
    """The released cells that one cell can stand for, and how good each claim is."""
    told = ids.cell(cell.task) if ids.TASK_ID.fullmatch(cell.task) else ""
    told = told if wanted.get(told) == "code" else ""
    text = cell.type != "code"
    if cell.grade_id in wanted:
        if cell.grade_id.endswith("--check"):
            yield cell.grade_id, _OWN
            return
        if told and told != cell.grade_id:
            # The text of one answer in another cell, be it one of ours: it is what it says it is.  So it does
            # not matter whether `wanted` knows of texts, which it does for the page and not for the judge.
            yield cell.grade_id, _BY_LINE_ELSEWHERE
        elif not text or wanted[cell.grade_id] != "code":
            yield cell.grade_id, _OWN
        elif told:
            yield cell.grade_id, _TEXT
        else:
            said.append(f"{named(cell.grade_id)} was turned into text of type {cell.type}, so it holds no code")
    if told and told != cell.grade_id:
        yield told, _BY_LINE_TEXT if text else _BY_LINE
    elif not told:
        odd = cell.task or (ids.task(cell.grade_id) if cell.grade_id not in wanted else "") or ""
        if odd and cell.grade_id not in wanted and not text:
            name = ascii(odd[:60])[1:-1]
            said.append(f"a cell names the task {name}, which is not in this assignment; it costs nothing")


def _twice(name: str, before: int, now: int) -> str:
    if name.endswith("--check"):
        return f"{named(name)} occurs more than once; the released one is used"
    if before == now:
        return f"{named(name)} occurs more than once; the last one counts"
    by = "the one in the notebook's own cell" if max(before, now) == _OWN else "the one that is code"
    return f"{named(name)} occurs more than once; {by} counts"

"""What happens to notebooks between a student's desk and a grader's: each kind of damage as a function.

`Spoil` changes a notebook that is otherwise whole; `Store` puts its bytes into the student's
folder, or something else in their place.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from autograder import ids
from autograder.course import write_atomically

Notebook = dict[str, Any]
Spoil = Callable[[Notebook], None]
Store = Callable[[Path, str, bytes], Path | None]

HUGE = 200 << 20


def by_id(notebook: Notebook) -> dict[str, dict[str, Any]]:
    """A notebook's cells by their grade id."""
    ours = ((cell.get("metadata", {}).get("nbgrader", {}).get("grade_id"), cell) for cell in notebook["cells"])
    return {name: cell for name, cell in ours if isinstance(name, str)}


def _checks(notebook: Notebook) -> list[dict[str, Any]]:
    """The graded cells of tasks that a check judges, in their order."""
    return [cell for name, cell in by_id(notebook).items() if name.endswith("--check")]


def _solution(notebook: Notebook, check: dict[str, Any]) -> dict[str, Any]:
    name: str = check["metadata"]["nbgrader"]["grade_id"]
    return by_id(notebook)[name.removesuffix("--check")]


def none(notebook: Notebook) -> None:
    """As it should be."""


def duplicated(notebook: Notebook) -> None:
    """A graded cell pasted a second time, at which stock nbgrader stops the class, and a solution cell too."""
    check = _checks(notebook)[0]
    solution = _solution(notebook, check)
    first = {**copy.deepcopy(solution), "source": f"# task: {ids.task(solution['id'])}\n# a first try\n"}
    place = notebook["cells"].index(solution)
    notebook["cells"][place:place] = [first]
    notebook["cells"].insert(notebook["cells"].index(check) + 1, copy.deepcopy(check))


def deleted(notebook: Notebook) -> None:
    """A graded cell, a text and an answer to be read by a person are gone."""
    gone = [_checks(notebook)[1], next(c for c in notebook["cells"] if c["cell_type"] == "markdown")]
    gone += [c for c in by_id(notebook).values() if c["cell_type"] == "markdown" and _flags(c).get("solution")]
    notebook["cells"] = [c for c in notebook["cells"] if not any(c is g for g in gone)]


def reordered(notebook: Notebook) -> None:
    """The tasks stand in the opposite order, each check before what it checks."""
    notebook["cells"] = notebook["cells"][:1] + notebook["cells"][:0:-1]


def retyped(notebook: Notebook) -> None:
    """Two graded cells are no code any more."""
    for check, kind in zip(_checks(notebook), ("markdown", "raw"), strict=False):
        check["cell_type"] = kind
        check.pop("outputs", None)
        check.pop("execution_count", None)


def odd_metadata(notebook: Notebook) -> None:
    """What a cell says of itself is of no known version, of the wrong type, or nonsense."""
    first, second, *_ = _checks(notebook)
    _flags(first).update(schema_version=99, points="many", grade="perhaps")
    second["metadata"] = {"nbgrader": {**_flags(second), "locked": None, "checksum": 7}, "tags": "none"}
    text = next(c for c in notebook["cells"] if c["cell_type"] == "markdown")
    text["metadata"]["nbgrader"] = ["grade_id"]
    notebook["metadata"] = {"kernelspec": "Python", "language_info": None}


def unknown_task(notebook: Notebook) -> None:
    """A cell of a task that this assignment does not have."""
    stranger = copy.deepcopy(_solution(notebook, _checks(notebook)[0]))
    stranger["id"] = "extra--credit_please"
    stranger["source"] = "# task: extra.credit_please\nanswer = 'ten points'\n"
    _flags(stranger)["grade_id"] = stranger["id"]
    notebook["cells"].append(stranger)


def _flags(cell: dict[str, Any]) -> dict[str, Any]:
    flags: dict[str, Any] = cell["metadata"]["nbgrader"]
    return flags


def _put(path: Path, data: bytes) -> Path:
    write_atomically(path, data)
    return path


def plainly(folder: Path, name: str, data: bytes) -> Path:
    """Under the name that was asked for."""
    return _put(folder / f"{name}.ipynb", data)


def missing(folder: Path, name: str, data: bytes) -> None:
    """A folder with something else in it."""
    _put(folder / "note.txt", b"My notebook is on my other computer.\n")


def empty(folder: Path, name: str, data: bytes) -> Path:
    """No byte at all: an upload that failed."""
    return _put(folder / f"{name}.ipynb", b"")


def renamed(folder: Path, name: str, data: bytes) -> Path:
    """As a browser names a second download."""
    return _put(folder / f"{name} (1).ipynb", data)


def truncated(folder: Path, name: str, data: bytes) -> Path:
    """Cut off in the middle: a full disk."""
    return _put(folder / f"{name}.ipynb", data[: len(data) // 2])


def huge(folder: Path, name: str, data: bytes) -> Path:
    """Two hundred megabytes of nothing, which take no place on the disk."""
    path = _put(folder / f"{name}.ipynb", data)
    with path.open("r+b") as file:
        file.truncate(HUGE)
    return path


def no_notebook(folder: Path, name: str, data: bytes) -> Path:
    """The page that showed the notebook, saved under its name."""
    return _put(folder / f"{name}.ipynb", b"<!DOCTYPE html>\n<html><title>JupyterLab</title></html>\n")


def older_format(folder: Path, name: str, data: bytes) -> Path:
    """Saved in the notebook format of 2013, which has worksheets in the place of cells."""
    old = nbformat.convert(nbformat.reads(data.decode(), as_version=4), 3)
    return _put(folder / f"{name}.ipynb", (nbformat.writes(old, version=3) + "\n").encode())

"""Reading a submitted notebook as hostile data: bytes in, solution cells out, nothing run."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import ids
from autograder.errors import Foreseen

MAX_BYTES = 20 << 20


class Unreadable(Foreseen):
    """A file that cannot be taken as a notebook; the message says why, for student and instructor."""


@dataclass(frozen=True)
class Submission:
    """Solution cells by task.  `problems` are sentences on what was odd but could be read."""

    sha256: str
    cells: dict[str, str]
    problems: tuple[str, ...] = ()


def read_plain_file(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file; links, devices, pipes and oversized files are refused."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as problem:
        raise Unreadable(f"{path.name}: cannot be opened ({problem.strerror}); links are not followed") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise Unreadable(f"{path.name}: not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > limit:
            raise Unreadable(f"{path.name}: {status.st_size >> 20} MB; the limit is {limit >> 20} MB")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise Unreadable(f"{path.name}: larger than {limit >> 20} MB")
    return data


def parse(data: bytes, name: str = "notebook") -> Submission:
    """Find each solution cell by its `grade_id`; of duplicates the last counts."""
    if not data.strip():
        raise Unreadable(f"{name}: the file is empty")
    try:
        notebook: Any = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Unreadable(f"{name}: not a notebook (its JSON is damaged or cut off)") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise Unreadable(f"{name}: not a notebook of format 4 (it holds no list of cells)")
    found: dict[str, str] = {}
    problems: list[str] = []
    graded: set[str] = set()
    for cell in cells:
        grade_id, task, source = _identified(cell)
        if task is None:
            continue
        if grade_id.endswith("--check"):
            if grade_id in graded:
                problems.append(f"the graded cell of {task} occurs more than once; the released one is used")
            graded.add(grade_id)
            continue
        if task in found:
            problems.append(f"the cell of {task} occurs more than once; the last one counts")
        found[task] = source
    return Submission(hashlib.sha256(data).hexdigest(), found, tuple(dict.fromkeys(problems)))


def _identified(cell: Any) -> tuple[str, str | None, str]:
    """`grade_id`, task (None where the cell is of no task) and source of a code cell."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return "", None, ""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    if not isinstance(grade_id, str):
        return "", None, ""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return "", None, ""
    # Lone surrogates survive JSON but not UTF-8; replaced here, they cannot stop a later stage.
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return grade_id, ids.task(grade_id), source.encode("utf-8", "replace").decode("utf-8")


def load(path: Path) -> Submission:
    """Read and parse one submitted notebook."""
    return parse(read_plain_file(path), path.name)

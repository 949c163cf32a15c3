"""Reading a submitted notebook as hostile data: bytes in, solution cells out, nothing run."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import cells, ids
from autograder.cells import Unreadable
from autograder.manifest import Chapter

__all__ = ["MAX_BYTES", "Submission", "Unreadable", "load", "parse", "read_plain_file", "wanted"]

MAX_BYTES = 20 << 20


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


def wanted(chapter: Chapter) -> dict[str, str]:
    """Grade id -> cell type of everything that a chapter's notebook asks for."""
    found = {}
    for task in chapter.tasks:
        found[ids.cell(task.id)] = "markdown" if task.kind == "explain" else "code"
        if task.kind != "explain":
            found[ids.check_cell(task.id)] = "code"
    return found


def parse(data: bytes, name: str = "notebook", asked: Mapping[str, str] | None = None) -> Submission:
    """Find each solution cell; which one counts is decided by `autograder.cells.choose`.

    Parameters
    ----------
    data : bytes
    name : str
        The file's, for messages.
    asked : mapping, optional
        What `wanted` found; without it, whatever the cells themselves name.

    Raises
    ------
    Unreadable
        If the file holds no cells.
    """
    given, said = cells.read(data, name)
    if asked is None:
        asked = {cell.grade_id: "code" for cell in given if ids.task(cell.grade_id)}
        asked |= {ids.cell(cell.task): "code" for cell in given if ids.TASK_ID.fullmatch(cell.task)}
    chosen = cells.choose(given, asked)
    found = {}
    for grade_id, place in chosen.places.items():
        task = ids.task(grade_id)
        if task and not grade_id.endswith("--check") and asked[grade_id] == "code":
            found[task] = given[place].source
    return Submission(hashlib.sha256(data).hexdigest(), found, (*said, *chosen.problems))


def load(path: Path, asked: Mapping[str, str] | None = None) -> Submission:
    """Read and parse one submitted notebook."""
    return parse(read_plain_file(path), path.name, asked)

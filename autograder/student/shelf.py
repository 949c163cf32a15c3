"""A student's own cells inside their package, as text: where one stands, and putting another there.

A saved cell stands whole in the place of its stub, between its first line
``# task: ridge.closed_form`` and a line ``# end of ridge.closed_form``, so that the next
version replaces all of it, helpers included.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from autograder.authoring import slicing
from autograder.manifest import TaskInfo
from autograder.student.folder import Misuse


def file_of(info: TaskInfo, files: Mapping[str, str]) -> str:
    """The file of the package where the task's object lives.

    Raises
    ------
    Misuse
        If the package has no such module.
    """
    path = info.object.rsplit(".", 1)[0].replace(".", "/")
    for name in (f"{path}.py", f"{path}/__init__.py"):
        if name in files:
            return name
    raise Misuse(f"shrinkage/{path}.py is missing from your package; unpack the course's zip again to get it back.")


def name_of(info: TaskInfo) -> str:
    return info.object.rsplit(".", 1)[1]


def _region(module: str, info: TaskInfo) -> tuple[int, int] | None:
    """First and last line (from 0, inclusive) of a saved cell."""
    lines = module.split("\n")
    for first, line in enumerate(lines):
        if slicing.task_of(line) == info.id:
            for last in range(first, len(lines)):
                if lines[last].strip() == slicing.end_of(info.id):
                    return first, last
    return None


def current(module: str, info: TaskInfo) -> str:
    """What stands in the module for a task: the saved cell, else the definition alone."""
    region = _region(module, info)
    if region:
        return "\n".join(module.split("\n")[region[0] : region[1] + 1]) + "\n"
    try:
        return slicing.cut(module, name_of(info))
    except KeyError:
        module_name = info.object.rsplit(".", 1)[0]
        raise Misuse(
            f"shrinkage/{module_name}.py no longer defines {name_of(info)}; undo({info.id!r}) or restore the file."
        ) from None
    except SyntaxError as problem:
        module_name = info.object.rsplit(".", 1)[0]
        raise Misuse(
            f"shrinkage/{module_name}.py, line {problem.lineno}, is not valid Python ({problem.msg})."
        ) from None


def lines_of(module: str, info: TaskInfo) -> tuple[int, int]:
    """First and last line (from 1, inclusive) of what stands in the module for a task."""
    region = _region(module, info)
    return (region[0] + 1, region[1] + 1) if region else slicing.find(module, name_of(info))


def put(module: str, info: TaskInfo, text: str) -> str:
    """The module with `text` in the place of what stands there for the task."""
    old = current(module, info)
    region = _region(module, info)
    if region:
        lines = module.split("\n")
        return "\n".join([*lines[: region[0]], *text.rstrip("\n").split("\n"), *lines[region[1] + 1 :]])
    assert old
    return slicing.replace(module, name_of(info), text)


def splice(module: str, info: TaskInfo, cell: str) -> tuple[str, str]:
    """The module with the cell in the stub's place, and the text that now stands there.

    Raises
    ------
    autograder.authoring.slicing.Refused
        As `slicing.splice` does.
    """
    bare = put(module, info, info.stub)
    spliced = slicing.splice(bare, name_of(info), cell)
    return spliced, current(spliced, info)


def is_stub(text: str, info: TaskInfo) -> bool:
    return text.split() == info.stub.split()


def holds_stub(text: str, info: TaskInfo) -> bool:
    """Whether a module or cell defines the task's object as the stub."""
    try:
        return is_stub(slicing.cut(text, name_of(info)), info)
    except (KeyError, SyntaxError):
        return False


def defines(text: str, info: TaskInfo) -> bool:
    """Whether a cell defines the task's object."""
    try:
        slicing.find(text, name_of(info))
    except (KeyError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()

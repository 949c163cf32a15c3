"""A student's own cells inside their package: putting one in, taking it back, telling whose code it is.

A saved cell stands whole in the place of its stub, between its first line
``# task: ridge.closed_form`` and a line ``# end of ridge.closed_form``, so that the next
version replaces all of it, helpers included.  Every text that is replaced is first kept
as a file under ``.shrinkage/``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from autograder.authoring import slicing
from autograder.manifest import TaskInfo
from autograder.student.folder import Folder, Misuse, grading, read, write

HISTORY = ".shrinkage"
REFERENCE = "reference.json"  # in the bundle's autograder/: objects that came as reference, with their hashes


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
                if lines[last].strip() == f"# end of {info.id}":
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
        raise Misuse(f"shrinkage/{module_name}.py, line {problem.lineno}, is not valid Python ({problem.msg}).") from None


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
    slicing.splice(bare, name_of(info), cell)
    saved = cell.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + f"\n# end of {info.id}\n"
    return put(bare, info, saved), saved


def is_stub(text: str, info: TaskInfo) -> bool:
    return text.split() == info.stub.split()


def save(folder: Folder, info: TaskInfo, cell: str) -> bool:
    """Put a passed cell into the student's package; whether that changed anything."""
    files = folder.files()
    file = file_of(info, files)
    before = current(files[file], info)
    module, after = splice(files[file], info, cell)
    if before == after:
        return False
    if not grading():
        _remember(folder, info, before, after)
    folder.write(file, module)
    return True


def _entries(folder: Folder, task: str) -> list[str]:
    place = folder.root / HISTORY / task
    return sorted(path.name for path in place.glob("[0-9]*.json")) if place.is_dir() else []


def _remember(folder: Folder, info: TaskInfo, before: str, after: str) -> None:
    entries = _entries(folder, info.id)
    number = int(entries[-1].split(".")[0]) + 1 if entries else 1
    text = json.dumps({"before": before, "after": after}, ensure_ascii=False, indent=1) + "\n"
    write(folder.root / HISTORY / info.id / f"{number:04d}.json", text)


def last_saved(folder: Folder, task: str) -> dict[str, str] | None:
    """The last save that was not undone: texts ``before`` and ``after``."""
    entries = _entries(folder, task)
    if not entries:
        return None
    path = folder.root / HISTORY / task / entries[-1]
    try:
        found = json.loads(read(path)[0])
        return {"before": str(found["before"]), "after": str(found["after"])}
    except (ValueError, KeyError, TypeError):
        raise Misuse(f"{path} is damaged; delete it to go on without that step of the history.") from None


def undo(folder: Folder, info: TaskInfo) -> bool:
    """Put back what the last save replaced; whether there was such a save."""
    step = last_saved(folder, info.id)
    if step is None:
        return False
    files = folder.files()
    file = file_of(info, files)
    folder.write(file, put(files[file], info, step["before"]))
    (folder.root / HISTORY / info.id / _entries(folder, info.id)[-1]).unlink()
    return True


def put_back(folder: Folder, info: TaskInfo) -> bool:
    """Bring a saved cell back where the package holds the stub again (an unpacked newer zip)."""
    step = last_saved(folder, info.id)
    files = folder.files()
    file = file_of(info, files)
    if step is None or not is_stub(current(files[file], info), info):
        return False
    folder.write(file, put(files[file], info, step["after"]))
    return True


def whose(folder: Folder, files: Mapping[str, str], info: TaskInfo) -> str:
    """``yours``, ``reference`` or ``not yet``; ``yours, unchecked`` where it changed since it passed."""
    text = current(files[file_of(info, files)], info)
    if is_stub(text, info):
        return "not yet"
    if references(folder).get(info.object) == digest(text):
        return "reference"
    step = last_saved(folder, info.id)
    return "yours" if step and step["after"] == text else "yours, unchecked"


def digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def references(folder: Folder) -> dict[str, str]:
    """Objects of closed chapters that came with the bundle as reference, with the hash of their text."""
    path = folder.root / "autograder" / REFERENCE
    if not path.is_file():
        return {}
    return {str(k): str(v) for k, v in json.loads(read(path)[0]).items()}

"""The history of a student's package: saving a passed cell, taking it back, telling whose code stands there.

Every text that a save replaces is first kept as a file under ``.shrinkage/<task>/``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from autograder.manifest import TaskInfo
from autograder.student import shelf
from autograder.student.folder import Folder, Misuse, grading, read, write

HISTORY = ".shrinkage"
EDITED = "edited-by-hand"  # what undo replaced, where no notebook holds it
REFERENCE = "reference.json"  # in the bundle's autograder/: objects that came as reference, with their hashes


def save(folder: Folder, info: TaskInfo, cell: str) -> bool:
    """Put a passed cell into the student's package; whether that changed anything."""
    files = folder.files()
    file = shelf.file_of(info, files)
    before = shelf.current(files[file], info)
    module, after = shelf.splice(files[file], info, cell)
    if before == after:
        return False
    if not grading():
        _remember(folder, info, before, after)
    folder.write(file, module)
    return True


def record(folder: Folder, info: TaskInfo) -> bool:
    """Remember what was written by hand into the package and passed; whether it is the student's at all."""
    files = folder.files()
    if whose(folder, files, info) == "reference":
        return False
    text = shelf.current(files[shelf.file_of(info, files)], info)
    step = last_saved(folder, info.id)
    if not grading() and (step is None or step["after"] != text):
        _remember(folder, info, step["after"] if step else info.stub, text, by_hand=True)
    return True


def _entries(folder: Folder, task: str) -> list[str]:
    place = folder.root / HISTORY / task
    return sorted(path.name for path in place.glob("[0-9]*.json")) if place.is_dir() else []


def _remember(folder: Folder, info: TaskInfo, before: str, after: str, by_hand: bool = False) -> None:
    entries = _entries(folder, info.id)
    number = int(entries[-1].split(".")[0]) + 1 if entries else 1
    step = {"before": before, "after": after, "by_hand": "yes" if by_hand else ""}
    text = json.dumps(step, ensure_ascii=False, indent=1) + "\n"
    write(folder.root / HISTORY / info.id / f"{number:04d}.json", text)


def last_saved(folder: Folder, task: str) -> dict[str, str] | None:
    """The last save that was not undone: texts ``before`` and ``after``, and whether it was written ``by_hand``."""
    entries = _entries(folder, task)
    if not entries:
        return None
    path = folder.root / HISTORY / task / entries[-1]
    try:
        found = json.loads(read(path)[0])
        by_hand = str(found.get("by_hand", ""))
        return {"before": str(found["before"]), "after": str(found["after"]), "by_hand": by_hand}
    except (ValueError, KeyError, TypeError):
        raise Misuse(f"{path} is damaged; delete it to go on without that step of the history.") from None


def undo(folder: Folder, info: TaskInfo) -> str | None:
    """Put back what the last save replaced; None if there was no save.

    Returns the place, relative to the folder, where text that only the package held is kept; else nothing.
    """
    step = last_saved(folder, info.id)
    if step is None:
        return None
    files = folder.files()
    file = shelf.file_of(info, files)
    now = shelf.current(files[file], info)
    kept = ""
    if now not in (step["after"], step["before"]) or step["by_hand"]:  # not ours to lose
        place = folder.root / HISTORY / info.id
        number = 1 + len(list(place.glob(f"{EDITED}-*.py")))
        write(place / f"{EDITED}-{number}.py", now)
        kept = f"{HISTORY}/{info.id}/{EDITED}-{number}.py"
    folder.write(file, shelf.put(files[file], info, step["before"]))
    (folder.root / HISTORY / info.id / _entries(folder, info.id)[-1]).unlink()
    return kept


def put_back(folder: Folder, info: TaskInfo) -> bool:
    """Bring a saved cell back where the package holds the stub again (an unpacked newer zip)."""
    step = last_saved(folder, info.id)
    files = folder.files()
    file = shelf.file_of(info, files)
    if step is None or not shelf.is_stub(shelf.current(files[file], info), info):
        return False
    folder.write(file, shelf.put(files[file], info, step["after"]))
    return True


def whose(folder: Folder, files: Mapping[str, str], info: TaskInfo) -> str:
    """``yours``, ``reference`` or ``not yet``; ``yours, unchecked`` where it changed since it passed."""
    text = shelf.current(files[shelf.file_of(info, files)], info)
    if shelf.is_stub(text, info):
        return "not yet"
    if references(folder).get(info.object) == shelf.digest(text):
        return "reference"
    step = last_saved(folder, info.id)
    return "yours" if step and step["after"] == text else "yours, unchecked"


def references(folder: Folder) -> dict[str, str]:
    """Objects of closed chapters that came with the bundle as reference, with the hash of their text."""
    path = folder.root / "autograder" / REFERENCE
    if not path.is_file():
        return {}
    return {str(k): str(v) for k, v in json.loads(read(path)[0]).items()}

"""A notebook as its file holds it: the cells that will count, and what is odd about them."""

from __future__ import annotations

import ast
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import cells as notebook
from autograder import ids, submission
from autograder.authoring import slicing
from autograder.manifest import Chapter
from autograder.student import cells
from autograder.student.folder import Folder, Misuse

UNWRITTEN = "YOUR ANSWER HERE"


@dataclass(frozen=True)
class Saved:
    """Sources by task, of code cells and of `written` ones; `others` are the sources of all other code cells.

    `odd` are sentences for the student.
    """

    path: Path
    code: Mapping[str, str]
    written: Mapping[str, str]
    others: frozenset[str]
    student: str
    odd: tuple[str, ...]

    @property
    def when(self) -> str:
        """Name and time of the file, in words."""
        at = time.strftime("%Y-%m-%d at %H:%M:%S", time.localtime(self.path.stat().st_mtime))
        return f"{self.path.name} as saved on {at}"


def find(folder: Folder, chapter: Chapter, name: str) -> Path:
    """The notebook of a chapter in the folder, or the one a student names.

    Raises
    ------
    Misuse
        If there is none; it names the notebooks that are there.
    """
    asked = name or f"{chapter.slug}.ipynb"
    for place in (Path.cwd() / asked, folder.root / asked):
        if place.is_file():
            return place
    there = sorted(path.name for path in folder.root.glob("*.ipynb"))
    held = f"it holds {', '.join(there)}" if there else "it holds no notebook"
    cure = f"check_all({chapter.slug!r}, notebook={there[0]!r}) reads another one" if there else "save it there"
    raise Misuse(f"{asked} is not in {folder.root}; {held}; {cure}.")


def load(path: Path, chapter: Chapter) -> Saved:
    """Read a notebook as grading will.

    Raises
    ------
    Misuse
        If it cannot be read at all.
    """
    try:
        given, said = notebook.read(path.read_bytes(), path.name)
    except notebook.Unreadable as problem:
        raise Misuse(f"{problem}; save the notebook again, or copy your cells into a fresh one from the zip.") from None
    except OSError as problem:
        raise Misuse(f"{path} cannot be read ({problem.strerror}).") from None
    wanted = submission.wanted(chapter)
    chosen = notebook.choose(given, wanted)
    odd = [_sentence(problem) for problem in (*said, *chosen.problems)]
    code: dict[str, str] = {}
    written: dict[str, str] = {}
    if not any(cell.grade_id in wanted for cell in given):
        odd = [
            "No cell of this file carries the mark by which grading finds it; cells are told by their first lines "
            "alone: copy your cells into a fresh notebook from the zip."
        ]
    else:
        there = {*chosen.places, *(cell.grade_id for cell in given)}
        odd += [_missing(name) for name in wanted if name not in there]
    for name, place in chosen.places.items():
        task, cell = ids.task(name), given[place]
        if task is None or name.endswith("--check"):
            continue
        if wanted[name] == "markdown":
            written[task] = cell.source
            if cell.type != "markdown":
                odd.append(f"The cell of {task} was turned into {cell.type}: turn it into Markdown again.")
            continue
        code[task] = cell.source
        if slicing.task_of(cell.source.lstrip()) != task:
            instead = f"; it begins with `# task: {cell.task}`" if cell.task else ""
            odd.append(f"The cell of {task} has lost its first line `# task: {task}`{instead}: put it back on top.")
    counted = set(chosen.places.values())
    others = frozenset(c.source.strip() for i, c in enumerate(given) if c.type == "code" and i not in counted)
    start = next((c.source for c in given if c.grade_id == f"{chapter.slug}--start-student"), "")
    return Saved(path, code, written, others, _student(start), tuple(dict.fromkeys(odd)))


def _missing(grade_id: str) -> str:
    back = "grading puts it back" if grade_id.endswith("--check") else "take it from a fresh notebook of the zip"
    return _sentence(f"{notebook.named(grade_id)} is missing: {back}")


def _sentence(problem: str) -> str:
    return f"{problem[:1].upper()}{problem[1:]}."


def _student(source: str) -> str:
    """The student id that the first cell sets, read and not run."""
    try:
        for node in ast.parse(source).body:
            match node:
                case ast.Assign(targets=[ast.Name(id="student")], value=ast.Constant(value=str() | int() as found)):
                    return str(found).strip()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return ""


def behind(found: Saved, chapter: Chapter, ip: Any) -> list[str]:
    """A sentence for each cell whose last run in this kernel is not what the file holds."""
    if ip is None:
        return []
    last: dict[str, str] = {}
    for text in cells.ran(ip):
        if task := slicing.task_of(text.lstrip()):
            last[task] = text.replace("\r\n", "\n").strip()
    unsaved: list[str] = []
    other: list[str] = []
    for task in (t.id for t in chapter.tasks if t.id in last):
        if last[task] != found.code.get(task, "").strip():
            (other if last[task] in found.others else unsaved).append(task)
    said = []
    if unsaved:
        said.append(
            f"The file does not hold what you ran last for {', '.join(unsaved)}: save the notebook (Ctrl-S) and call "
            "check_all again; or, if you changed a cell after running it, this is the changed one."
        )
    said += [f"What you ran last for {task} stands in a cell that is not the one that counts." for task in other]
    return said

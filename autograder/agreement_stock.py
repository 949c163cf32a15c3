"""Stock nbgrader, untouched: its own `autograde` runs a notebook in a kernel and reads each check's value.

A course of its own, with nbgrader's settings at their defaults and the student bundle beside the
notebook as supporting files.  It runs student code outside any jail, so it is given only what we
assembled ourselves.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import ids
from autograder.authoring import bundle
from autograder.course import write_atomically

CONFIG = """\
from pathlib import Path

c = get_config()
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.db_url = "sqlite:///" + str(Path(__file__).resolve().parent / "gradebook.db")
c.ClearSolutions.code_stub = {{"python": {stub!r}}}
"""
NOT_PASSED = re.compile(r"^\s*\[not passed\] (.+(?:\n {4}(?![\w ]{1,20}: )\S.*)*)", re.MULTILINE)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Graded:
    """One graded cell as nbgrader has it: its points, and the verdict that the check displayed."""

    points: float | None
    shown: str


def prepare(root: Path, source: Path, slug: str, build: Path) -> None:
    """Make a course in `root` from an assignment's source notebook and the student bundle."""
    from nbgrader.converters import GenerateAssignment

    from autograder import nbgrader_run
    from autograder.authoring.slicing import STUB

    write_atomically(root / "nbgrader_config.py", CONFIG.format(stub=STUB).encode())
    shutil.copytree(build / "bundle" / bundle.NAME, root / "source" / slug, ignore=shutil.ignore_patterns("*.ipynb"))
    shutil.copyfile(source, root / "source" / slug / f"{slug}.ipynb")
    nbgrader_run.convert(GenerateAssignment, root, slug)


def start() -> None:
    """Prepare a worker process: what every kernel needs, imported or set once."""
    os.environ.update(ONE_THREAD)
    # Each kernel greets there, and nbgrader's own warnings are not ours to show; failures are raised.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    importlib.import_module("nbgrader.converters")  # two seconds, once a worker


def autograde(root: Path, slug: str, student: str) -> dict[str, Graded]:
    """Run nbgrader's `autograde` on one submission; points and verdicts by task."""
    from nbgrader.converters import Autograde

    from autograder import nbgrader_run

    nbgrader_run.convert(Autograde, root, slug, student)
    cells = json.loads((root / "autograded" / student / slug / f"{slug}.ipynb").read_text(encoding="utf-8"))["cells"]
    shown = {cell["metadata"].get("nbgrader", {}).get("grade_id"): _plain(cell) for cell in cells}
    found = {}
    with nbgrader_run.open_gradebook(root) as book:
        for grade in book.find_submission_notebook(slug, slug, student).grades:
            task = ids.task(grade.cell.name)
            if task and grade.cell.name.endswith("--check"):
                points = grade.auto_score
                found[task] = Graded(None if points is None else float(points), shown.get(grade.cell.name, ""))
    return found


def _plain(cell: dict[str, Any]) -> str:
    """What a cell's outputs say as text, errors included."""
    said = []
    for output in cell.get("outputs", []):
        text = output.get("data", {}).get("text/plain") or output.get("text") or output.get("evalue", "")
        said.append("".join(text))
    return "\n".join(said)

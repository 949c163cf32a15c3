"""A real bundle in miniature: the ridge tasks, with their real cases, mutants and stubs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import casesets
from autograder.authoring import bundle, known, notebooks, places, prerequisites, slicing
from autograder.authoring.pages import PageCell
from autograder.casesets import CaseSet
from autograder.checks import tasks
from autograder.checks.base import Task
from autograder.manifest import Chapter, Manifest, Section, TaskInfo

POINTS = {"closed_form": 2.0, "with_intercept": 2.0, "filter_factors": 1.0}


def info(name: str) -> TaskInfo:
    files = known.reference_files()
    stub = places.in_words(slicing.strip(slicing.cut(files["ridge.py"], name)), places.lookup())
    needs = sorted(t for t in prerequisites.closure(f"ridge.{name}", files) if t.split(".")[1] in POINTS)
    return TaskInfo(
        id=f"ridge.{name}",
        title=name.replace("_", " ").capitalize(),
        kind="implement",
        points=POINTS[name],
        object=f"ridge.{name}",
        stub=stub,
        imports=slicing.needed_imports(files["ridge.py"], stub),
        prerequisites=tuple(needs),
        hints=("Set the gradient to zero.", "Mind the n beside λ."),
    )


def question(name: str, kind: str) -> TaskInfo:
    return TaskInfo(f"ridge.{name}", name.capitalize(), kind, 1.0, "", "", "", (), ())  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def infos() -> dict[str, TaskInfo]:
    return {f"ridge.{name}": info(name) for name in POINTS}


@pytest.fixture(scope="session")
def manifest(infos: dict[str, TaskInfo]) -> Manifest:
    found = (*infos.values(), question("zeros", "predict"), question("always_better", "explain"))
    sections = (Section("sec-ridge-closed-form", "The closed form", "ridge/index", "1.3"),)
    return Manifest("0123456789ab", (Chapter("ridge", "Ridge", found),), sections, "")


@pytest.fixture(scope="session")
def cases(infos: dict[str, TaskInfo]) -> dict[str, CaseSet]:
    made = {}
    for task_id, task_info in infos.items():
        task = tasks("ridge")[task_id]
        assert isinstance(task, Task)
        mutants = [
            (
                {"name": m.name, "mode": m.mode, "message": m.message, "section": m.section},
                known.caller(task_info, m.cell),
            )
            for m in known.mutants(task_id)
        ]
        made[task_id] = casesets.make(task, np.random.default_rng(7), known.caller(task_info), mutants)
    return made


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, manifest: Manifest, cases: dict[str, CaseSet]) -> Path:
    out = tmp_path_factory.mktemp("bundle")
    notebook = out / "released.ipynb"
    notebook.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n', encoding="utf-8")
    return bundle.build_bundle(manifest, cases, {"ridge": notebook}, out)


@pytest.fixture
def course(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A student's copy, in a folder whose name is not ASCII, as the current directory."""
    folder = tmp_path / "Übung λ" / bundle.NAME
    shutil.copytree(built, folder)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    # The reference stands on this process's path; a student's does not have it.
    monkeypatch.setattr(sys, "path", [str(folder), *(p for p in sys.path if not p.endswith("solutions"))])
    before = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "shrinkage"}
    yield folder
    for name in [n for n in sys.modules if n.split(".")[0] == "shrinkage"]:
        del sys.modules[name]
    sys.modules.update(before)


def cell(name: str, mutant: str = "") -> str:
    """The reference or a mutant as a whole solution cell."""
    if mutant:
        return next(m.cell for m in known.mutants(f"ridge.{name}") if m.name == mutant)
    return known.reference_cell(info(name))


class Shell:
    """What `check` asks of IPython: cells as typed, names bound, and a kernel."""

    kernel = object()

    def __init__(self) -> None:
        self.user_ns: dict[str, object] = {}
        self.history_manager = self
        self.input_hist_raw = [""]

    def run(self, text: str) -> None:
        self.input_hist_raw.append(text)


@pytest.fixture
def notebook(course: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Shell, list[dict[str, str]]]:
    """A shell in the course folder, and all that was displayed in it."""
    from autograder.student import cells

    shell, shown = Shell(), []
    monkeypatch.setattr(cells, "shell", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    return shell, shown


def as_file(sources: dict[str, str], manifest: Manifest, change: Callable[[dict[str, Any]], None] | None = None) -> str:
    """The chapter's notebook as JupyterLab saves it: the release with some cells filled in, by grade id."""
    pages = [PageCell("task", "", task) for task in manifest.chapters[0].tasks]
    found = notebooks.source_notebook(pages, manifest, "ridge")
    for made in found.cells:
        made.source = sources.get(made.id, slicing.strip(made.source).rstrip("\n"))
    content: dict[str, Any] = json.loads(json.dumps(found))
    if change is not None:
        change(content)
    return json.dumps(content, indent=1, ensure_ascii=False)

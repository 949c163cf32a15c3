"""What must never leave, and where it is looked for: a solution's lines, an analysis' answer.

Of lines, those of 25 characters or more.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder import paths
from autograder.authoring import known, prerequisites, slicing
from autograder.casesets import CaseSet, without
from autograder.manifest import Manifest, TaskInfo

BROKEN = re.compile(r"^(?:`{3,}|:{3,})\{broken\}[^\n]*\n(.*?)^(?:`{3,}|:{3,})", re.MULTILINE | re.DOTALL)

ORDINARY = ("import ", "from ", "def ", "#")  # how a student's own cell begins; a comment is no solution


def leaks(texts: Mapping[str, str], secret: Iterable[str] | None = None) -> list[str]:
    """Where a line that must never leave stands after all: ``place: line``."""
    lines = sorted(secrets() if secret is None else secret)
    return [f"{place}: {line}" for place, text in texts.items() for line in lines if line in text]


def secrets(root: Path = paths.ROOT, of: TaskInfo | None = None) -> set[str]:
    """What must not leave: lines between markers, bodies of the answers, and what sets a mutant apart.

    With `of`, of that task alone.
    """
    files = known.reference_files(root)
    solved = files.values() if of is None else _definition(of, files)
    found = {line for text in solved for line in slicing.secrets(text)}
    if of is None:
        found |= known.answer_secrets(root)
    elif not of.object and of.kind != "explain":
        cell = known.reference_cell(of, root) if of.kind == "analyse" else _key(of, root)
        found |= _long(slicing.lines_of(cell)) & known.answer_secrets(root)
    # A student has the stubs, the worked code and what is to be repaired: a mutant is secret where it says more.
    given = [slicing.strip(text) for text in files.values()]
    given += [b for page in (root / "book").glob("*/exercises.md") for b in BROKEN.findall(page.read_text("utf-8"))]
    public = "\n".join(given)
    for path in sorted((root / "tests" / "mutants").glob("*/*.py" if of is None else _named(of))):
        lines = _long(slicing.lines_of(path.read_text(encoding="utf-8")))
        found |= {line for line in lines if line not in public}
    return found


def _named(task: TaskInfo) -> str:
    slug, name = task.id.split(".")
    return f"{slug}/*--{name}.py"


def _definition(task: TaskInfo, files: Mapping[str, str]) -> list[str]:
    if not task.object:
        return []
    module, name = task.object.rsplit(".", 1)
    file = prerequisites.module_file(module, files)
    return [slicing.cut(files[file], name)] if file else []


def _key(task: TaskInfo, root: Path) -> str:
    slug, name = task.id.split(".")
    return slicing.cut(known.answers_source(slug, root), name)


def _long(lines: Iterable[str]) -> set[str]:
    stripped = (line.strip() for line in lines)
    return {line for line in stripped if len(line) >= slicing.SECRET and not line.startswith(ORDINARY)}


def leaving(root: Path = paths.ROOT) -> dict[str, str]:
    """What pages, bundle and releases are made of, before a build: pages, stubs and worked code, checks, messages."""
    found = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in (root / "book").glob("**/[!_]*.md")}
    for path in sorted((root / "autograder" / "checks").glob("*.py")):
        found[path.relative_to(root).as_posix()] = path.read_text("utf-8")
    for name, text in known.reference_files(root).items():
        found[f"solutions/shrinkage/{name}, outside the markers"] = slicing.strip(text)
    for path in sorted((root / "tests" / "mutants").glob("*/*.py")):
        found[f"{path.relative_to(root).as_posix()}, its message"] = known.read(path).message
    return found


def published(build: Path) -> dict[str, str]:
    """Every text file that leaves the house: site (search index included), bundle, releases."""
    folders = [build / "site", build / "bundle", build / "nbgrader" / "release"]
    files = [f for folder in folders for f in sorted(folder.rglob("*")) if is_text(f)]
    return {f.relative_to(build).as_posix(): readable(f) for f in files}


def answers(files: Mapping[str, Path]) -> list[str]:
    """Where a bundle's case set of an analysis holds what the reference answers: ``place: case, whose``.

    What a function returns on the visible cases is public; an analysis' answer would be copied.
    """
    found = []
    for place, file in files.items():
        if file.suffix != ".npz":
            continue
        cases = CaseSet.load(file)
        info = Manifest.load(file.parents[1] / "manifest.json").task(cases.task)
        if info is None or not cases.analysis:
            continue
        right = known.caller(info)
        for i, case in enumerate(cases.cases):
            answer = right(case)
            held = {"the reference": cases.expected[i]} | {f"mutant {m.name}": m.outcomes[i] for m in cases.mutants}
            right_in = [whose for whose, outcome in held.items() if without(outcome, answer) is not outcome]
            found += [f"{place}: {case.name}, {whose}" for whose in right_in]
    return found


def published_cases(build: Path) -> dict[str, Path]:
    """Every case set that leaves with the bundle."""
    return {f.relative_to(build).as_posix(): f for f in sorted((build / "bundle").rglob("*.npz"))}


def is_text(file: Path) -> bool:
    """Whether a file can show anybody a line of code."""
    return file.suffix in {".html", ".js", ".json", ".py", ".ipynb", ".md", ".txt", ".css", ".inv", ".svg"}


def readable(file: Path) -> str:
    """Text as its reader sees it: highlighting's tags and JSON's escapes would hide a line of code."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix == ".html":
        return html.unescape(re.sub(r"<[^<>]*>", "", text))
    if file.suffix == ".ipynb":
        return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return text

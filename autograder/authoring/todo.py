"""What of one exercise is still to be written: the lines that `autograder new` marked, in the order of the work."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import paths
from autograder.authoring import places, prerequisites, slicing

TODO = "TODO"


@dataclass(frozen=True)
class Missing:
    """One line still to be written; `file` is relative to the house, `line` counts from 1."""

    file: str
    line: int
    text: str


def missing(task: str, target: str, root: Path = paths.ROOT) -> list[Missing]:
    """Every such line of a task: chapter, definition, page, checks, answers, mutants, variants."""
    slug, name = task.split(".")
    found: list[Missing] = []

    def look(path: Path, spans: Iterator[tuple[int, int]] | None = None) -> None:
        lines = slicing.lines_of(path.read_text(encoding="utf-8")) if path.is_file() else []
        for first, last in [(1, len(lines))] if spans is None else spans:
            numbered = enumerate(lines[first - 1 : last], first)
            place = path.relative_to(root).as_posix()
            found.extend(Missing(place, number, line.strip()) for number, line in numbered if TODO in line)

    look(root / "book" / slug / "index.md")
    if target:
        module, defined = target.rsplit(".", 1)
        package = root / "solutions" / "shrinkage"
        file = prerequisites.module_file(module, prerequisites.sources(package))
        if file is not None:
            look(package / file, _first_lines(package / file))
            look(package / file, _nodes(package / file, (), names=(defined,)))
    page = root / "book" / slug / "exercises.md"
    look(page, _head(page))
    look(page, _directives(page, task))
    for path in sorted((root / "autograder" / "checks").glob(f"{slug.replace('-', '_')}*.py")):
        look(path, _first_lines(path))
        look(path, _nodes(path, (rf"\b_{name}_\w+", rf'"{re.escape(task)}"')))
    answers = root / "solutions" / "answers"
    look(answers / f"{slug}.py", _nodes(answers / f"{slug}.py", (), names=(name,)))
    look(answers / f"{slug}.md", _chapter_of(answers / f"{slug}.md", task))
    for folder in ("mutants", "variants"):
        for path in sorted((root / "tests" / folder / slug).glob(f"*--{name}.py")):
            look(path)
    return found


def _first_lines(path: Path) -> Iterator[tuple[int, int]]:
    """A module's docstring."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    if body and isinstance(body[0], ast.Expr):
        yield 1, body[0].end_lineno or 1


def _nodes(path: Path, mentions: tuple[str, ...], names: tuple[str, ...] = ()) -> Iterator[tuple[int, int]]:
    """Top-level statements with one of these names, or (where no names are asked) that mention a pattern."""
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    lines = slicing.lines_of(text)
    for node in ast.parse(text).body:
        first, last = node.lineno, node.end_lineno or node.lineno
        here = "\n".join(lines[first - 1 : last])
        wanted = getattr(node, "name", "") in names if names else any(re.search(m, here) for m in mentions)
        if wanted:
            yield first, last


def _head(page: Path) -> Iterator[tuple[int, int]]:
    """A page up to its first exercise."""
    lines = slicing.lines_of(page.read_text(encoding="utf-8")) if page.is_file() else []
    yield 1, next((i for i, line in enumerate(lines) if re.match(r"[`:]{3,}\{task\}", line)), len(lines))


def _directives(page: Path, task: str) -> Iterator[tuple[int, int]]:
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    for token in places.parser().parse(text):
        if token.type in places.FENCES and token.map and token.info.split() == ["{task}", task]:
            yield token.map[0] + 1, token.map[1]


def _chapter_of(path: Path, task: str) -> Iterator[tuple[int, int]]:
    """The model answer: from its heading to the next."""
    lines = slicing.lines_of(path.read_text(encoding="utf-8")) if path.is_file() else []
    for i, line in enumerate(lines):
        if line.strip() == f"## {task}":
            rest = (j for j in range(i + 1, len(lines)) if lines[j].startswith("## "))
            yield i + 1, next(rest, len(lines))

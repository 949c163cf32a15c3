"""What a gate sees in an exercise's words before anything is run: labels, names of inputs, examples, mended gaps."""

from __future__ import annotations

import doctest
import io
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from autograder import paths
from autograder.authoring import bodies, known, places, prerequisites, slicing
from autograder.manifest import TaskInfo

# Roles that point to a label of the book; the rest have their own registers.
ROLES = ("eq", "ref", "numref", "prf:ref")


def meant(name: str, among: Collection[str]) -> str:
    """A name's nearest neighbours, as the end of a sentence."""
    near = get_close_matches(name, sorted(among), 2, 0.75)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""


def labels(root: Path = paths.ROOT) -> set[str]:
    """Every label that a page gives: of headings, equations, theorems and figures."""
    texts = (path.read_text(encoding="utf-8") for path in (root / "book").glob("**/[!_]*.md"))
    return {next(filter(None, found.groups())) for text in texts for found in places.LABEL.finditer(text)}


def unknown(said: Mapping[str, Collection[str]], among: Collection[str]) -> list[str]:
    """One line for each label that nothing has: who says it, and what it may be meant for."""
    lost = {label: [who for who, here in said.items() if label in here] for here in said.values() for label in here}
    return [
        f"{', '.join(who)}: no place of the book has the label {label!r}{meant(label, among)}"
        for label, who in sorted(lost.items())
        if label not in among
    ]


def pointed(task: TaskInfo, root: Path = paths.ROOT) -> dict[str, set[str]]:
    """Labels to which a task's block and its docstring point, by place."""
    found = {f"book/{task.id.split('.')[0]}/exercises.md": block(task.id, root)}
    if task.object and (source := _definition(task, root)):
        found[f"solutions/shrinkage/{source[0]}"] = source[1]
    return {
        place: {m["to"] or m["label"] for m in places.ROLE.finditer(text) if m["role"] in ROLES}
        for place, text in found.items()
    }


def block(task: str, root: Path = paths.ROOT) -> str:
    """The words of a task's block on its page; empty where it has none."""
    page = root / "book" / task.split(".")[0] / "exercises.md"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    for token in places.parser().parse(text):
        if token.type in places.FENCES and token.info.split() == ["{task}", task]:
            return token.content
    return ""


def unnamed(task: TaskInfo, root: Path = paths.ROOT) -> list[str]:
    """Parameters of a student's own that the block does not name in backticks."""
    spans = re.findall(r"`([^`\n]+)`", block(task.id, root))
    names = task.parameters[0] if task.parameters else ()
    return [name for name in names if not any(re.search(rf"\b{re.escape(name)}\b", span) for span in spans)]


def examples(task: TaskInfo) -> str:
    """What the examples in a definition's docstring print that they do not promise; empty if all hold."""
    module, name = task.object.rsplit(".", 1)
    said = io.StringIO()
    with known.on_reference():
        home = import_module(f"shrinkage.{module}")
        runner = doctest.DocTestRunner(verbose=False)
        for test in doctest.DocTestFinder(recurse=True).find(getattr(home, name), name, globs=dict(vars(home))):
            runner.run(test, out=said.write)
    return said.getvalue().strip()


def gaps(task: TaskInfo, root: Path = paths.ROOT) -> Iterator[tuple[int, bool, str]]:
    """Of a definition to be repaired, each gap: its number, whether it stands as the reference has it, and a cell.

    In the cell every other gap is repaired, and this one is as it was handed out.
    """
    source = _definition(task, root)
    wrong = tuple(text for _, text in bodies.read(block(task.id, root), 1).broken)
    if source is None or not wrong:
        return
    lines = slicing.lines_of(source[1])
    right = ["\n".join(lines[begin : end - 1]) for begin, end in slicing.regions(source[1])]
    for k, text in enumerate(wrong):
        filled = slicing.fill(source[1], [text if j == k else mended for j, mended in enumerate(right)])
        yield k + 1, _bare(text) == _bare(right[k]), f"# task: {task.id}\n{task.imports}\n\n{filled}"


def _bare(text: str) -> list[str]:
    """Lines without indentation in common, comments of their own and empty lines."""
    lines = (line.rstrip() for line in textwrap.dedent(text.expandtabs(4)).splitlines())
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def _definition(task: TaskInfo, root: Path) -> tuple[str, str] | None:
    """The file and the text of a task's definition, markers included."""
    module, name = task.object.rsplit(".", 1)
    files = known.reference_files(root)
    file = prerequisites.module_file(module, files)
    return (file, slicing.cut(files[file], name)) if file else None

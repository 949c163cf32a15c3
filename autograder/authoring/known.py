"""Known solutions of a task: the reference, mutants (wrong on purpose) and variants (right otherwise).

All of it is trusted code of this repository and runs in this process.  Each mutant or
variant is one file ``<name>--<task>.py`` holding one whole solution cell; a mutant's
header says how it is recognised, what its author is told, and where to read.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import FunctionType
from typing import Any

from autograder import paths
from autograder.authoring import calls, prerequisites, slicing
from autograder.checks import symptoms
from autograder.checks.base import Caller
from autograder.errors import Foreseen
from autograder.manifest import TaskInfo
from autograder.sandbox.runner import Package

FIELD = re.compile(r"#\s*(diagnosis|message|section):\s*(.*)")
OWN = (f for f in vars(symptoms).values() if isinstance(f, FunctionType) and f.__module__ == symptoms.__name__)
SYMPTOMS = tuple(f.__name__ for f in OWN if not f.__name__.startswith("_"))
MORE = re.compile(r"#\s{2,}(\S.*)")


class BadHeader(Foreseen, ValueError):
    """A mutant or variant file whose name, first line or header is not as agreed; the message names the file."""


@dataclass(frozen=True)
class Known:
    """One known solution cell of `task`; the last three fields are a mutant's."""

    name: str
    task: str
    cell: str
    mode: str = ""
    message: str = ""
    section: str = ""

    @property
    def header(self) -> dict[str, str]:
        """What ships of a mutant besides its outcomes."""
        return {"name": self.name, "mode": self.mode, "message": self.message, "section": self.section}


def read(path: Path) -> Known:
    """A mutant or variant file.

    Raises
    ------
    BadHeader
        If the marker or the file's name is not as agreed.
    """
    text = path.read_text(encoding="utf-8")
    task = slicing.task_of(text)
    name, _, short = path.stem.rpartition("--")
    if task is None or task.split(".")[1] != short or not name:
        agreed = "the name must be <name>--<task>.py and the first line '# task: <slug>.<task>'"
        raise BadHeader(f"{_place(path)}: {agreed}")
    fields, last, body = {"diagnosis": "", "message": "", "section": ""}, "", [text.splitlines()[0]]
    lines = text.splitlines()[1:]
    while lines and lines[0].startswith("#"):
        line = lines.pop(0)
        if found := FIELD.match(line):
            last = found.group(1)
            fields[last] = found.group(2).strip()
        elif last and (more := MORE.match(line)):
            fields[last] += " " + more.group(1).strip()
        else:
            body.append(line)
    mode = fields["diagnosis"].removeprefix("symptom").strip()
    return Known(name, task, "\n".join(body + lines) + "\n", mode, fields["message"], fields["section"])


def mutants(task: str, root: Path = paths.ROOT) -> list[Known]:
    """A task's mutants by name; each must have a whole header."""
    found = _folder(root / "tests" / "mutants", task)
    for known in found:
        file = f"tests/mutants/{task.split('.')[0]}/{known.name}--{task.split('.')[1]}.py"
        if not (known.mode and known.message and known.section):
            raise BadHeader(f"{file}: the header needs diagnosis, message and section")
        if known.mode != "agrees" and known.mode not in SYMPTOMS:
            near = get_close_matches(known.mode, ["agrees", *SYMPTOMS], 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise BadHeader(
                f"{file}: the diagnosis {known.mode!r} is neither 'agrees' nor 'symptom <name>' with a name of "
                f"autograder/checks/symptoms.py ({', '.join(SYMPTOMS)}){meant}"
            )
    return found


def _place(path: Path) -> str:
    return path.relative_to(paths.ROOT).as_posix() if path.is_relative_to(paths.ROOT) else str(path)


def misnamed(task: str, root: Path = paths.ROOT) -> list[str]:
    """Files that say they belong to a task, and whose names do not say so: nothing else would find them."""
    slug, name = task.split(".")
    files = sorted(path for folder in ("mutants", "variants") for path in (root / "tests" / folder / slug).glob("*.py"))
    return [
        path.relative_to(root).as_posix()
        for path in files
        if not path.stem.endswith(f"--{name}") and slicing.task_of(path.read_text(encoding="utf-8")) == task
    ]


def variants(task: str, root: Path = paths.ROOT) -> list[Known]:
    """A task's correct variants by name."""
    return _folder(root / "tests" / "variants", task)


def _folder(folder: Path, task: str) -> list[Known]:
    slug, name = task.split(".")
    return [read(path) for path in sorted((folder / slug).glob(f"*--{name}.py"))]


def reference_files(root: Path = paths.ROOT) -> dict[str, str]:
    """The reference package's sources."""
    return prerequisites.sources(root / "solutions" / "shrinkage")


def without_markers(text: str) -> str:
    """A definition as ordinary code."""
    kept = [line for line in text.splitlines() if line.strip() not in (slicing.BEGIN, slicing.END)]
    return "\n".join(kept) + "\n"


def reference_cell(task: TaskInfo, root: Path = paths.ROOT) -> str:
    """The reference as a student would have written it: one whole solution cell."""
    if not task.object:
        return _analysis_cell(task.id, answers_source(task.id.split(".")[0], root))
    files = reference_files(root)
    module, name = task.object.rsplit(".", 1)
    file = prerequisites.module_file(module, files)
    assert file is not None
    definition = without_markers(slicing.cut(files[file], name))
    imports = slicing.needed_imports(files[file], definition)
    return f"# task: {task.id}\n{imports}\n\n{definition}"


def _analysis_cell(task: str, source: str) -> str:
    """An analysis' reference: its function with what it needs of its module, called with the inputs."""
    name = task.split(".")[1]
    texts = {name: slicing.cut(source, name)}
    todo = [name]
    while todo:
        for other in sorted(slicing.own_names(source, texts[todo.pop()]) - set(texts)):
            texts[other] = slicing.cut(source, other)
            todo.append(other)
    in_order = sorted(texts, key=lambda other: slicing.find(source, other))
    code = "\n\n".join(texts[other] for other in in_order)
    return f"# task: {task}\n{slicing.needed_imports(source, code)}\n\n{code}\n\nanswer = {name}(**inputs)\n"


def answers_source(slug: str, root: Path = paths.ROOT) -> str:
    """Text of ``solutions/answers/<slug>.py``: keys of answers, and the reference of analyses."""
    return (root / "solutions" / "answers" / f"{slug}.py").read_text(encoding="utf-8")


def answer_functions(slug: str, root: Path = paths.ROOT) -> dict[str, Callable[..., Any]]:
    """What ``solutions/answers/<slug>.py`` defines, run on the reference package; call it `on_reference`."""
    namespace: dict[str, Any] = {"__name__": f"answers_{slug}"}
    exec(compile(answers_source(slug, root), f"solutions/answers/{slug}.py", "exec"), namespace)
    return {name: thing for name, thing in namespace.items() if callable(thing)}


@contextlib.contextmanager
def on_reference(root: Path = paths.ROOT) -> Iterator[None]:
    """While active, `shrinkage` is the reference package."""
    package = Package(reference_files(root))
    package.load()
    with package.active():
        yield


def answer_secrets(root: Path = paths.ROOT) -> set[str]:
    """Stripped, non-comment lines of 25 characters or more of the answers' functions: what must never leave."""
    found: set[str] = set()
    for path in sorted((root / "solutions" / "answers").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in slicing.parsed(text).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                lines = slicing.lines_of(text)[node.body[0].lineno - 1 : node.end_lineno]
                found |= {line.strip() for line in lines if not line.strip().startswith("#")}
    return {line for line in found if len(line) >= slicing.SECRET}


def caller(
    task: TaskInfo, cell: str | None = None, forbids: Sequence[str] = (), root: Path = paths.ROOT
) -> Caller:
    """A caller on the reference package with `cell` in the place of the task's definition.

    An analysis has no definition: `cell`, or the reference's, is what the caller runs.
    """
    files = reference_files(root)
    if not task.object:
        package = Package(files)
        package.load()
        return package.caller(forbids=forbids, answer=calls.of_answer(cell or reference_cell(task, root)))
    if cell is not None:
        module, name = task.object.rsplit(".", 1)
        file = prerequisites.module_file(module, files)
        assert file is not None
        files[file] = slicing.splice(files[file], name, cell)
    package = Package(files)
    package.load()
    return package.caller(forbids=forbids)

"""A new exercise laid out: every file it needs, each place still to be written marked with TODO.

What is laid out runs: the reference, the checks, the mutants and the page are whole, so the
book and the other exercises build as before, and `autograder check` tells what is missing.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from autograder import ids, paths
from autograder.authoring import places, prerequisites, slicing
from autograder.checks import tasks as checks_of
from autograder.errors import Foreseen
from autograder.manifest import Kind

TEXTS = Path(__file__).parent / "scaffold_texts"
MUTANTS, VARIANTS = 4, 3
WITH_OBJECT = ("implement", "diagnose")
WITH_CASES = (*WITH_OBJECT, "analyse")
# What the texts of checks use, by the module that has it.
CHECKS = {
    "dataclasses": ("replace",),
    "autograder.checks.base": ("Case", "Measure", "Task", "Trial", "answered", "call"),
    "autograder.checks.answers": ("AnswerTask", "choice", "number", "same_choice", "within"),
    "autograder.checks.common": ("Part", "agrees", "edge", "gates", "keeps_input", "law", "relative"),
}
BEFORE = re.compile(r"^\s*- \{file: book/([\w-]+)/index, sections: \[\{file: book/\1/exercises\}\]\}\s*$")


class Refused(Foreseen):
    """An exercise that cannot be laid out; the message says what stands in its way."""


@dataclass
class Layout:
    """Texts to be written, by path below `root`; nothing is written before everything is known to fit."""

    root: Path
    texts: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def text(self, place: str) -> str | None:
        """What stands there, or will."""
        if place in self.texts:
            return self.texts[place]
        path = self.root / place
        return path.read_text(encoding="utf-8") if path.is_file() else None

    def make(self, place: str, text: str) -> None:
        if self.text(place) is not None:
            raise Refused(f"{place} exists already; choose another name, or remove the file")
        self.texts[place] = text

    def change(self, place: str, text: str) -> None:
        if place not in self.texts:
            self.changed.add(place)
        self.texts[place] = text

    def add(self, place: str, text: str, start: str = "") -> None:
        """Put `text` under what stands there; a file that does not exist begins with `start`."""
        before = self.text(place)
        if before is None:
            self.make(place, start.rstrip("\n") + "\n" + text if start else text.lstrip("\n"))
        else:
            self.change(place, before.rstrip("\n") + "\n" + text)

    def write(self) -> None:
        for place, text in self.texts.items():
            path = self.root / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        python = [place for place in self.texts if place.endswith(".py") and not place.startswith("tests/")]
        # Imports were added one by one: ruff puts them in order, and leaves everything else alone.
        command = [sys.executable, "-m", "ruff", "check", "--quiet", "--select", "I", "--fix", *python]
        subprocess.run(command, cwd=self.root, check=bool(python))


def layout(task: str, kind: Kind, module: str = "", root: Path = paths.ROOT) -> Layout:
    """Everything a new exercise needs, not yet written.

    Raises
    ------
    Refused
        If the id is none, the exercise exists, or a file stands where one is to be made.
    """
    if not ids.TASK_ID.fullmatch(task):
        raise Refused(f"{task!r} is not a task id; ids look like 'ridge.closed_form'")
    slug, name = ids.split(task)
    module = module or slug.replace("-", "_")
    house = Layout(root)
    exercises = house.text(f"book/{slug}/exercises.md")
    listed = [page for page, _, _ in places.listed(root)]
    if task in checks_of(slug) or f"{{task}} {task}\n" in (exercises or ""):
        raise Refused(f"the book has an exercise {task!r} already; choose another name")
    if kind == "explain" and name in (house.text(f"solutions/answers/{slug}.md") or ""):
        raise Refused(f"solutions/answers/{slug}.md speaks of {name!r} already; choose another name")
    section = f"sec-{slug}-exercises"
    if exercises is not None and (label := re.search(r"^\(([\w-]+)\)=", exercises, re.MULTILINE)):
        section = label[1]
    words = {
        "id": task, "slug": slug, "name": name, "NAME": name.upper(), "kind": kind, "section": section,
        "object": f"{module}.{name}", "broken": _text("broken") if kind == "diagnose" else "",
        "asks": {"derive": ', with `inputs["a"]` as the number $a$', "analyse": ', about the data `inputs["x"]`',
                 "predict": ", and the choices a to d"}.get(kind, ""),
    }  # fmt: skip
    if f"{slug}/exercises" not in listed:
        _chapter(house, words)
    if kind in WITH_OBJECT:
        _definition(house, module, words)
    house.add(f"book/{slug}/exercises.md", _text("page_object" if kind in WITH_OBJECT else "page_answer", **words))
    if kind != "explain":
        _checks(house, f"autograder/checks/{slug.replace('-', '_')}.py", kind, words)
    _answers(house, kind, words)
    if kind in WITH_CASES:
        _known(house, "analyse" if kind == "analyse" else "object", words)
    return house


def _text(template: str, **words: str) -> str:
    return Template((TEXTS / f"{template}.txt").read_text(encoding="utf-8")).safe_substitute(words)


def _chapter(house: Layout, words: dict[str, str]) -> None:
    """A chapter's two pages, listed after the last chapter with exercises."""
    slug = words["slug"]
    house.make(f"book/{slug}/index.md", _text("chapter", **words))
    house.make(f"book/{slug}/exercises.md", _text("exercises", **words))
    lines = (house.text("_toc.yml") or "").splitlines()
    last = max((i for i, line in enumerate(lines) if BEFORE.match(line)), default=None)
    if last is None:
        raise Refused("_toc.yml lists no page .../exercises after which a new chapter could stand")
    indent = lines[last][: -len(lines[last].lstrip())]
    lines.insert(last + 1, f"{indent}- {{file: book/{slug}/index, sections: [{{file: book/{slug}/exercises}}]}}")
    house.change("_toc.yml", "\n".join(lines) + "\n")


def _definition(house: Layout, module: str, words: dict[str, str]) -> None:
    files = prerequisites.sources(house.root / "solutions" / "shrinkage")
    file = prerequisites.module_file(module, files)
    place = f"solutions/shrinkage/{file or module.replace('.', '/') + '.py'}"
    if file and any(n == words["name"] for n, _, _ in slicing.bound_names(ast.parse(files[file]).body)):
        raise Refused(f"{place} has the name {words['name']!r} already; choose another")
    start = '"""TODO: what this module gives, in one line."""\n\nimport numpy as np\n'
    house.add(place, _text("definition", **words), start)
    if file and not re.search(r"^import numpy as np$", files[file], re.MULTILINE):
        house.change(place, _with_lines_at_top(house.text(place) or "", ["import numpy as np"]))


def _checks(house: Layout, place: str, kind: str, words: dict[str, str]) -> None:
    """The task under the others, its imports among theirs, its name in TASKS."""
    start = f'"""The checks of the chapter {words["slug"]}: what is asked, which laws the answers obey."""\n\n'
    start += "from __future__ import annotations\n\nTASKS: tuple[Task | AnswerTask, ...] = (\n)\n"
    text = house.text(place) or start
    # The broken version of a diagnosis must score nothing, so the law that it breaks is a gate.
    gate = {"gate": "replace(", "gated": ", gate=True)"} if kind == "diagnose" else {"gate": "", "gated": ""}
    new = _text(f"task_{'object' if kind in WITH_OBJECT else kind}", **words, **gate)
    node = next((n for n in ast.parse(text).body if _is_tasks(n)), None)
    if node is None or not isinstance(getattr(node, "value", None), ast.Tuple):
        raise Refused(f"{place} has no TASKS = (...) written out, to which the exercise could be added")
    lines = text.splitlines()
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    if first == last:
        raise Refused(f"{place}: write TASKS with one name a line, so that the exercise can be added")
    lines[last:last] = [f"    {words['NAME']},"]
    lines[first:first] = [*_formatted(new, house.root).splitlines(), ""]
    used = {n.id for tree in (node, ast.parse(new)) for n in ast.walk(tree) if isinstance(n, ast.Name)}
    bound = {name for name, _, _ in slicing.bound_names(ast.parse(text).body)}
    wanted = [f"from {m} import {n}" for m, names in CHECKS.items() for n in names if n in used - bound]
    wanted += ["import numpy as np"] if "np" in used - bound else []
    done = _with_lines_at_top("\n".join(lines) + "\n", wanted)
    house.make(place, done) if house.text(place) is None else house.change(place, done)


def _formatted(code: str, root: Path) -> str:
    """Ids differ in length, so where lines break is not for the text to say."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", "new.py", "-"]
    return subprocess.run(command, cwd=root, input=code, capture_output=True, text=True, check=True).stdout.strip("\n")


def _is_tasks(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(t, ast.Name) and t.id == "TASKS" for t in targets)


def _with_lines_at_top(text: str, imports: list[str]) -> str:
    """A module with more imports under those it has, or under its docstring."""
    body = ast.parse(text).body
    heads = [n for i, n in enumerate(body) if isinstance(n, ast.Import | ast.ImportFrom) or (not i and _is_words(n))]
    at = max((n.end_lineno or 0 for n in heads), default=0)
    lines = text.splitlines()
    lines[at:at] = imports
    return "\n".join(lines) + "\n"


def _is_words(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _answers(house: Layout, kind: str, words: dict[str, str]) -> None:
    slug, name = words["slug"], words["name"]
    if kind in ("derive", "predict", "analyse"):
        place = f"solutions/answers/{slug}.py"
        text = house.text(place)
        if text and any(n == name for n, _, _ in slicing.bound_names(ast.parse(text).body)):
            raise Refused(f"{place} has the name {name!r} already; choose another")
        house.add(place, _text(f"key_{kind}", **words), f'"""Keys of the chapter {slug}."""\n')
        if kind == "analyse" and "import numpy as np\n" not in (house.text(place) or ""):
            house.change(place, _with_lines_at_top(house.text(place) or "", ["", "import numpy as np"]))
    if kind not in WITH_OBJECT:
        more = _text("marking", **words) if kind == "explain" else ""
        house.add(f"solutions/answers/{slug}.md", _text("answer", **words) + more, f"# {slug}: model answers\n")


def _known(house: Layout, form: str, words: dict[str, str]) -> None:
    """Mutants and variants, to be renamed by what each does."""
    for number in range(1, MUTANTS + 1):
        text = _text(f"mutant_{form}", **words, factor=f"{number + 2}.0")
        house.make(f"tests/mutants/{words['slug']}/todo-{number}--{words['name']}.py", text)
    for number in range(1, VARIANTS + 1):
        house.make(
            f"tests/variants/{words['slug']}/todo-{number}--{words['name']}.py", _text(f"variant_{form}", **words)
        )

"""The directives {task}, {hint} and {listing}: pages point at code, they never repeat it.

A page shows a definition of ``solutions/shrinkage`` as the student gets it: whole where
it is worked, as its stub where it is a task.  What stands between the solution markers
is cut away here, before Sphinx sees it, so it can reach neither a page nor the search index.
"""

from __future__ import annotations

import ast
import sys
import zlib
from pathlib import Path
from typing import ClassVar, get_args

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from autograder import casesets, ids
from autograder.authoring import bodies, pages, places, slicing
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask
from autograder.manifest import Kind, Section

LOGGER = logging.getLogger(__name__)


class disclosure(nodes.General, nodes.Element):
    """Closed until the reader asks for it; `label` is what stays in sight."""


class exercise_link(nodes.General, nodes.Element):
    """Holds the place of what a student is to do with it until every page is read and the exercise is known."""


class wrong_lines(nodes.General, nodes.Element):
    """What {broken} holds; no page ever shows it by itself."""


class FromPackage(SphinxDirective):
    """What {task} and {listing} share: a definition of the package, as the student gets it."""

    def definition(self, target: str, broken: tuple[str, ...] | None = None) -> tuple[str, bool]:
        """The text of ``module.name`` as the student gets it, and whether it is a task's stub.

        With the wrong lines of {broken} it is what a student is given to repair.
        """
        module, _, name = target.rpartition(".")
        path = Path(self.env.srcdir, "solutions", "shrinkage", *module.split(".")).with_suffix(".py")
        # The page is read again when one of them changes, although its own text did not.
        for dependency in (path, slicing.__file__, places.__file__, bodies.__file__):
            self.env.note_dependency(str(dependency))
        try:
            source = path.read_text(encoding="utf-8")
            definition, is_task = slicing.cut(source, name), slicing.is_task(source, name)
        except (OSError, KeyError):
            raise self.error(f"{target!r} is not a top-level definition of the package 'shrinkage'") from None
        if broken is not None:
            try:
                definition = bodies.broken_stub(definition, broken, slicing.secrets(source))
            except ValueError as problem:
                raise self.error(f"{target!r}: {problem}") from None
        return slicing.strip(definition).rstrip("\n"), is_task

    def code(self, text: str) -> nodes.literal_block:
        block = nodes.literal_block(text, text, language="python", classes=["package-code"])
        self.set_source_info(block)
        return block


class TaskDirective(FromPackage):
    """One exercise: a section with its prose, its stub, how to check it and its hints."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "object": directives.unchanged_required,
        "kind": lambda value: directives.choice(value, get_args(Kind)),
        "points": float,
        "title": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        task = self.arguments[0].strip()
        if not ids.TASK_ID.fullmatch(task):
            raise self.error(f"{task!r} is not a task id; ids look like 'ridge.closed_form'")
        for option in ("title", "kind", "points"):
            if option not in self.options:
                raise self.error(f"task {task!r} needs the option ':{option}:'")
        known = tasks_of(self.env)
        if task in known:
            raise self.error(f"task {task!r} stands twice; the first is on {known[task][0]!r}")
        kind = self.options["kind"]
        if (kind in pages.WITH_OBJECT) != ("object" in self.options):
            needs = "needs" if kind in pages.WITH_OBJECT else "takes no"
            raise self.error(f"task {task!r} of kind {kind!r} {needs} option ':object:'")
        known[task] = (self.env.docname, self.options.get("object", ""), kind)
        section = self.section(task)
        section += self.meta(task)
        body = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, body)
        hints = [node for node in body.children if isinstance(node, disclosure)]
        wrong = [node for node in body.children if isinstance(node, wrong_lines)]
        section += [node for node in body.children if not isinstance(node, disclosure | wrong_lines)]
        if wrong and kind != "diagnose":
            raise self.error(f"task {task!r}: only a task of kind 'diagnose' has {{broken}}")
        if "object" in self.options:
            broken = tuple(node["lines"] for node in wrong) if kind == "diagnose" else None
            stub, is_task = self.definition(self.options["object"], broken)
            if not is_task:
                raise self.error(f"{self.options['object']!r} holds no solution markers, so it cannot be a task")
            if kind == "diagnose":
                section += said("This definition is wrong. Find what is wrong with it, and repair it.")
            section += self.code(stub)
        elif example := self.example(task):
            section += example
        section += how_to_check(task, kind)
        for number, node in enumerate(hints, 1):
            node["label"] = f"Hint {number} of {len(hints)}" if len(hints) > 1 else "Hint"
        section += hints
        return [section]

    def section(self, task: str) -> nodes.section:
        """A real section: it stands in the page's contents and {ref} finds its title."""
        label = f"task-{task.replace('.', '-')}"
        section = nodes.section(ids=[label], names=[label], classes=["task", f"task-{self.options['kind']}"])
        self.set_source_info(section)
        self.state.document.note_explicit_target(section, section)
        title, _ = self.parse_inline(self.options["title"])
        section += nodes.title(self.options["title"], "", *title)
        return section

    def meta(self, task: str) -> nodes.paragraph:
        """Kind, points and object in one line under the title."""
        points = self.options["points"]
        words = f"{self.options['kind'].capitalize()} · {points:g} {'point' if points == 1 else 'points'}"
        line = nodes.paragraph("", "", nodes.Text(words), classes=["task-meta"])
        if "object" in self.options:
            line += [nodes.Text(" · "), nodes.literal("", self.options["object"])]
        return line


    def example(self, task: str) -> list[nodes.Node]:
        """Where everybody has other numbers: those of one variant, beside the names they have in the notebook."""
        check = checks_of(task.split(".")[0]).get(task)
        if isinstance(check, AnswerTask) and (variants := casesets.parameters(check)):
            self.env.note_dependency(sys.modules[f"autograder.checks.{task.split('.')[0].replace('-', '_')}"].__file__)
            first = variants[0]
            names = [[nodes.literal("", name)] for name in first]
            values = [[nodes.Text(f"{value}")] for value in first.values()]
            words = "For example, with these numbers; yours are in the notebook."
            return [said(words), table([names, values])]
        return []


def said(words: str) -> nodes.paragraph:
    return nodes.paragraph("", words, classes=["task-given"])


def table(rows: list[list[list[nodes.Node]]]) -> nodes.table:
    """A small table: a row of headings, and rows below it."""
    group = nodes.tgroup(cols=len(rows[0]))
    group += [nodes.colspec(colwidth=1) for _ in rows[0]]
    made = [nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in row)) for row in rows]
    group += [nodes.thead("", made[0]), nodes.tbody("", *made[1:])]
    return nodes.table("", group, classes=["task-numbers"])


CHECKED = {
    "implement": "Check it in the notebook with {}.",
    "diagnose": "Repair it in the notebook, and check it there with {}.",
    "derive": "In the notebook, {} says whether the form of your answer is right; the mark comes with the grading.",
    "predict": "In the notebook, {} says whether the form of your answer is right; the mark comes with the grading.",
    "analyse": "The notebook has the data; {} there runs your cell and judges its answer.",
    "explain": "Write your answer in the notebook; a person reads and marks it.",
}


def how_to_check(task: str, kind: str) -> nodes.paragraph:
    """What to do with the answer, by the kind of exercise."""
    before, call, after = CHECKED[kind].partition("{}")
    parts = [nodes.Text(before), *([nodes.literal("", f'check("{task}")'), nodes.Text(after)] if call else [])]
    return nodes.paragraph("", "", *parts, classes=["task-check"])


class BrokenDirective(SphinxDirective):
    """Wrong lines inside a {task} to diagnose; the task puts them where its definition is marked."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return [wrong_lines("", lines="\n".join(self.content))]


class HintDirective(SphinxDirective):
    """A hint inside a {task}; the task numbers its hints."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        node = disclosure("", label="Hint", classes=["task-hint"])
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class ListingDirective(FromPackage):
    """A definition of the package beside its derivation: its code in sight, its contract one step away.

    Where it is a task, its stub is shown, and a line leads to the exercise.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        target = self.arguments[0].strip()
        text, is_task = self.definition(target)
        module = target.rpartition(".")[0].replace(".", "/")
        line = nodes.paragraph("", "", nodes.literal("", f"shrinkage/{module}.py"), classes=["listing-source"])
        if is_task:
            link = exercise_link("", object=target)
            self.set_source_info(link)
            line += [nodes.Text(" · yours to "), link]
        code, contract = fold(text)
        listing = nodes.container("", line, self.code(code), classes=["listing"])
        if contract:
            block = nodes.literal_block(contract, contract, language="text", classes=["package-contract"])
            label = "Arguments, results, errors, an example"
            listing += disclosure("", block, label=label, classes=["listing-contract"])
        return [listing]


def fold(definition: str) -> tuple[str, str]:
    """A definition with the first paragraph of its docstring, and the rest of the docstring."""
    parsed = ast.parse(definition).body[0]
    summary, _, rest = (ast.get_docstring(parsed) or "").partition("\n\n")
    if not rest:
        return definition, ""
    first = parsed.body[0]
    lines, indent = definition.splitlines(), " " * first.col_offset
    # The summary's own lines stay as they stand in the source; only the closing quotes move up.
    end = first.lineno - 1 + len(summary.splitlines())
    kept = [*lines[: end - 1], lines[end - 1] + lines[first.end_lineno - 1][-3:], *lines[first.end_lineno :]]
    return "\n".join(kept), "\n".join(line.removeprefix(indent) for line in rest.splitlines()).rstrip()


def tasks_of(env) -> dict[str, tuple[str, str, str]]:
    """Of every task read so far, its page, its object and its kind; kept with Sphinx's environment between builds."""
    if not hasattr(env, "shrinkage_tasks"):
        env.shrinkage_tasks = {}
    return env.shrinkage_tasks


def forget_page(app: Sphinx, env, docname: str) -> None:
    """A page about to be read again states its tasks anew."""
    env.shrinkage_tasks = {task: known for task, known in tasks_of(env).items() if known[0] != docname}


def link_exercises(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the link to the exercise where {listing} kept its place: only now are all tasks known."""
    by_object = {target: (task, kind) for task, (_, target, kind) in tasks_of(app.env).items() if target}
    for node in list(doctree.findall(exercise_link)):
        task, kind = by_object.get(node["object"], ("", ""))
        if not task:
            LOGGER.warning("%r is listed as a task, but no {task} has it", node["object"], location=node)
            node.parent.remove(node)
            continue
        label = f"task-{task.replace('.', '-')}"
        page, anchor, title = app.env.get_domain("std").labels[label]
        uri = app.builder.get_relative_uri(docname, page) + f"#{anchor}"
        verb = nodes.Text("repair: " if kind == "diagnose" else "write: ")
        node.replace_self([verb, nodes.reference("", title, internal=True, refuri=uri)])


def number_equations(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Show what a docstring cites as bundle and notebook do, but by the numbers that Sphinx gave."""
    for block in list(doctree.findall(nodes.literal_block)):
        if {"package-code", "package-contract"} & set(block["classes"]):
            text = places.in_words(block.astext(), lambda label: place(app.env, label))
            block.replace_self(nodes.literal_block(text, text, language=block["language"], classes=block["classes"]))


def place(env, label: str) -> Section | None:
    """A labelled section or equation with its number on the pages."""
    if number := equation_number(env, label):
        return Section(label, "", "", number)
    page, anchor, title = env.get_domain("std").labels.get(label, ("", "", ""))
    if not page:
        return None
    numbers = env.toc_secnumbers.get(page, {})
    number = numbers.get(f"#{anchor}", numbers.get("", ()))
    return Section(label, title, page, ".".join(map(str, number)))


def equation_number(env, label: str) -> str:
    """The number of a labelled equation as pages show it, or nothing."""
    domain = env.get_domain("math")
    page, number = domain.equations.get(label, (None, None))
    if page and env.config.math_numfig and env.config.numfig:
        anchors = env.toc_fignumbers.get(page, {}).get("displaymath", {})
        number = ".".join(map(str, anchors.get(nodes.make_id(f"equation-{label}"), ())))
    return f"({number})" if number else ""


def visit_disclosure(self, node: disclosure) -> None:
    self.body.append(self.starttag(node, "details", suffix="") + f"<summary>{node['label']}</summary>\n")


def depart_disclosure(self, node: disclosure) -> None:
    self.body.append("</details>\n")


def setup(app: Sphinx) -> dict[str, object]:
    app.add_node(disclosure, html=(visit_disclosure, depart_disclosure))
    app.add_node(exercise_link)
    app.add_directive("task", TaskDirective)
    app.add_directive("hint", HintDirective, override=True)
    app.add_directive("broken", BrokenDirective)
    app.add_directive("listing", ListingDirective)
    app.connect("env-purge-doc", forget_page)
    app.connect("doctree-resolved", link_exercises)
    app.connect("doctree-resolved", number_equations)
    # Pages kept from an earlier build hold this file's nodes: a changed file makes Sphinx read them all again.
    env_version = zlib.crc32(Path(__file__).read_bytes())
    return {"version": "1", "env_version": env_version, "parallel_read_safe": False, "parallel_write_safe": False}

"""The directive {package}: every module of a package with what it offers, read from its docstrings.

Sphinx's autodoc and napoleon do the work: of a definition they show the signature and the docstring, and never a line
of its body.  What stands here is which modules there are, in which order, and what their prose says in
reStructuredText, which autodoc takes docstrings for.
"""

from __future__ import annotations

import ast
import re
import zlib
from collections.abc import Collection
from graphlib import TopologicalSorter
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder.authoring import places, wording

# In these sections of a docstring prose stands free; in the others it hangs below the name that it describes.
FREE = ("", "Notes", "References", "Examples")
# What is code or a role already, and what reStructuredText would take for markup in formulas.
MARKED = re.compile(r"(``.+?``|:[a-z]+:`[^`]+`|`[^`]+`)|([\\|*]|(?<=\w)_(?!\w))", re.DOTALL)


class PackageDirective(SphinxDirective):
    """The package's own words, what its modules are in a line each, and a section for each module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        package = self.arguments[0]
        folder = Path(self.env.srcdir, "solutions", package)
        found = modules(folder)
        listed = nodes.bullet_list("", *(self.item(folder, module) for module in found))
        return [self.shown(package), listed, *(self.section(package, module) for module in found)]

    def item(self, folder: Path, module: str) -> nodes.list_item:
        """A link to the module's section, and the first line of its docstring."""
        sentence = ast.get_docstring(ast.parse((folder / f"{module}.py").read_text(encoding="utf-8"))).splitlines()[0]
        words, _ = self.parse_inline(sentence)
        link = nodes.reference("", "", nodes.literal("", module), refid=label(module), internal=True)
        return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" "), *words))

    def section(self, package: str, module: str) -> nodes.section:
        section = nodes.section(ids=[label(module)], names=[label(module)], classes=["module"])
        self.set_source_info(section)
        self.state.document.note_explicit_target(section, section)
        section += nodes.title(module, "", nodes.literal("", module))
        section += self.shown(f"{package}.{module}", "   :members:")
        return section

    def shown(self, module: str, option: str = "") -> nodes.container:
        """What autodoc makes of a module, in a container: Sphinx would put the module's id before the section's own."""
        found = nodes.container()
        lines = StringList(["```{eval-rst}", f".. automodule:: {module}", option, "```"], source=self.get_location())
        self.state.nested_parse(lines, self.content_offset, found)
        return found


def label(module: str) -> str:
    return f"api-{module.replace('_', '-')}"


def modules(folder: Path) -> list[str]:
    """The public modules of the package in `folder`, each before those that it imports: `fit` first, checks last."""
    files = {path.stem: path for path in sorted(folder.glob("[!_]*.py"))}
    order = TopologicalSorter({name: imported(path, folder.name) & files.keys() for name, path in files.items()})
    order.prepare()
    found: list[str] = []
    while order.is_active():
        ready = sorted(order.get_ready())
        found = ready + found
        order.done(*ready)
    return found


def imported(path: Path, package: str) -> set[str]:
    """The modules of `package` that a file imports wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.removeprefix(f"{package}."))
        elif isinstance(node, ast.Import):
            found |= {name.name.removeprefix(f"{package}.") for name in node.names}
    return found


def translate(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """A docstring of the package in reStructuredText, before napoleon makes its sections of it."""
    # Of a property napoleon takes what stands before a colon in the first line for its type; an empty comment has none.
    lines[:] = [*(["..", ""] if what == "property" else []), *translated(lines)]


def translated(lines: list[str]) -> list[str]:
    """Roles as reStructuredText writes them, indented formulas as lines of their own, its other marks escaped."""
    found: list[str] = []
    section = ""
    for block in blocks(lines):
        if len(block) > 1 and re.fullmatch(r"-{3,}", block[1]):
            section = block[0]
            found += block[:2]
            block = block[2:]
        found += [*written(block, section in FREE), ""]
    return found


def written(block: list[str], free: bool) -> list[str]:
    """One block of lines; where prose is not free, names and types stand at the margin and are napoleon's own."""
    if not block or block[0].lstrip().startswith(">>>"):
        return block
    escaped = prose(block)
    if not free:
        return [below if line.startswith(" ") else line for line, below in zip(block, escaped, strict=True)]
    # Lines of their own; one too long for the page is broken.
    formula = all(line.startswith(" ") for line in block)
    return [f"| {line.strip()}" for line in escaped] if formula else escaped


def blocks(lines: list[str]) -> list[list[str]]:
    """Lines that no empty line parts."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [block for block in found if block]


def prose(block: list[str]) -> list[str]:
    """Lines with roles and marks as reStructuredText writes them; code may go on from one to the next."""
    text = places.ROLE.sub(lambda role: cited(role, wording.labels()), "\n".join(block))
    return MARKED.sub(lambda part: part[1] or f"\\{part[2]}", text).split("\n")


def cited(role: re.Match[str], known: Collection[str]) -> str:
    """A role as reStructuredText writes it; words where a module is ahead of the page that is to set its label."""
    if (role["to"] or role["label"]) in known:
        return re.sub(r"^\{(.*)\}", r":\1:", role[0])
    return places.in_words(role[0], lambda label: None)


def setup(app: Sphinx) -> dict[str, object]:
    app.add_directive("package", PackageDirective)
    # Before napoleon, which has the usual priority of 500.
    app.connect("autodoc-process-docstring", translate, priority=400)
    env_version = zlib.crc32(Path(__file__).read_bytes())
    return {"version": "1", "env_version": env_version, "parallel_read_safe": False, "parallel_write_safe": True}

"""The directives {package} and {estimators}: what a package offers, module by module or class by class.

Sphinx's autodoc and napoleon do the work: of a definition they show the signature and the docstring, and never a line
of its body.  What stands here is what a module's prose, defaults and constants say in reStructuredText, which autodoc
takes docstrings for, and links from the names in it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
import zlib
from collections.abc import Collection, Iterator
from dataclasses import MISSING, fields, is_dataclass
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.ext.autodoc.preserve_defaults import DefaultValue
from sphinx.util.docutils import SphinxDirective
from sphinx.util.inspect import stringify_signature

from autograder.authoring import places, wording

# In these sections of a docstring prose stands free; in the others it hangs below the name that it describes.
FREE = ("", "Notes", "References", "Examples")
# What is code, a role or emphasis already, and what reStructuredText would take for markup in formulas.
MARKED = re.compile(
    r"(``.+?``|:[a-z]+:`[^`]+`|`[^`]+`|(?<![\w*])\*[^\W\d_]+(?: [^\W\d_]+)*\*(?![\w*]))|([\\|*]|(?<=\w)_(?!\w))",
    re.DOTALL,
)
# A section of errors that every function has; the page says it once.
USUAL = re.compile(
    r"^Raises\n-{3,}\nValueError\n +If an argument cannot be used(?:; the message names it(?: and says what to do)?)?\."
    r"\n*(?:\Z|(?=^.+\n-{3,}\n))",
    re.MULTILINE,
)
# A name with its module, and a value in quotation marks, which must stay those of the keyboard.
DOTTED = r"(?P<name>\b[a-z]\w*(?:\.\w+)+)"
SPOKEN = re.compile(rf'{DOTTED}|(?P<value>"[a-z][a-z_\d]*")')
IN_A_TYPE = re.compile(rf'{DOTTED}|(?P<value>"[^"]+")')
# What the colours of examples and the breaking of names in this book do without.
IDLE = re.compile(r'<span class="(?:n|nn|p|w|pre)">([^<]*)</span>')


class PackageDirective(SphinxDirective):
    """The package's own words; of modules named in the content a line each, and then a section for each."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        package = self.arguments[0]
        folder = Path(self.env.srcdir, "solutions", package)
        self.names = Names(folder)
        if not self.content:
            return [self.shown(package, f".. automodule:: {package}")]
        listed = nodes.bullet_list("", *(self.item(module, parsed(folder / f"{module}.py")) for module in self.content))
        return [listed, *(self.section(folder, module) for module in self.content)]

    def item(self, name: str, node: ast.AST) -> nodes.list_item:
        """A link to the section of a module, a class or a function, and the first line of its docstring."""
        words, _ = self.parse_inline(ast.get_docstring(node).splitlines()[0])
        link = nodes.reference("", "", nodes.literal("", name), refid=label(name), internal=True)
        return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" "), *words))

    def headed(self, name: str) -> nodes.section:
        """A section with a heading and nothing below it."""
        section = nodes.section(ids=[label(name)], names=[label(name)], classes=["module"])
        self.set_source_info(section)
        self.state.document.note_explicit_target(section, section)
        section += nodes.title(name, "", nodes.literal("", name))
        return section

    def section(self, folder: Path, module: str) -> nodes.section:
        section = self.headed(module)
        name, path = f"{folder.name}.{module}", folder / f"{module}.py"
        section += nodes.literal_block("", imports(name, self.names.modules[name]), language="python")
        section += self.shown(name, f".. automodule:: {name}", "   :members:", "", *constants(name, path))
        for target in list(section.findall(nodes.target)):
            # A link to the module leads to its heading.
            section["ids"] += target["ids"]
            target.parent.remove(target)
        return section

    def shown(self, module: str, *lines: str) -> nodes.container:
        """What autodoc makes of lines, in a container: Sphinx would put a module's id before the section's own."""
        found = nodes.container()
        text = StringList(["```{eval-rst}", *lines, "```"], source=self.get_location())
        self.state.nested_parse(text, self.content_offset, found)
        linked(found, self.names, module, self.env.docname)
        for arguments in list(found.findall(addnodes.desc_parameterlist)):
            # Three elements for each argument would be a quarter of the page.
            arguments.replace_self(nodes.raw("", escape(arguments.astext(), quote=False), format="html"))
        return found


class EstimatorsDirective(PackageDirective):
    """Of all that ``estimators.HOMES`` of a package offers a line each, and then a section for each."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        package = self.arguments[0]
        folder = Path(self.env.srcdir, "solutions", package)
        self.env.note_dependency(str(folder / "estimators" / "__init__.py"))
        self.names = Names(folder)
        offered = self.names.modules[package]
        listed = nodes.bullet_list("", *(self.item(name, node) for name, node in offered.items()))
        return [listed, *(self.estimator(package, name, node) for name, node in offered.items())]

    def estimator(self, package: str, name: str, node: ast.stmt) -> nodes.section:
        section = self.headed(name)
        if isinstance(node, ast.ClassDef):
            lines = [f".. autoclass:: {package}.{name}", f"   :members: {', '.join(methods(package, name))}"]
        else:
            lines = [f".. autofunction:: {package}.{name}"]
        section += self.shown(package, *lines)
        return section


def label(name: str) -> str:
    return f"api-{name.replace('_', '-')}"


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def offers(folder: Path) -> dict[str, ast.stmt]:
    """What ``estimators.HOMES`` of the package in `folder` names, in its order; nothing where there is none."""
    homes = folder / "estimators" / "__init__.py"
    found = public(homes).get("HOMES") if homes.exists() else None
    return {
        name: public(folder / "estimators" / f"{home}.py")[name]
        for name, home in (ast.literal_eval(found.value) if found else {}).items()
    }


def methods(package: str, name: str) -> list[str]:
    """The public methods of an estimator that the package defines, and not the library that it derives from."""
    kinds = inspect.getmro(getattr(importlib.import_module(package), name))
    found = [vars(kind) for kind in kinds if kind.__module__.partition(".")[0] == package]
    names = [name for own in found for name, value in own.items() if inspect.isfunction(value)]
    return [name for name in dict.fromkeys(names) if not name.startswith("_")]


def public(path: Path) -> dict[str, ast.stmt]:
    """What a module defines for others, in the order of its source: functions, classes, constants."""
    found = {}
    for node in parsed(path).body:
        to = node.targets[0] if isinstance(node, ast.Assign) else node
        name = to.id if isinstance(to, ast.Name) else getattr(to, "name", "_")
        if not name.startswith("_"):
            found[name] = node
    return found


def imports(module: str, names: Collection[str]) -> str:
    """The line that brings all of a module, in brackets where it is too long for one."""
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= 80:
        return line
    inside = textwrap.fill(", ".join(names), 80, initial_indent="    ", subsequent_indent="    ")
    return f"from {module} import (\n{inside},\n)"


def constants(module: str, path: Path) -> Iterator[str]:
    """Of each constant of a module its value, if that is a line, or its keys, and the comment above or behind it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for name, node in public(path).items():
        if not isinstance(node, ast.Assign):
            continue
        yield from (f".. py:data:: {name}", f"   :module: {module}")
        if isinstance(node.value, ast.Dict):
            yield f"   :value: {{{', '.join(f'{ast.unparse(key)}: …' for key in node.value.keys)}}}"
        elif node.lineno == node.end_lineno:
            yield f"   :value: {ast.unparse(node.value)}"
        first = node.lineno - 1
        while lines[first - 1].startswith("#"):
            first -= 1
        behind = lines[node.end_lineno - 1].encode()[node.end_col_offset :].decode().strip()
        comment = [line.strip("# :") for line in (*lines[first : node.lineno - 1], behind)]
        yield from ("", *(f"   {line}" for line in prose(comment)), "")


class Names:
    """The public functions, classes, constants and modules of the package in `folder`, and what a mention means.

    Its estimators are names of the package itself.
    """

    def __init__(self, folder: Path) -> None:
        self.modules = {f"{folder.name}.{path.stem}": public(path) for path in sorted(folder.glob("[!_]*.py"))}
        core = {f"{module}.{name}" for module, names in self.modules.items() for name in names} | set(self.modules)
        self.modules[folder.name] = offers(folder)
        # A name that both have means the core's, but among the estimators.
        self.ranks = core, {f"{folder.name}.{name}" for name in self.modules[folder.name]}
        self.all = set().union(*self.ranks)

    def meant(self, mention: str, module: str, entry: str) -> str:
        """The one thing that `mention` names in the docstring of `entry`, its own module's first; else nothing."""
        if mention in self.arguments(module, entry):
            return ""
        own = f"{module}.{mention}"
        found = next(filter(None, ([n for n in rank if f".{n}".endswith(f".{mention}")] for rank in self.ranks)), [])
        to = own if own in self.all else found[0] if len(found) == 1 else ""
        return "" if to == f"{module}.{entry}" else to

    def arguments(self, module: str, entry: str) -> set[str]:
        """What a function takes, or a class and its method."""
        node = self.modules.get(module, {}).get(entry.split(".")[0])
        found = list(ast.walk(node)) if node else []
        fields = {each.target.id for each in found if isinstance(each, ast.AnnAssign)}
        return fields | {each.arg for each in found if isinstance(each, ast.arg)}


def linked(found: nodes.Element, names: Names, module: str, page: str) -> None:
    """Links from the names of the package's own things, and values in quotation marks as code; no example changes."""
    for literal in list(found.findall(nodes.literal)):
        # Two backticks hold code, which may be another library's.
        if not literal.rawsource.startswith("``") and (to := names.meant(literal.astext(), module, entry(literal))):
            literal.replace_self(reference(to, literal.deepcopy(), page))
    for text in list(found.findall(nodes.Text)):
        if not isinstance(text.parent, nodes.paragraph | nodes.emphasis):
            continue
        parts, done = [], 0
        for spoken in (IN_A_TYPE if isinstance(text.parent, nodes.emphasis) else SPOKEN).finditer(text):
            if spoken["value"]:
                new = nodes.literal("", spoken["value"])
            elif spoken["name"] in names.all:
                new = reference(spoken["name"], nodes.Text(spoken["name"]), page)
            else:
                continue
            parts += [nodes.Text(text[done : spoken.start()]), new]
            done = spoken.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(text[done:])])


def entry(node: nodes.Node) -> str:
    """The name of the entry in which a node stands; empty outside of one."""
    while node and not isinstance(node, addnodes.desc):
        node = node.parent
    return node[0]["fullname"] if node else ""


def reference(to: str, shown: nodes.Node, page: str) -> addnodes.pending_xref:
    return addnodes.pending_xref(
        "", shown, refdomain="py", reftype="obj", reftarget=to, refexplicit=True, refdoc=page, of_package=True
    )


def unlisted(
    app: Sphinx, env: object, node: addnodes.pending_xref, shown: nodes.TextElement
) -> nodes.TextElement | None:
    """The words alone where a module is on no page; that it is on none is for the tests to say."""
    return shown if node.get("of_package") else None


def signed(
    app: Sphinx, what: str, name: str, thing: object, options: object, arguments: str | None, returned: str | None
) -> tuple[str, str] | None:
    """The arguments with their defaults as the source writes them, whatever characters stand before them."""
    if what not in ("function", "method", "class"):
        return None
    signature = inspect.signature(thing)
    found = defaults(thing)
    parameters = [
        each.replace(default=DefaultValue(found[each.name])) if each.name in found else each
        for each in signature.parameters.values()
        if each.name != "self"
    ]
    return stringify_signature(signature.replace(parameters=parameters), show_annotation=False), ""


def defaults(thing: object) -> dict[str, str]:
    """The source of every default of a function or a class; of what is made anew for each object, what is made."""
    text = textwrap.dedent(inspect.getsource(thing))
    node = ast.parse(text).body[0]
    found: dict[str, ast.expr | None] = {}
    if isinstance(node, ast.ClassDef):
        found = {each.target.id: each.value for each in node.body if isinstance(each, ast.AnnAssign)}
        node = next((each for each in node.body if getattr(each, "name", "") == "__init__"), None)
    if node:
        places = [*node.args.posonlyargs, *node.args.args]
        found |= {a.arg: d for a, d in zip(places[::-1], node.args.defaults[::-1], strict=False)}
        found |= {a.arg: d for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)}
    made = {
        each.name: repr(each.default_factory())
        for each in (fields(thing) if is_dataclass(thing) else ())
        if each.default_factory is not MISSING
    }
    return {name: ast.get_source_segment(text, value) for name, value in found.items() if value} | made


def lighten(app: Sphinx, page: str, template: str, context: dict[str, object], tree: nodes.document | None) -> None:
    """Leave out, of a page with hundreds of examples, the elements that change nothing that is seen: a fifth of it."""
    if tree and next(tree.findall(addnodes.desc), None):
        context["body"] = IDLE.sub(r"\1", context["body"])


def translate(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """A docstring of the package in reStructuredText, before napoleon makes its sections of it."""
    # Of a property napoleon takes what stands before a colon in the first line for its type; an empty comment has none.
    lines[:] = [*(["..", ""] if what == "property" else []), *translated(USUAL.sub("", "\n".join(lines)).split("\n"))]


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
    app.add_directive("estimators", EstimatorsDirective)
    # Before napoleon, which has the usual priority of 500.
    app.connect("autodoc-process-docstring", translate, priority=400)
    app.connect("autodoc-process-signature", signed)
    app.connect("missing-reference", unlisted)
    app.connect("html-page-context", lighten)
    env_version = zlib.crc32(Path(__file__).read_bytes())
    return {"version": "1", "env_version": env_version, "parallel_read_safe": False, "parallel_write_safe": True}

"""One primitive, used for stubs, listings and grading: find the lines of a named definition.

Text is cut and put back as it stands, never unparsed, so comments and layout survive.
Standard library only: students' folders and the page use it too.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from threading import Lock

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
# What nbgrader's ClearSolutions leaves of a marked region; nbgrader_config.py takes it from here.
SECRET = 25  # a shorter line says too little to be a solution, and may stand anywhere
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
MARKER = re.compile(r"#\s*task:\s*([a-z][a-z0-9-]*\.[a-z][a-z0-9_]*)\s*$")


class Refused(Exception):
    """A cell that cannot take the stub's place; `line` counts from 1 within the cell."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def lines_of(text: str) -> list[str]:
    """Lines as Python counts them: only newlines part them, not form feeds or Unicode separators."""
    return text.removesuffix("\n").split("\n")


# Python counts the depth of a tree in one place for all threads: two trees at once, and one may be refused.
_ONE_AT_A_TIME = Lock()


def tree_of(source: str) -> ast.Module:
    """The tree of a source, whichever thread asks."""
    with _ONE_AT_A_TIME:
        return ast.parse(source)


@lru_cache(maxsize=32)
def parsed(source: str) -> ast.Module:
    """The tree of a module of the house, which its readers must not change; never of a cell, whose tree would stay."""
    return tree_of(source)


@lru_cache(maxsize=1024)
def find(source: str, name: str) -> tuple[int, int]:
    """First and last line (from 1, inclusive, decorators included) of a top-level definition."""
    for node in tree_of(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and node.name == name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            assert node.end_lineno is not None
            return first, _with_trailing_comments(lines_of(source), node.end_lineno)
    raise KeyError(f"no top-level definition of {name!r}")


def _with_trailing_comments(lines: list[str], last: int) -> int:
    """`last`, moved past indented comments: the tree ends before a closing marker, the text does not."""
    for number, line in enumerate(lines[last:], last + 1):
        if line[:1].isspace() and line.strip().startswith("#"):
            last = number
        elif line.strip():
            break
    return last


def cut(source: str, name: str) -> str:
    """The text of a top-level definition, ending in a newline."""
    first, last = find(source, name)
    return "\n".join(lines_of(source)[first - 1 : last]) + "\n"


def replace(source: str, name: str, text: str) -> str:
    """`source` with the definition of `name` replaced by `text`."""
    first, last = find(source, name)
    lines = lines_of(source)
    return "\n".join([*lines[: first - 1], *lines_of(text.rstrip("\n")), *lines[last:]]) + "\n"


def regions(source: str) -> Iterator[tuple[int, int]]:
    """Line numbers (from 1) of each pair of markers."""
    begin = 0
    for number, line in enumerate(lines_of(source), 1):
        if line.strip() == BEGIN:
            if begin:
                raise ValueError(f"line {number}: {BEGIN!r} inside another marked region")
            begin = number
        elif line.strip() == END:
            if not begin:
                raise ValueError(f"line {number}: {END!r} without {BEGIN!r}")
            yield begin, number
            begin = 0
    if begin:
        raise ValueError(f"line {begin}: {BEGIN!r} is never ended")


def fill(source: str, blocks: Sequence[str]) -> str:
    """`source` with each marked region replaced by its block, moved to the region's indentation.

    Raises
    ------
    ValueError
        If there are more regions than blocks, or fewer.
    """
    found = list(regions(source))
    if len(found) != len(blocks):
        raise ValueError(f"{len(blocks)} given for {len(found)} marked regions")
    lines = lines_of(source)
    for (begin, end), block in reversed(list(zip(found, blocks, strict=True))):
        marker = lines[begin - 1]
        indent = marker[: len(marker) - len(marker.lstrip())]
        text = textwrap.dedent(block.expandtabs(4)).strip("\n")
        lines[begin - 1 : end] = [(indent + line).rstrip() for line in lines_of(text)] if text else []
    return "\n".join(lines) + "\n"


def strip(source: str) -> str:
    """What a student receives of `source`: every marked region as its stub."""
    return fill(source, [STUB] * len(list(regions(source))))


def secrets(source: str) -> set[str]:
    """Stripped, non-comment lines of `SECRET` characters or more between markers: what must never leave."""
    lines = lines_of(source)
    inside = (lines[begin : end - 1] for begin, end in regions(source))
    stripped = (line.strip() for region in inside for line in region)
    return {line for line in stripped if len(line) >= SECRET and not line.startswith("#")}


def is_task(source: str, name: str) -> bool:
    """Whether `source` defines `name` with a marked region in it."""
    try:
        return any(regions(cut(source, name)))
    except KeyError:
        return False


def task_of(cell: str) -> str | None:
    """The task named by a cell's first line, ``# task: slug.name``."""
    found = MARKER.match(cell.lstrip("\ufeff").split("\n", 1)[0].strip())
    return found.group(1) if found else None


def needed_imports(source: str, text: str) -> str:
    """Import lines at the top of `source` that bind a name used in `text`."""
    used = {node.id for node in ast.walk(tree_of(text)) if isinstance(node, ast.Name)}
    lines = []
    for node in parsed(source).body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        aliases = [a for a in node.names if (a.asname or a.name).split(".")[0] in used]
        names = ", ".join(f"{a.name} as {a.asname}" if a.asname else a.name for a in aliases)
        if names and isinstance(node, ast.Import):
            lines.append(f"import {names}")
        elif names and isinstance(node, ast.ImportFrom):
            lines.append(f"from {node.module} import {names}")
    return "\n".join(lines) + "\n" if lines else ""


def own_names(source: str, text: str) -> set[str]:
    """Top-level definitions of `source` that `text` mentions."""
    used = {node.id for node in ast.walk(tree_of(text)) if isinstance(node, ast.Name)}
    return {n.name for n in parsed(source).body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name in used}


def given_names(source: str, text: str) -> set[str]:
    """All that `source` itself binds at its top level, constants included, and `text` mentions."""
    used = {node.id for node in ast.walk(tree_of(text)) if isinstance(node, ast.Name)}
    return {name for name, how, _ in bound_names(parsed(source).body) if name in used and not how}


def bound_names(body: list[ast.stmt]) -> Iterator[tuple[str, str, int]]:
    """(name, how, line) for every name that running `body` as a module binds.

    `how` tells identical imports apart from anything else: two bindings are the same when
    their `how` is equal and is not empty.  One walk without recursion, because a cell may
    be as long and as deep as its author likes.
    """
    todo: list[ast.AST] = list(reversed(body))
    while todo:
        node = todo.pop()
        line = getattr(node, "lineno", 0)
        inside: list[ast.AST] = []
        match node:
            case ast.Import():
                for a in node.names:
                    bound = a.asname or a.name.split(".")[0]
                    yield bound, f"import {a.name if a.asname else bound}", line
            case ast.ImportFrom():
                for a in node.names:
                    yield a.asname or a.name, f"from {'.' * node.level}{node.module} import {a.name}", line
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name, "", line
                yield from ((n, "", g.lineno) for g in ast.walk(node) if isinstance(g, ast.Global) for n in g.names)
                # What stands outside the body runs in the module; the body has a scope of its own.
                inside = [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
            case ast.ClassDef():
                yield node.name, "", line
                yield from ((n, "", g.lineno) for g in ast.walk(node) if isinstance(g, ast.Global) for n in g.names)
                inside = [*node.decorator_list, *node.bases, *node.keywords]
            case ast.Lambda():
                inside = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                walrus = (n.target for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
                yield from ((target.id, "", line) for target in walrus)
            case ast.Name(ctx=ast.Store() | ast.Del()):
                yield node.id, "", line
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, "", line
                inside = list(ast.iter_child_nodes(node))
            case ast.MatchMapping(rest=str(name)):
                yield name, "", line
                inside = list(ast.iter_child_nodes(node))
            case _:
                inside = list(ast.iter_child_nodes(node))
        todo += reversed(inside)


def splice(module: str, name: str, cell: str) -> str:
    """`module` with the stub of `name` replaced by the whole solution cell.

    Where the cell names its task, a line ``# end of <task>`` is put under it, so that what came
    in with it can be told from what was there before.

    Raises
    ------
    Refused
        If the cell holds a magic, a syntax error, a ``__future__`` or a star import, does not
        define `name`, or binds a name that the module (or a cell spliced before) already binds.
    """
    cell = cell.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    tree = _parse(cell)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            raise Refused(node.lineno, "a __future__ import cannot stand inside the package; remove it")
        if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
            raise Refused(node.lineno, "'import *' hides which names it binds; import them by name")
    names = list(bound_names(tree.body))
    if name not in {bound for bound, _, _ in names}:
        defined = list(dict.fromkeys(repr(bound) for bound, how, _ in names if not how))
        instead = f"; it defines {', '.join(defined[:5])}" if defined else ""
        raise Refused(1, f"the cell does not define {name!r}{instead}")
    try:
        find(cell, name)
    except KeyError:
        raise Refused(1, f"{name!r} must be defined by a plain 'def' at the top level of the cell") from None
    without = replace(module, name, "")
    taken = {bound: how for bound, how, _ in bound_names(tree_of(without).body)}
    for bound, how, line in names:
        if bound in taken and not (how and how == taken[bound]):
            raise Refused(line, _clash(without, bound, taken[bound]))
    task = task_of(cell.lstrip("\n"))
    if task is None:
        return replace(module, name, cell.strip("\n"))
    # A cell copied back out of a package brings its last line along.
    kept = [line for line in cell.strip("\n").split("\n") if line.strip() != end_of(task)]
    return replace(module, name, "\n".join([*kept, end_of(task)]))


def end_of(task: str) -> str:
    """The line under a cell that stands in a package."""
    return f"# end of {task}"


def _clash(module: str, bound: str, how: str) -> str:
    """What to say of a name that the module binds already."""
    if how.startswith("from shrinkage"):
        return f"{bound!r} is already in the package ('{how}'): use it, or choose another name"
    task = _cell_around(module, next(line for name, _, line in bound_names(tree_of(module).body) if name == bound))
    if task and task.split(".")[1] != bound:
        return f"the name {bound!r} is used by your cell of {task}; choose another here"
    try:
        find(module, bound)
    except KeyError:
        return f"the name {bound!r} is already taken in the package; choose another"
    return f"{bound!r} is already in the package (yours or given): use it, do not define it again"


def _cell_around(module: str, line: int) -> str | None:
    """The task whose cell holds a line (from 1) of the module."""
    lines = lines_of(module)
    for number in range(line - 1, -1, -1):
        if lines[number].startswith("# end of "):
            return None
        if task := task_of(lines[number]):
            return task if end_of(task) in (other.strip() for other in lines[line - 1 :]) else None
    return None


def _parse(cell: str) -> ast.Module:
    try:
        tree = tree_of(cell)
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Some of what is no Python is noticed only here: a star by itself, `return` outside a function.
            compile(cell, "<cell>", "exec", dont_inherit=True)
        return tree
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        for number, line in enumerate(lines_of(cell), 1):
            if re.match(r"\s*(%{1,2}[A-Za-z]|!|\?)|.*\?\s*$", line):
                raise Refused(number, "a notebook magic or shell line is not Python; move it to another cell") from None
        line_number = getattr(problem, "lineno", None) or 1
        raise Refused(line_number, f"not valid Python: {getattr(problem, 'msg', problem)}") from None

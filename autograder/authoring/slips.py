"""Small slips made of a definition by editing its text: wrong operators, lost terms, bounds off by one.

Each slip changes one place between the solution markers, as text at the position that the
syntax tree gives, so that comments and layout survive and the changed line can be shown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.authoring import slicing

SWAPS: dict[type[ast.AST], tuple[str, tuple[str, ...]]] = {
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("/",)),
    ast.Div: ("/", ("*",)),
    ast.FloorDiv: ("//", ("/",)),
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<",)),
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">",)),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.And: ("and", ("or",)),
    ast.Or: ("or", ("and",)),
}
ATOMS = (ast.Name, ast.Constant, ast.Attribute, ast.Call, ast.Subscript)


@dataclass(frozen=True)
class Slip:
    """One changed definition: what was done to it, at which line, and that line before and after."""

    what: str
    line: int
    before: str
    after: str
    text: str

    @property
    def diff(self) -> str:
        """The change as one line, by which a slip is declared equivalent."""
        return f"{self.before} => {self.after}"


class _Text:
    """A source whose places are (line, column in bytes), as the syntax tree counts them."""

    def __init__(self, source: str) -> None:
        self.raw = source.encode()
        self.starts = [0]
        for line in self.raw.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def span(self, node: ast.AST) -> tuple[int, int]:
        # Typed for statements and expressions alone; patterns, arguments and keywords have places too.
        first, last = self.at(node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return first, self.at(*last)

    def of(self, node: ast.AST) -> str:
        """A node's text, in brackets where it would otherwise be read differently in another place."""
        first, last = self.span(node)
        text = self.raw[first:last].decode()
        return text if isinstance(node, ATOMS) else f"({text})"


Edit = tuple[str, int, int, str]  # what, first byte, last byte, new text


def slips(definition: str) -> list[Slip]:
    """Every slip of a definition with solution markers (of a whole one without), each once."""
    inside = list(slicing.regions(definition)) or [(1, len(slicing.lines_of(definition)) + 1)]
    tree, text = ast.parse(definition), _Text(definition)
    seen, found = {ast.dump(tree)}, []
    for node in ast.walk(tree):
        for what, first, last, new in _edits(node, text):
            changed = (text.raw[:first] + new.encode() + text.raw[last:]).decode()
            number = text.raw[:first].count(b"\n") + 1
            if not any(begin < number < end for begin, end in inside):
                continue
            try:
                dumped = ast.dump(ast.parse(changed))
            except SyntaxError:
                continue
            if dumped in seen:
                continue
            seen.add(dumped)
            extra = changed.count("\n") - definition.count("\n")
            span = text.raw[first:last].count(b"\n") + 1
            before = slicing.lines_of(definition)[number - 1 : number - 1 + span]
            after = slicing.lines_of(changed)[number - 1 : number - 1 + span + extra]
            found.append(Slip(what, number, _joined(before), _joined(after), changed))
    return sorted(found, key=lambda slip: slip.line)


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)


def _edits(node: ast.AST, text: _Text) -> Iterator[Edit]:
    """What can go wrong at one node."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            yield from _operator(op, left, right, text)
            kept = (left,) if isinstance(op, ast.Pow | ast.Div | ast.FloorDiv) else (left, right)
            yield from (("dropped term", *text.span(node), text.of(part)) for part in kept)
        case ast.BoolOp(op=op, values=[left, right, *_]):
            yield from _operator(op, left, right, text)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            yield from _operator(op, left, right, text)
        case ast.AugAssign(target=target, op=op, value=value):
            yield from _operator(op, target, value, text)
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield "dropped sign", *text.span(node), text.of(operand)
        case ast.Constant(value=bool(value)):
            yield "constant", *text.span(node), str(not value)
        case ast.Constant(value=int(value)):
            yield from (("constant", *text.span(node), str(value + step)) for step in (1, -1))
        case ast.Constant(value=float(value)):
            yield from (("constant", *text.span(node), repr(new)) for new in (2 * value, 0.0 if value else 1.0))
        case ast.Attribute(attr="T", value=value):
            yield "dropped transpose", *text.span(node), text.of(value)
        case ast.Call():
            yield from _call(node, text)
        case ast.Subscript(slice=index):
            yield from _index(index, text)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield "negated condition", *text.span(test), f"not {text.of(test)}"
        case ast.comprehension(ifs=ifs):
            yield from (("negated condition", *text.span(test), f"not {text.of(test)}") for test in ifs)
        case ast.Return(value=ast.Tuple(elts=[first, second])):
            yield from _swapped(first, second, text)
        case _:
            return


def _operator(op: ast.AST, left: ast.AST, right: ast.AST, text: _Text) -> Iterator[Edit]:
    """Another operator between two operands; for a power, none is left to swap."""
    if type(op) not in SWAPS:
        return
    sign, others = SWAPS[type(op)]
    first, last = text.span(left)[1], text.span(right)[0]
    between = text.raw[first:last].decode()
    yield from (("operator", first, last, between.replace(sign, other, 1)) for other in others)


def _call(node: ast.Call, text: _Text) -> Iterator[Edit]:
    match node:
        case ast.Call(func=ast.Attribute(attr="copy", value=value), args=[]):
            yield "dropped copy", *text.span(node), text.of(value)
        case ast.Call(func=ast.Name(id="range"), args=[*_, last]):
            yield from (("bound", *text.span(last), f"{text.of(last)} {step}") for step in ("+ 1", "- 1"))
        case ast.Call(func=ast.Attribute(), args=[only], keywords=[]) if not isinstance(only, ast.Starred):
            yield "dropped call", *text.span(node), text.of(only)
    for first, second in zip(node.args, node.args[1:], strict=False):
        yield from _swapped(first, second, text)
    before = text.span(node.args[-1])[1] if node.args else None
    for keyword in node.keywords:
        if before is not None:
            yield "dropped argument", before, text.span(keyword)[1], ""
        before = text.span(keyword)[1]


def _swapped(first: ast.AST, second: ast.AST, text: _Text) -> Iterator[Edit]:
    (a, b), (c, d) = text.span(first), text.span(second)
    new = text.raw[c:d] + text.raw[b:c] + text.raw[a:b]
    yield "swapped", a, d, new.decode()


def _index(index: ast.expr, text: _Text) -> Iterator[Edit]:
    """Bounds and indices off by one; constants are changed as constants."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    for part in parts:
        bounds = [part.lower, part.upper] if isinstance(part, ast.Slice) else [part]
        for bound in bounds:
            if isinstance(bound, ast.Name | ast.BinOp):
                yield from (("bound", *text.span(bound), f"{text.of(bound)} {step}") for step in ("+ 1", "- 1"))

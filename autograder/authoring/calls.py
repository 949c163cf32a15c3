"""What of a cell is its solution: the same for notebook and judge, which both judge what is left here."""

from __future__ import annotations

import ast
import symtable

from autograder.authoring import slicing

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
OURS = {"check", "check_all", "hint", "inputs_of", "restore", "start", "table", "undo"}


def without(cell: str, name: str = "") -> str:
    """The cell without its trials, and without imports and calls of the grader.

    In the package a print would print at every import, a trial's ``X = ...`` would take a
    name from the next cell, and in the judge's jail there is no `autograder` to import.  Top-level
    expressions and assertions go; where `name` is given, the object that the cell is there to
    define, so does every statement that binds nothing its definitions use.  Definitions, strings
    and comments stay.  Text that is not valid Python comes back unchanged, for `splice` to refuse.
    """
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")  # a lone one is a newline to Python alone
    try:
        trials = _trials(cell, name)
    except UNREADABLE:
        return cell
    return _taken_out(cell, trials)


def _taken_out(cell: str, statements: list[ast.stmt]) -> str:
    lines = cell.encode().split(b"\n")  # ast counts columns in bytes
    for node in reversed(statements):
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        before = lines[node.lineno - 1][: node.col_offset]
        after = lines[node.end_lineno - 1][node.end_col_offset :]
        joined = after.endswith(b"\\") or (node.lineno > 1 and lines[node.lineno - 2].endswith(b"\\"))
        whole = not joined and not before.strip() and (not after.strip(b" ;") or after.strip().startswith(b"#"))
        # Blank lines keep the numbers of the lines below as the student sees them; they cannot stand
        # behind a backslash.
        gap = [b""] * (node.end_lineno - node.lineno)
        line = b"" if whole else before + b"pass" + after
        lines[node.lineno - 1 : node.end_lineno] = [*gap, line] if joined else [line, *gap]
    return b"\n".join(lines).decode().rstrip() + "\n"


def of_answer(cell: str) -> str:
    """An answer's cell without imports and calls of the grader; all else may change `answer`, so it stays."""
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    try:
        ours = [node for node in slicing.tree_of(cell).body if _is_ours(node)]
    except UNREADABLE:
        return cell
    return _taken_out(cell, ours)


def left_out(cell: str, name: str = "") -> list[int]:
    """Lines (from 1) at which the student's own trials begin that `without` takes out."""
    try:
        found = _trials(cell, name)
    except UNREADABLE:
        return []
    own = [node for node in found if not (_is_ours(node) or isinstance(node, ast.Import | ast.ImportFrom | ast.Pass))]
    return list(dict.fromkeys(node.lineno for node in own))


def _trials(cell: str, name: str) -> list[ast.stmt]:
    body = slicing.tree_of(cell).body
    trials = [node for node in body if _is_trial(node)]
    if not name:
        return trials
    used = {name} | _global_names(symtable.symtable(cell, "cell", "exec"))
    waiting = [node for node in body if not (_is_trial(node) or _always_stays(node))]
    for node in (n for n in body if _always_stays(n)):
        used |= _loaded_outside(node)
    # What a kept statement uses is used too.
    while kept := [n for n in waiting if used & {bound for bound, _, _ in slicing.bound_names([n])}]:
        waiting = [n for n in waiting if n not in kept]
        used |= {x.id for n in kept for x in ast.walk(n) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Load)}
    return [node for node in body if node in trials or node in waiting]


def _always_stays(node: ast.stmt) -> bool:
    """Definitions, docstrings, and the imports that `splice` has to refuse."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__" or any(a.name == "*" for a in node.names)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Expr)


def _global_names(table: symtable.SymbolTable) -> set[str]:
    """Names that the functions and classes of a module look for in the module."""
    found = set()
    for child in table.get_children():
        found |= {s.get_name() for s in child.get_symbols() if s.is_global() and s.is_referenced()}
        found |= _global_names(child)
    return found


def _loaded_outside(node: ast.stmt) -> set[str]:
    """Names that a definition needs as it is made: decorators, defaults, annotations, bases."""
    inside = {id(x) for part in getattr(node, "body", []) for x in ast.walk(part)}
    return {x.id for x in ast.walk(node) if isinstance(x, ast.Name) and id(x) not in inside}


def _is_trial(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return False  # a docstring
    return isinstance(node, ast.Expr | ast.Assert) or _is_ours(node)


def _is_ours(node: ast.stmt) -> bool:
    match node:
        case ast.ImportFrom(module=str(module)):
            return module.split(".")[0] == "autograder"
        case ast.Import():
            return all(a.name.split(".")[0] == "autograder" for a in node.names)
        case ast.Expr(value=ast.Call(func=called)) | ast.Assign(value=ast.Call(func=called)):
            if isinstance(called, ast.Attribute):
                return called.attr in OURS and isinstance(called.value, ast.Name) and called.value.id == "autograder"
            return isinstance(called, ast.Name) and called.id in OURS
    return False

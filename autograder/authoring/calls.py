"""What of a cell is its solution: the same for notebook and judge, which both judge what is left here."""

from __future__ import annotations

import ast

OURS = {"check", "start", "undo", "restore", "table"}


def without(cell: str) -> str:
    """The cell without top-level expressions, assertions, and imports and calls of the grader.

    Those are trials, and no part of the solution: in the package a print would print and a
    check would check at every import, and in the judge's jail there is no `autograder` to import.
    Definitions, assignments, imports, other statements, strings and comments stay.
    Text that is not valid Python comes back unchanged, for `splice` to refuse.
    """
    try:
        body = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return cell
    lines = cell.encode().split(b"\n")  # ast counts columns in bytes
    for node in reversed(body):
        if not _is_trial(node):
            continue
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        before = lines[node.lineno - 1][: node.col_offset]
        after = lines[node.end_lineno - 1][node.end_col_offset :].lstrip(b" ;")
        # Blank lines keep the numbers of the lines below as the student sees them.
        whole = not before.strip() and (not after or after.startswith(b"#"))
        gap = [b""] * (node.end_lineno - node.lineno)
        lines[node.lineno - 1 : node.end_lineno] = [b"" if whole else before + b"pass; " + after, *gap]
    return b"\n".join(lines).decode().rstrip() + "\n"


def left_out(cell: str) -> list[int]:
    """First lines (from 1) of the student's own trials that `without` takes out."""
    try:
        body = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node.lineno for node in body if _is_trial(node) and not _is_ours(node)]


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

"""Which files of `autograder` travel to students: found by following imports, never listed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from autograder import paths
from autograder.manifest import Manifest

# `autograder` and `checks` import these by name at run time, which no reading of imports sees.
ROOTS = ("autograder", "autograder.ids", "autograder.manifest", "autograder.student")


def grader_files(manifest: Manifest) -> list[Path]:
    """The files of `autograder` that `check` needs: what its modules import, and nothing else."""
    todo = [*ROOTS, *(f"autograder.checks.{c.slug.replace('-', '_')}" for c in manifest.chapters)]
    found: set[Path] = set()
    while todo:
        path = _module(todo.pop())
        if path is None or path in found:
            continue
        found.add(path)
        todo += list(_imported(path))
    return sorted(found)


def _module(name: str) -> Path | None:
    base = paths.ROOT.joinpath(*name.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def _imported(path: Path) -> Iterator[str]:
    """Modules of `autograder` that a file imports, and the packages around them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{a.name}" for a in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "autograder":
                yield from (".".join(parts[:i]) for i in range(1, len(parts) + 1))

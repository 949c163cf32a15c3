"""Who calls whom in the reference, found statically: prerequisites are never declared.

The prerequisites of a task are the tasks its definition calls, directly or through
worked functions.  Names are followed through ``from shrinkage.m import f`` and through
``import`` of whole modules (``ridge.closed_form``).
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from pathlib import Path

from autograder.authoring import slicing

PACKAGE = "shrinkage"
ANSWERS = "answers of a chapter"  # no module of the package can have this name


def sources(package: Path) -> dict[str, str]:
    """Text of every module of the package, by path relative to it (``ridge.py``)."""
    files = sorted(package.rglob("*.py"))
    return {file.relative_to(package).as_posix(): file.read_text(encoding="utf-8") for file in files}


def module_file(module: str, files: Mapping[str, str]) -> str | None:
    """``ridge`` -> ``ridge.py``; ``estimators`` -> ``estimators/__init__.py``; None when absent."""
    path = module.replace(".", "/")
    return next((f for f in (f"{path}.py", f"{path}/__init__.py") if f in files), None)


def _local_names(module: str, files: Mapping[str, str]) -> dict[str, str]:
    """What each top-level name of a module stands for inside the package: ``module`` or ``module.name``."""
    file = module_file(module, files)
    assert file is not None
    names: dict[str, str] = {}
    for node in ast.walk(slicing.parsed(files[file])):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE:
            origin = node.module.removeprefix(PACKAGE).lstrip(".")
            for a in node.names:
                names[a.asname or a.name] = f"{origin}.{a.name}".lstrip(".")
    for node in slicing.parsed(files[file]).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names[node.name] = f"{module}.{node.name}"
    return names


def calls(target: str, files: Mapping[str, str]) -> set[str]:
    """Package objects (``module.name``) that the definition of `target` mentions, itself apart."""
    module, name = target.rsplit(".", 1)
    file = module_file(module, files)
    assert file is not None
    names = _local_names(module, files)
    found = set()
    for node in ast.walk(slicing.parsed(slicing.cut(files[file], name))):
        if isinstance(node, ast.Name) and node.id in names:
            found.add(names[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            found.add(f"{names[node.value.id]}.{node.attr}")
    return {other for other in found if other != target and _defined(other, files)}


def _defined(target: str, files: Mapping[str, str]) -> bool:
    module, _, name = target.rpartition(".")
    file = module_file(module, files) if module else None
    if file is None:
        return False
    try:
        slicing.find(files[file], name)
    except KeyError:
        return False
    return True


def is_task(target: str, files: Mapping[str, str]) -> bool:
    """Whether ``module.name`` is left to the student to write or to repair."""
    module, name = target.rsplit(".", 1)
    file = module_file(module, files)
    return file is not None and slicing.is_task(files[file], name)


def of_answer(name: str, answers: str, files: Mapping[str, str]) -> tuple[str, ...]:
    """Tasks that the function `name` of a chapter's answers calls: the prerequisites of an analysis."""
    if not _defined(f"{ANSWERS}.{name}", {f"{ANSWERS}.py": answers}):
        return ()
    called = closure(f"{ANSWERS}.{name}", {**files, f"{ANSWERS}.py": answers})
    return tuple(sorted(target for target in called if is_task(target, files)))


def of_cell(target: str, cell: str, files: Mapping[str, str]) -> set[str]:
    """Tasks that a solution cell calls, directly or not; `target` is its definition, empty for an answer's cell."""
    if target:
        module, name = target.rsplit(".", 1)
        file = module_file(module, files)
        assert file is not None
        files = {**files, file: slicing.splice(files[file], name, cell)}
    else:
        target = f"{ANSWERS}.cell"
        files = {**files, f"{ANSWERS}.py": "def cell():\n" + textwrap.indent(cell, "    ") + "    return answer\n"}
    return {other for other in closure(target, files) if is_task(other, files)}


def closure(target: str, files: Mapping[str, str]) -> set[str]:
    """Everything `target` calls, directly or not."""
    seen: set[str] = set()
    todo = [target]
    while todo:
        for other in calls(todo.pop(), files):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen - {target}


def modules(roots: set[str], files: Mapping[str, str]) -> set[str]:
    """Files of the modules named and of all they import within the package, ``__init__`` included."""
    seen = {f for f in ("__init__.py", "__main__.py") if f in files}
    todo = [f for root in roots if (f := module_file(root, files))]
    while todo:
        file = todo.pop()
        if file in seen:
            continue
        seen.add(file)
        for node in ast.walk(slicing.parsed(files[file])):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE:
                origin = (node.module or "").removeprefix(PACKAGE).lstrip(".")
                names = [origin, *(f"{origin}.{a.name}".lstrip(".") for a in node.names)]
                todo += [f for n in names if n and (f := module_file(n, files))]
            elif isinstance(node, ast.Import):
                names = [a.name.removeprefix(PACKAGE).lstrip(".") for a in node.names if a.name.startswith(PACKAGE)]
                todo += [f for n in names if n and (f := module_file(n, files))]
    return seen

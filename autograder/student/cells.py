"""The cell of a notebook that `check` judges: finding its text among what was run."""

from __future__ import annotations

import ast
import builtins
import re
import sys
import traceback
from collections.abc import Callable, Collection, Sequence
from typing import Any

from autograder.authoring import slicing
from autograder.student.folder import PACKAGE, Misuse

# What grading installs, as the course's requirements say, and what that brings along, by the names of its modules.
AT_GRADING = {"numpy", "scipy", "sklearn", "matplotlib", "mpl_toolkits", "pylab", "joblib", "cloudpickle", "narwhals",
              "threadpoolctl", "contourpy", "cycler", "dateutil", "fontTools", "kiwisolver", "packaging", "PIL",
              "pyparsing", "six", "tzdata"}  # fmt: skip


class NotRun(Misuse):
    """No cell of a task has been run, and none that could be taken for it."""


def shell() -> Any:
    """The running IPython shell, or None in a plain Python; IPython is never imported for it."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None


def in_notebook(ip: Any) -> bool:
    """Whether cells are run through a kernel (a terminal's IPython has none)."""
    return ip is not None and getattr(ip, "kernel", None) is not None


def ran(ip: Any) -> Sequence[str]:
    """Everything this kernel ran, in order, as typed."""
    manager = getattr(ip, "history_manager", None)
    raw = getattr(manager, "input_hist_raw", None)  # `In` holds magics already translated
    return [str(text) for text in (raw if raw else ip.user_ns.get("In", []))]


def last_run(ip: Any, task: str, name: str, known: Callable[[str], object]) -> tuple[int, str]:
    """Number and text of the cell last run whose first line is ``# task: <task>``.

    Raises
    ------
    NotRun
        If there is none.
    Misuse
        If a later run defines `name` without that line on top (`known` tells the id of another task
        from a slip): what was judged would then be another version than the one the student looks at.
    """
    defines = re.compile(rf"(?:async\s+def|def|class)\s+{name}\b|{name}\s*(?::[^=]*)?=(?!=)")
    for number, text in reversed(list(enumerate(ran(ip)))):
        found = slicing.task_of(text.lstrip())
        if found == task:
            return number, text.lstrip()
        lines = text.strip().splitlines()
        if any(slicing.task_of(line) == task for line in lines):
            top = lines[0].strip()[:60]
            cure = "remove it" if top.startswith(("%", "!")) else "move it below that line"  # the package has no magic
            raise Misuse(
                f"Cell [{number}] has `{top}` above its line `# task: {task}`: {cure}, run the cell and check again."
            )
        if not (found and known(found)) and any(defines.match(line) for line in lines):
            instead = f"; it begins with `{lines[0].strip()[:60]}`" if found else ""
            earlier = any(slicing.task_of(before.lstrip()) == task for before in ran(ip)[:number])
            raise Misuse(
                f"Cell [{number}]{', run later,' if earlier else ''} defines {name} but does not begin with "
                f"`# task: {task}`{instead}: put that line back on top, run the cell and check again."
            )
    raise NotRun(f"No cell that begins with `# task: {task}` has been run yet: run it, then check again.")


def missing(name: str, ip: Any, task: str, place: str = "") -> str:
    """What to say of a name that the code looked for in vain, at a `place` like `` in line 3 of the cell``."""
    elsewhere = ip is not None and name in ip.user_ns and not hasattr(builtins, name)
    if elsewhere:
        return (
            f"`{name}` is known in this notebook, and the package does not know it where it is needed{place}: "
            f"move its definition, or its import, into the cell of {task}."
        )
    if place:
        return f"`{name}` is not defined where it is needed{place}: neither the cell nor its module says what it is."
    return f"`{name}` is not defined: the function uses it, and neither its cell nor its module says what it is."


def only_here(cell: str) -> str:
    """What to say of a cell that imports what this computer has and grading lacks."""
    try:
        nodes = list(ast.walk(ast.parse(cell)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    imported = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    imported += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    tops = dict.fromkeys(name.split(".")[0] for name in imported)
    lacked = [top for top in tops if top not in {*sys.stdlib_module_names, PACKAGE, "autograder", *AT_GRADING}]
    if not lacked:
        return ""
    return f"Grading has no {' and no '.join(lacked)}: a cell that imports it is not graded, so do without."


def unanswered(cell: str) -> bool:
    """Whether an answer cell still says ``answer = None``, and nothing else of `answer`."""
    try:
        body = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    given = [
        node.value
        for node in body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "answer" for t in node.targets)
    ]
    return bool(given) and all(isinstance(value, ast.Constant) and value.value is None for value in given)


def trial_that_failed(ip: Any, cell: str, trials: Collection[int]) -> str:
    """What to say of a trial in a cell at which its last run ended: what passes may still not be what was meant."""
    result = getattr(ip, "last_execution_result", None)
    error = getattr(result, "error_in_exec", None)
    raw = getattr(getattr(result, "info", None), "raw_cell", None)
    if not isinstance(error, Exception) or not isinstance(raw, str) or raw.strip() != cell.strip():
        return ""
    frames = traceback.walk_tb(error.__traceback__)
    # IPython drops empty lines above a cell before it counts.
    lines = [n for frame, n in frames if frame.f_code.co_name == "<module>" and frame.f_globals is ip.user_ns]
    try:
        body = ast.parse(cell.lstrip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    within = [node.lineno for node in body if lines and node.lineno <= lines[-1] <= (node.end_lineno or 0)]
    if not set(within) & set(trials):
        return ""
    return f"When you ran the cell it ended in {type(error).__name__} at line {lines[-1]}, a trial of yours."

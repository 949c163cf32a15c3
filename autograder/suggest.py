"""What the checks of a task would not notice: its reference with small slips, each put to the checks.

Suggestions for an author, never a gate: a slip that survives is a missing check or an
equivalent program, and one that is caught without a name is a candidate for a mutant.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from autograder import casesets, paths
from autograder.authoring import calls, known, prerequisites, slicing
from autograder.authoring.evidence import Heard
from autograder.authoring.slips import Slip, slips
from autograder.casesets import CaseSet
from autograder.checks.base import Limits, Outcome, Task
from autograder.checks.diagnosis import same
from autograder.checks.evaluate import evaluate
from autograder.errors import Foreseen
from autograder.manifest import TaskInfo
from autograder.sandbox.jail import Sandbox
from autograder.verdict import Verdict

# A slip can loop for ever or ask for all memory: it runs where that costs a moment.
LIMITS = Limits(call_seconds=2.0, task_seconds=6.0)
SLOW = 0.5  # seconds: where a call of the reference needs more, a slip has the task's own limits too
FORM = {"runs", "shape", "finite"}  # checks that a program fails before any law can be put to it


class NoSlips(Foreseen):
    """A task that has no definition to make slips of."""


@dataclass(frozen=True)
class Tried:
    """One slip and what the checks said of it; `outcomes` are those of the case set."""

    slip: Slip
    verdict: Verdict
    outcomes: tuple[Outcome, ...]

    @property
    def survived(self) -> bool:
        return self.verdict.passed

    @property
    def caught_by(self) -> list[str]:
        return [result.name for result in self.verdict.results if not result.passed and not result.waiting]

    @property
    def named(self) -> list[str]:
        return [diagnosis.name for diagnosis in self.verdict.diagnoses]


@dataclass(frozen=True)
class Report:
    """Every slip of a task, sorted by what an author does about it."""

    survived: list[Tried] = field(default_factory=list)
    equivalent: list[Tried] = field(default_factory=list)
    unnamed: list[list[Tried]] = field(default_factory=list)  # grouped by equal outcomes
    named: list[Tried] = field(default_factory=list)
    gated: list[Tried] = field(default_factory=list)  # no value, or a wrong shape: no mutant is needed


def declared(task: str, root: Path = paths.ROOT) -> set[str]:
    """Slips declared equivalent in ``tests/mutants/<slug>/equivalent--<task>.txt``, one `Slip.diff` a line."""
    slug, name = task.split(".")
    path = root / "tests" / "mutants" / slug / f"equivalent--{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def attempts(info: TaskInfo, task: Task, sandbox: Sandbox) -> Iterator[Tried]:
    """Each slip of the reference put to the task's checks, over one case set."""
    headers = [(m.header, known.caller(info, m.cell, task.forbids)) for m in known.mutants(info.id)]
    generator = np.random.default_rng(casesets.seed("suggest", info.id))
    cases = casesets.make(task, generator, known.caller(info, forbids=task.forbids), headers)
    limits = _limits(info, task, cases, sandbox)
    for slip, files, answer in _changed(info):
        with sandbox.open(files, seconds=limits.task_seconds) as session:
            with session.task(limits, forbids=task.forbids, answer=answer) as caller:
                heard = Heard(caller)
                verdict = evaluate(task, cases, heard)
            yield Tried(slip, verdict, tuple(heard.outcomes[: len(cases.cases)]))


def _limits(info: TaskInfo, task: Task, cases: CaseSet, sandbox: Sandbox) -> Limits:
    """A moment, or the task's own limits where the reference itself takes long.

    It is called where the slips are, because a first call may import a library there.
    """
    answer = "" if info.object else calls.of_answer(known.reference_cell(info))
    times = []
    with (
        sandbox.open(known.reference_files(), seconds=task.limits.task_seconds) as session,
        session.task(task.limits, forbids=task.forbids, answer=answer) as caller,
    ):
        for case in cases.cases:
            began = time.perf_counter()
            caller(case)
            times.append(time.perf_counter() - began)
    return task.limits if max(times) > SLOW or sum(times) > LIMITS.task_seconds / 2 else LIMITS


def _changed(info: TaskInfo) -> Iterator[tuple[Slip, dict[str, str], str]]:
    """Each slip with the package that holds it, or (of an analysis) the cell that does."""
    files = known.reference_files()
    if not info.object:
        cell, name = known.reference_cell(info), info.id.split(".")[1]
        for slip in slips(slicing.cut(cell, name)):
            yield slip, files, calls.of_answer(slicing.replace(cell, name, slip.text))
        return
    module, name = info.object.rsplit(".", 1)
    file = prerequisites.module_file(module, files)
    assert file is not None
    for slip in slips(slicing.cut(files[file], name)):
        yield slip, {**files, file: slicing.replace(files[file], name, known.without_markers(slip.text))}, ""


def report(task: Task, tried: list[Tried], equivalent: set[str]) -> Report:
    """Survivors first; what is caught without a name, largest group first."""
    found = Report()
    for one in tried:
        if one.survived:
            (found.equivalent if one.slip.diff in equivalent else found.survived).append(one)
        elif one.named:
            found.named.append(one)
        elif FORM & set(one.caught_by):
            found.gated.append(one)
        else:
            group = next((g for g in found.unnamed if _alike(g[0], one, task)), None)
            if group is None:
                found.unnamed.append(group := [])
            group.append(one)
    found.unnamed.sort(key=len, reverse=True)
    return found


def _alike(a: Tried, b: Tried, task: Task) -> bool:
    return all(same(x, y, task.rtol, task.atol) for x, y in zip(a.outcomes, b.outcomes, strict=True))


def told(found: Report, whole: bool = False) -> Iterator[str]:
    """The report in lines."""
    for one in found.survived:
        yield f"SURVIVED ({one.slip.what}), line {one.slip.line} of the definition: no check notices"
        yield from _diff(one.slip)
    for group in found.unnamed:
        first = group[0]
        also = f", and {len(group) - 1} with equal outcomes" if len(group) > 1 else ""
        yield f"caught by {', '.join(first.caught_by)}, named by nobody: a candidate for a mutant{also}"
        yield from _diff(first.slip)
    for how, group in _rest(found) if whole else ():
        for one in group:
            yield f"{how} (caught by {', '.join(one.caught_by) or 'nothing'})"
            yield from _diff(one.slip)
    candidates = sum(map(len, found.unnamed))
    yield (
        f"{len(found.survived)} survive, {candidates} caught without a name, {len(found.named)} named, "
        f"{len(found.gated)} without a value of the right form, {len(found.equivalent)} declared equivalent"
    )


def _rest(found: Report) -> Iterator[tuple[str, list[Tried]]]:
    """What needs nobody's attention."""
    yield from ((f"named {' or '.join(one.named)}", [one]) for one in found.named)
    yield "declared equivalent", found.equivalent
    yield "no value of the right form", found.gated


def _diff(slip: Slip) -> Iterator[str]:
    yield f"    - {slip.before}"
    yield f"    + {slip.after}"

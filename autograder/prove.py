"""The authors' gate: do the checks tell right from wrong, and say which wrong?

For every task judged by laws: the stub fails, the reference has full marks with a wide
margin, every mutant loses marks and is named, every correct variant has full marks and no
diagnosis, and each fails the same checks, and so earns the same points, in every case set.
For every task with a key: the key is well-formed and agrees with itself, no answer scores
nothing, and its 16 variants differ.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder import casesets, paths
from autograder.authoring import assemble, known, slicing, wording
from autograder.authoring.evidence import Evidence, Heard
from autograder.authoring.todo import TODO, missing
from autograder.casesets import CaseSet
from autograder.checks import tasks as checks_of
from autograder.checks.answers import VARIANTS, AnswerTask
from autograder.checks.base import Caller, Check, Measure, Outcome, Task, Trial
from autograder.checks.evaluate import evaluate
from autograder.errors import Foreseen, sentence
from autograder.leaks import leaks, published
from autograder.manifest import Chapter, Manifest, TaskInfo
from autograder.sandbox.package import ImportProblem
from autograder.verdict import Verdict

__all__ = ["Finding", "leaks", "prove", "prove_answer", "prove_task", "published"]

MARGIN = 100.0
MUTANTS, CORRECT = 4, 3
CHECKS = Path(__file__).resolve().parent / "checks"


@dataclass(frozen=True)
class Finding:
    """One thing proved or not: `task`, what was tried, whether it holds, and what was seen."""

    task: str
    what: str
    holds: bool
    saw: str


def prove(manifest: Manifest, sets: int, only: str = "") -> Iterator[Finding]:
    """Everything the gate asks, task by task; nothing stops at the first failure."""
    labels = {s.label for s in manifest.sections}
    places = labels | wording.labels()
    for chapter in manifest.chapters:
        if only and only.split(".")[0] != chapter.slug:
            continue
        checks = checks_of(chapter.slug)
        yield from _same_ids(chapter, set(checks))
        for info in chapter.tasks:
            check = checks.get(info.id)
            if only and info.id != only:
                continue
            if check is None and info.kind != "explain":
                yield _unchecked(info, set(checks), {t.id for t in chapter.tasks})
            left = missing(info.id, info.object)
            saw = "\n".join(f"{m.file}:{m.line}: {m.text}" for m in left)
            yield Finding(
                info.id, "nothing is left to be written", not left, f"{len(left)} lines, first to last:\n{saw}"
            )
            try:
                yield from _words(info, places)
                if isinstance(check, AnswerTask):
                    yield from prove_answer(info, check, labels)
                elif check is not None:
                    yield from prove_task(info, check, sets, labels)
            except Exception as problem:  # what an author writes can raise anything, and the rest is still proved
                yield Finding(info.id, "all that belongs to it loads and runs", False, traced(problem))


def traced(problem: BaseException) -> str:
    """What went wrong, with the last place of the house in which it did."""
    if isinstance(problem, Foreseen | slicing.Refused | ImportProblem):
        return sentence(problem)
    frames = [f for f in traceback.extract_tb(problem.__traceback__) if Path(f.filename).is_relative_to(paths.ROOT)]
    own = [f for f in frames if Path(f.filename).is_relative_to(CHECKS)] or frames
    at = f"{Path(own[-1].filename).relative_to(paths.ROOT).as_posix()}, line {own[-1].lineno}: " if own else ""
    return f"{at}{type(problem).__name__}: {sentence(problem)}"


def of_an_author(problem: BaseException) -> bool:
    """Whether it passed through code of the checks, which authors write."""
    return any(Path(f.filename).is_relative_to(CHECKS) for f in traceback.extract_tb(problem.__traceback__))


def _unchecked(info: TaskInfo, checks: set[str], stated: set[str]) -> Finding:
    """An exercise that nothing judges, or whose checks go by another name."""
    slug = info.id.split(".")[0]
    near = wording.meant(info.id, checks - stated)
    saw = f"autograder/checks/{slug.replace('-', '_')}.py: TASKS has no {info.id!r}{near}\n"
    return Finding(
        info.id, "its checks stand in TASKS", False, f"{saw}TASKS has: {', '.join(sorted(checks)) or 'none'}"
    )


def _words(info: TaskInfo, places: set[str]) -> Iterator[Finding]:
    """What block and docstring point to and promise."""
    lost = wording.unknown(wording.pointed(info), places)
    yield Finding(info.id, "what its page and docstring refer to exists", not lost, "\n".join(lost))
    if info.parameters:
        bare = wording.unnamed(info)
        saw = f"not named in backticks in its block: {', '.join(bare)}"
        yield Finding(info.id, "its block names what a student finds in inputs", not bare, saw)
    if info.object:
        said = wording.examples(info)
        yield Finding(info.id, "the examples of its docstring hold", not said, said)


def _same_ids(chapter: Chapter, executed: set[str]) -> Iterator[Finding]:
    stated = {t.id for t in chapter.tasks if t.kind != "explain"}
    saw = f"only on the page: {sorted(stated - executed)}; only in checks: {sorted(executed - stated)}"
    yield Finding(chapter.slug, "page and checks name the same tasks", stated == executed, saw)


def prove_answer(info: TaskInfo, task: AnswerTask, labels: set[str]) -> Iterator[Finding]:
    """The gate for one task with a key."""
    yield _sections(info, {"the task": {task.section}}, labels)
    yield Finding(info.id, "no answer is no answer", bool(task.form(None)), "form(None) finds no fault")
    try:
        found = assemble.answer_keys(info.id.split(".")[0])[info.id]
    except (AttributeError, KeyError, OSError, TypeError) as problem:
        slug, name = info.id.split(".")
        lacks = isinstance(problem, KeyError) and problem.args == (name,)
        saw = f"solutions/answers/{slug}.py defines no function {name!r}" if lacks else traced(problem)
        yield Finding(info.id, "the key is a function of solutions/answers", False, saw)
        return
    keys = found if task.draw else [found]
    for k, key in enumerate(keys):
        where = f" (variant {k}: {json.dumps(info.parameters[k])})" if task.draw else ""
        fault = task.form(key)
        yield Finding(info.id, f"the key is well-formed{where}", not fault, fault)
        yield Finding(info.id, f"the key agrees with itself{where}", _agree(task, key, key), repr(key))
        yield Finding(info.id, f"None earns nothing{where}", not _agree(task, None, key), "agrees(None, key) holds")
    if task.draw:
        texts = [json.dumps(p, sort_keys=True) for p in info.parameters]
        twice = sorted({t for t in texts if texts.count(t) > 1})
        yield Finding(info.id, f"{VARIANTS} variants, pairwise different", len(texts) == VARIANTS and not twice,
                      f"{len(texts)} variants; drawn more than once: {twice}")  # fmt: skip


def _agree(task: AnswerTask, answer: Any, key: Any) -> bool:
    """As the judge asks: the form first."""
    return not task.form(answer) and task.agrees(answer, key)


def prove_task(info: TaskInfo, check: Task, sets: int, labels: set[str]) -> Iterator[Finding]:
    """The gate for one task judged by laws; mutants and variants not yet written are left to `check`."""
    mutants, variants = ([m for m in found if TODO not in m.cell + m.message]
                         for found in (known.mutants(info.id), known.variants(info.id)))  # fmt: skip
    yield Finding(info.id, f"at least {MUTANTS} mutants", len(mutants) >= MUTANTS, f"{len(mutants)}")
    yield Finding(info.id, f"at least {CORRECT} variants", len(variants) >= CORRECT, f"{len(variants)}")
    odd = known.misnamed(info.id)
    drafts = [f"{k.name}--{info.id.split('.')[1]}.py" for k in (*mutants, *variants) if k.name.startswith("todo-")]
    saw = [f"{file}: the name must end in --{info.id.split('.')[1]}.py, or nothing finds it" for file in odd]
    saw += [f"{file}: rename it by the slip that it makes, or by how it differs" for file in drafts]
    yield Finding(info.id, "mutants and variants are named by what they do", not saw, "\n".join(saw))
    said = {f"check {c.name}": {c.section} for c in check.checks} | {f"mutant {m.name}": {m.section} for m in mutants}
    yield _sections(info, said, labels)
    yield Finding(info.id, "some check has a weight, none a negative one", _weighed(check), "")
    forbids = check.forbids
    right = known.caller(info, forbids=forbids)
    callers = {m.name: known.caller(info, m.cell, forbids) for m in mutants}
    others = {v.name: known.caller(info, v.cell, forbids) for v in variants}
    stub = known.caller(info, _blank(info), forbids)
    halves = list(wording.gaps(info)) if info.kind == "diagnose" else []
    if halves:
        equal = [
            f"gap {k} is right as it was handed out: its lines are the reference's" for k, same, _ in halves if same
        ]
        yield Finding(info.id, "every {broken} differs from its gap", not equal, "\n".join(equal))
    repaired = {k: known.caller(info, cell, forbids) for k, _, cell in halves} if len(halves) > 1 else {}
    seen: dict[str, list[Verdict]] = {}
    for k in range(sets):
        headers = [(m.header, callers[m.name]) for m in mutants]
        cases = casesets.make(check, np.random.default_rng(casesets.seed("prove", info.id, str(k))), right, headers)
        where = f"case set {k}"
        blank = evaluate(check, cases, stub)
        yield Finding(info.id, f"the stub scores 0 ({where})", blank.earned == 0.0, f"earned {blank.earned}")
        whole = [f"gap {n} is right as it was handed out: with the others repaired, the cell has full marks"
                 for n, caller in repaired.items() if evaluate(check, cases, caller).passed]  # fmt: skip
        if repaired:
            yield Finding(info.id, f"every gap must be repaired ({where})", not whole, "\n".join(whole))
        heard = Heard(right)
        verdict = evaluate(check, cases, heard)
        evidence = Evidence(info, check, cases, heard.outcomes[: len(cases.cases)])
        yield from _reference(info, check, cases, right, verdict, evidence, where)
        for name, caller in callers.items():
            heard = Heard(caller)
            verdict = evaluate(check, cases, heard)
            seen.setdefault(f"mutant {name}", []).append(verdict)
            yield _mutant(info, name, verdict, evidence, heard.outcomes[: len(cases.cases)], where)
        for name, caller in others.items():
            heard = Heard(caller)
            verdict = evaluate(check, cases, heard)
            seen.setdefault(f"variant {name}", []).append(verdict)
            yield _variant(info, name, verdict, evidence, heard.outcomes[: len(cases.cases)], where)
    for who, verdicts in seen.items():
        yield _alike(info, who, verdicts)


def _alike(info: TaskInfo, who: str, verdicts: Sequence[Verdict]) -> Finding:
    """A student's points must not depend on which case set is theirs."""
    sets: dict[tuple[float, tuple[str, ...]], list[int]] = {}
    for k, verdict in enumerate(verdicts):
        failed = tuple(r.name for r in verdict.results if r.weight and not r.passed)
        sets.setdefault((round(verdict.earned, 9), failed), []).append(k)
    always = set.intersection(*(set(failed) for _, failed in sets))
    lines = ["the draw decides; make the case on which it shows certain, or draw none on which it may show by luck:"]
    for (earned, failed), numbers in sorted(sets.items(), key=lambda item: item[1]):
        more = ", ".join(name for name in failed if name not in always) or "no more"
        lines.append(f"  case sets {', '.join(map(str, numbers))}: earned {earned:.2f}, fails {more}")
    lines.append(f"  and in every set {', '.join(sorted(always)) or 'nothing'}")
    return Finding(info.id, f"{who} is judged alike in every case set", len(sets) == 1, "\n".join(lines))


def _blank(info: TaskInfo) -> str:
    """The cell as it was handed out."""
    return f"# task: {info.id}\n" + (f"{info.imports}\n\n{info.stub}" if info.object else "answer = None\n")


def _sections(info: TaskInfo, said: Mapping[str, set[str]], labels: set[str]) -> Finding:
    lost = wording.unknown(said, labels)
    return Finding(info.id, "sections to read exist", not lost, "\n".join(lost))


def _weighed(check: Task) -> bool:
    """A check without weight is advice: shown, and worth nothing."""
    weights = [c.weight for c in check.checks]
    return min(weights) >= 0.0 < sum(weights)


def _reference(
    info: TaskInfo, check: Task, cases: CaseSet, right: Caller, verdict: Verdict, evidence: Evidence, where: str
) -> Iterator[Finding]:
    saw = "" if verdict.passed else evidence.of_verdict(verdict, evidence.right)
    yield Finding(info.id, f"the reference has full marks ({where})", verdict.passed, saw)
    verdict = evaluate(replace(check, checks=tuple(_narrowed(c) for c in check.checks)), cases, right)
    what = f"tolerances are {MARGIN:.0f} times the reference's own error ({where})"
    yield Finding(info.id, what, verdict.passed, evidence.of_verdict(verdict, evidence.right))


def _narrowed(check: Check) -> Check:
    """The same law with a tolerance `MARGIN` times smaller."""

    def test(trial: Trial) -> Measure | None:
        measure = check.test(trial)
        return None if measure is None else replace(measure, tol=measure.tol / MARGIN)

    return replace(check, test=test)


def _mutant(
    info: TaskInfo, name: str, verdict: Verdict, evidence: Evidence, outcomes: list[Outcome], where: str
) -> Finding:
    named = [d.name for d in verdict.diagnoses]
    holds = not verdict.passed and verdict.earned < 1.0 and name in named and len(named) <= 2
    saw = f"earned {verdict.earned:.2f}, taken for {', '.join(named) or 'nothing'}"
    saw = saw if holds else f"{saw}\n{evidence.of_mutant(name, verdict, outcomes)}"
    return Finding(info.id, f"mutant {name} is caught and named ({where})", holds, saw)


def _variant(
    info: TaskInfo, name: str, verdict: Verdict, evidence: Evidence, outcomes: list[Outcome], where: str
) -> Finding:
    holds = verdict.passed and not verdict.diagnoses
    taken = "".join(f"taken for {d.name}\n" for d in verdict.diagnoses)
    saw = "" if holds else taken + evidence.of_verdict(verdict, outcomes)
    return Finding(info.id, f"variant {name} has full marks ({where})", holds, saw)

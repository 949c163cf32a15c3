"""The only place where a score is born.  Student code runs in the jail, never here.

A submission's cells are spliced as text into a fresh copy of the student package; each
task is judged in a fork of its own on the student's own functions.  Where a task fails
and one of its prerequisites failed, it is judged once more, in another jail, with all of
its failed prerequisites replaced by the reference; the better result counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from autograder.authoring import calls, prerequisites, slicing
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask
from autograder.checks.base import Caller, Case, Outcome, Task
from autograder.checks.common import repeatable
from autograder.checks.evaluate import UNMEASURABLE, evaluate
from autograder.course import Release
from autograder.manifest import Kind, TaskInfo
from autograder.sandbox.jail import Sandbox
from autograder.sandbox.session import Session
from autograder.submission import Submission
from autograder.verdict import CheckResult, Verdict

# Reading a cell happens on the trusted side and takes time and memory in proportion.
MAX_CELL = 60_000
OWN, HELPED = "own", "with reference prerequisites"


@dataclass(frozen=True)
class Judged:
    """A verdict and how it came about; `own` is what the student's own functions alone earned."""

    verdict: Verdict
    own: float
    run: str = OWN


@dataclass(frozen=True)
class Spliced:
    """A student package ready to be judged, and the cells that could not be used."""

    files: Mapping[str, str]
    refused: Mapping[str, str]


def base_files(release: Release) -> dict[str, str]:
    """The package an assignment starts from: its own tasks as stubs, earlier assignments' as reference.

    What a later one asks for is nobody's business here, unless the reference of a task of this one calls it.
    """
    files = dict(release.package)
    own = {task.object for task in release.chapter.tasks}
    earlier = takewhile(lambda chapter: chapter.slug != release.assignment, release.manifest.chapters)
    given = {task.object for chapter in earlier for task in chapter.tasks}
    given |= {need for task in release.chapter.tasks for need in task.prerequisites}
    for target in sorted((given - own) & set(release.reference)):
        _put(files, target, release.reference[target])
    return files


def _put(files: dict[str, str], target: str, text: str) -> None:
    module, name = target.rsplit(".", 1)
    file = prerequisites.module_file(module, files)
    if file is not None:
        files[file] = slicing.replace(files[file], name, text)


def splice(release: Release, submission: Submission, sandbox: Sandbox) -> Spliced:
    """Put every usable cell in its stub's place; each unusable one costs only its own task."""
    base = base_files(release)
    cells = {t.id: submission.cells[t.id] for t in release.chapter.tasks if t.object and t.id in submission.cells}
    files, refused = _splice_all(release, base, cells)
    problem = _import_problem(files, sandbox)
    if problem is None:
        return Spliced(files, refused)
    # Some cell fails at import: add them one at a time and leave out those that break it.
    files, refused = base, {}
    for task_id, cell in cells.items():
        trial, reason = _splice_all(release, files, {task_id: cell})
        problem = None if reason else _import_problem(trial, sandbox)
        if reason or problem:
            refused[task_id] = reason.get(task_id) or f"an error when the cell is imported: {problem}"
        else:
            files = trial
    return Spliced(files, refused)


def _splice_all(
    release: Release, base: Mapping[str, str], cells: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    files, refused = dict(base), {}
    for task in release.chapter.tasks:
        if task.id not in cells:
            continue
        if len(cells[task.id]) > MAX_CELL:
            refused[task.id] = f"the cell is longer than {MAX_CELL:,} characters"
            continue
        module, name = task.object.rsplit(".", 1)
        file = prerequisites.module_file(module, files)
        assert file is not None
        try:
            files[file] = slicing.splice(files[file], name, calls.without(cells[task.id], name))
        except slicing.Refused as reason:
            refused[task.id] = str(reason)
        except (ArithmeticError, LookupError, MemoryError, RecursionError, ValueError) as problem:
            # A cell made to break the reading of it costs its own task, never the submission.
            refused[task.id] = f"the cell could not be read ({type(problem).__name__})"
    return files, refused


def _import_problem(files: Mapping[str, str], sandbox: Sandbox) -> str | None:
    with sandbox.open(files) as session:
        problem = session.problem()
    if problem is None:
        return None
    return repeatable(problem.type)


def judge(
    release: Release,
    submission: Submission,
    case_set: int,
    sandbox: Sandbox,
    wanted: Callable[[str], Judged | None] = lambda task: None,
    store: Callable[[str, Judged], None] = lambda task, judged: None,
    variant: int = 0,
) -> dict[str, Judged]:
    """Judge every task that executes; `wanted` may bring an earlier result, `store` keeps a new one.

    `variant` says which of the public parameters are the student's: of the student the work was
    collected from, whatever the notebook says.
    """
    executes = checks_of(release.assignment)
    infos = [task for task in release.chapter.tasks if task.id in executes]
    done = {task.id: known for task in infos if (known := wanted(task.id)) is not None}
    missing = [task for task in infos if task.id not in done]
    if not missing:
        return done
    spliced = splice(release, submission, sandbox)
    first: dict[str, Verdict] = {}
    # Answers have a jail of their own: what a function was called with can be left in the other's /tmp.
    with sandbox.open(spliced.files) as session, sandbox.open(spliced.files) as answers:
        for task in missing:
            check = executes[task.id]
            if task.id not in submission.cells:
                first[task.id] = Verdict(task.id, 0.0, refused="the notebook has no cell for this task")
            elif task.id in spliced.refused:
                first[task.id] = Verdict(task.id, 0.0, refused=spliced.refused[task.id])
            elif len(submission.cells[task.id]) > MAX_CELL:
                first[task.id] = Verdict(task.id, 0.0, refused=f"the cell is longer than {MAX_CELL:,} characters")
            elif isinstance(check, AnswerTask):
                inputs = task.parameters[variant] if task.parameters else None
                key = release.keys[task.id][variant] if task.parameters else release.keys[task.id]
                outcome = answers.answer(calls.of_answer(submission.cells[task.id]), check.limits, inputs)
                first[task.id] = judge_answer(check, outcome, key, task.kind)
            else:
                jail, source = (session, "") if task.object else (answers, submission.cells[task.id])
                first[task.id] = _run(release, task, check, case_set, jail, source)
    own = {task: judged.own for task, judged in done.items()} | {task: v.earned for task, v in first.items()}
    for task in missing:
        failed = [need for need in release.chapter.needs(task) if own.get(need.id, 1.0) < 1.0]
        judged = Judged(first[task.id], own[task.id])
        check = executes[task.id]
        if failed and not judged.verdict.passed and not judged.verdict.refused and isinstance(check, Task):
            source = "" if task.object else submission.cells[task.id]
            judged = _helped(release, spliced, task, check, failed, case_set, sandbox, judged, source)
        done[task.id] = judged
        store(task.id, judged)
    return done


def _run(release: Release, task: TaskInfo, check: Task, case_set: int, jail: Session, source: str) -> Verdict:
    """One task in one jail; `source` is the cell of an analysis."""
    with jail.task(check.limits, check.forbids, calls.of_answer(source)) as call:
        return evaluate(check, release.cases(task.id, case_set), discreet(call))


def _helped(
    release: Release,
    spliced: Spliced,
    task: TaskInfo,
    check: Task,
    failed: Sequence[TaskInfo],
    case_set: int,
    sandbox: Sandbox,
    own: Judged,
    source: str,
) -> Judged:
    """The second run: failed prerequisites as reference, in a jail of its own."""
    files = dict(spliced.files)
    for need in failed:
        _put(files, need.object, release.reference[need.object])
    with sandbox.open(files) as session:
        verdict = _run(release, task, check, case_set, session, source)
    if verdict.earned <= own.verdict.earned:
        return own
    note = (
        f"Judged with the reference in place of your {', '.join(sorted(need.id for need in failed))}, "
        "so that a mistake there costs nothing here."
    )
    return Judged(replace(verdict, notes=(*verdict.notes, note)), own.own, HELPED)


def discreet(call: Caller) -> Caller:
    """A caller whose failures carry nothing that student code chose: hidden inputs stay hidden."""

    def quiet(case: Case) -> Outcome:
        outcome = call(case)
        if outcome.kind != "error":
            return outcome
        return replace(outcome, detail=repeatable(outcome.detail), message="")

    return quiet


@dataclass(frozen=True)
class Words:
    """How the one check of an answer is worded."""

    law: str
    asked: str
    against: str
    why: str


PREDICTED = Words(
    "The prediction agrees with what happens.",
    "your prediction",
    "what happens",
    "Predicting before running shows which picture of the method you hold.",
)
DERIVED = Words(
    "The answer agrees with what the derivation gives.",
    "your answer",
    "what the derivation gives",
    "One number that comes out right vouches for every step that led to it.",
)


def judge_answer(task: AnswerTask, outcome: Outcome, key: Any, kind: Kind = "predict") -> Verdict:
    """A predict or derive task: right or not, and where to read; the key is not repeated.

    Of a wrong number nothing is said but that it is wrong: too large, or of the wrong sign, would
    lead to the key in a few hand-ins.
    """
    words = PREDICTED if kind == "predict" else DERIVED
    right, said = False, "the cell set no answer"
    if outcome.kind == "value":
        well_formed, right = _compared(task, outcome, key)
        # Never the answer itself: it is the student's text, and could carry a hidden input.
        said = "the answer agrees" if right else f"the answer does not agree with {words.against}"
        said = said if well_formed else f"the answer does not have the form that is asked: {task.form.asks}"
    elif outcome.detail:
        said = f"the cell ended in {repeatable(outcome.detail)}"
        if outcome.detail == "NameError" and outcome.message.endswith("is not defined"):
            quotes = ": text needs quotes, as in answer = 'a'"
            absent = ", because it uses a name that it does not define; other cells are not run"
            said += quotes if "quotes" in task.form.asks else absent
    result = CheckResult(
        name="answer",
        law=words.law,
        passed=right,
        weight=1.0,
        gate=False,
        asked=words.asked,
        came_back=said,
        why=words.why,
        section=task.section,
        seconds=outcome.seconds,
    )
    return Verdict(task.id, 1.0 if right else 0.0, (result,))


def _compared(task: AnswerTask, outcome: Outcome, key: Any) -> tuple[bool, bool]:
    """Whether an answer is well formed, and whether it is right: what cannot stand the comparison is wrong."""
    well_formed = False
    try:
        well_formed = not task.form(outcome.value)
        return well_formed, well_formed and bool(task.agrees(outcome.value, key))
    except UNMEASURABLE:
        return well_formed, False


def sha(*parts: bytes) -> str:
    """A content hash of several parts, each delimited by its length."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()

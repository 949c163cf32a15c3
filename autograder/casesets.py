"""Case sets: what is asked of a task, what the reference answered, and what each mutant answers.

Made once by trusted code (`build` for the visible set, `release` for the hidden ones),
stored as arrays, and read by the notebook and the judge, which therefore never run the
reference.
"""

from __future__ import annotations

import hashlib
import io
import json
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checks.answers import VARIANTS, AnswerTask
from autograder.checks.base import Caller, Case, Outcome, Task
from autograder.sandbox import codec


@dataclass(frozen=True)
class MutantRecord:
    """What ships of a known-wrong solution: its header and its outcomes, never its source.

    `mode` is ``agrees`` or the name of a predicate of `autograder.checks.symptoms`.
    """

    name: str
    mode: str
    message: str
    section: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class CaseSet:
    """Cases of one task with the reference's outcomes and each mutant's, in the cases' order."""

    task: str
    cases: tuple[Case, ...]
    expected: tuple[Outcome, ...]
    mutants: tuple[MutantRecord, ...]

    def dumps(self) -> bytes:
        """Deterministic bytes: a zip of one JSON and the arrays, nothing pickled."""
        plain: dict[str, Any] = {
            "task": self.task,
            "cases": list(self.cases),
            "expected": list(self.expected),
            "mutants": [{**vars(m), "outcomes": list(m.outcomes)} for m in self.mutants],
        }
        encoded, arrays = codec.encode(plain)
        text = np.frombuffer(json.dumps(encoded, sort_keys=True).encode(), dtype=np.uint8)
        buffer = io.BytesIO()
        named: dict[str, Any] = {"json": text} | {f"a{i}": a for i, a in enumerate(arrays)}
        np.savez_compressed(buffer, **named)
        return buffer.getvalue()

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.dumps())

    @classmethod
    def load(cls, path: Path) -> CaseSet:
        with np.load(path, allow_pickle=False) as stored:
            encoded = json.loads(stored["json"].tobytes().decode())
            arrays = [stored[f"a{i}"] for i in range(len(stored.files) - 1)]
        plain: Any = codec.decode(encoded, arrays)
        mutants = tuple(MutantRecord(**{**m, "outcomes": tuple(m["outcomes"])}) for m in plain["mutants"])
        return cls(plain["task"], tuple(plain["cases"]), tuple(plain["expected"]), mutants)

    @property
    def analysis(self) -> bool:
        """Whether a cell on given data is asked, and no function."""
        return bool(self.cases) and all(case.steps[-1].op == "answer" for case in self.cases)

    def visible(self) -> CaseSet:
        """The part that may leave: without hidden cases, and of an analysis without what is right.

        The laws judge an analysis without the reference's answer.  Of a mutant's answer the entries
        stay that are wrong: most mutants have the others right, so together they would be the key.
        """
        keep = [i for i, case in enumerate(self.cases) if not case.hidden]
        expected = tuple(self.expected[i] for i in keep)
        mutants = tuple(replace(m, outcomes=tuple(m.outcomes[i] for i in keep)) for m in self.mutants)
        if self.analysis:
            mutants = tuple(replace(m, outcomes=tuple(map(without, m.outcomes, expected))) for m in mutants)
            expected = (WITHHELD,) * len(keep)
        return CaseSet(self.task, tuple(self.cases[i] for i in keep), expected, mutants)


def seed(*parts: str) -> int:
    """A seed from words, for what is public; hidden seeds come from the course's secret."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8], "big")


def parameters(task: AnswerTask) -> tuple[dict[str, int | float | str], ...]:
    """The public variants of a task whose numbers differ from student to student; empty where they do not.

    Raises
    ------
    ValueError
        If a parameter is no number and no text: it would not come back from the manifest as it went in.
    """
    if task.draw is None:
        return ()
    drawn = []
    for k in range(VARIANTS):
        found = task.draw(np.random.default_rng(seed("parameters", task.id, str(k))))
        plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in found.items()}
        odd = [name for name, value in plain.items() if type(value) not in (int, float, str)]
        if odd or json.loads(json.dumps(plain)) != plain:
            raise ValueError(f"{task.id}: parameters are plain numbers and words, and {odd or plain} are not")
        drawn.append(plain)
    return tuple(drawn)


def make(
    task: Task,
    generator: np.random.Generator,
    reference: Caller,
    mutants: Iterable[tuple[Mapping[str, str], Caller]],
) -> CaseSet:
    """Draw the cases and run the reference and the mutants on them (all of it trusted code).

    Raises
    ------
    ValueError
        If the reference itself brings back no value: the case or the reference is wrong.
    """
    cases = (*task.draw(generator), *task.edges())
    expected = tuple(_untimed(reference(case)) for case in cases)
    for case, outcome in zip(cases, expected, strict=True):
        if outcome.kind != "value":
            raise ValueError(f"{task.id}: the reference fails on {case.name!r}: {outcome.detail} {outcome.message}")
    records = tuple(
        MutantRecord(
            header["name"],
            header["mode"],
            header["message"],
            header["section"],
            tuple(_untimed(caller(case)) for case in cases),
        )
        for header, caller in mutants
    )
    return CaseSet(task.id, cases, expected, records)


WITHHELD = Outcome("error", detail="Withheld")
ENTRY = "withheld"  # stands in the place of one entry


def without(theirs: Outcome, right: Outcome) -> Outcome:
    """A mutant's outcome with no entry of the right one, `WITHHELD` if none is left; itself if it has none."""
    if right == WITHHELD or theirs.kind != "value" or len(theirs.values) != len(right.values):
        return theirs
    values = tuple(map(_without, theirs.values, right.values))
    if all(map(operator.is_, values, theirs.values)):
        return theirs
    alike = theirs.changed == right.changed and all(isinstance(v, str) and v == ENTRY for v in values)
    return WITHHELD if alike else replace(theirs, values=values)


def _without(theirs: Any, right: Any) -> Any:
    from autograder.checks.diagnosis import same_value  # which reads case sets

    if same_value(theirs, right, Task.rtol, Task.atol):
        return ENTRY
    if isinstance(theirs, dict) and isinstance(right, dict):
        left = {k: _without(v, right[k]) if k in right else v for k, v in theirs.items()}
        return theirs if all(left[k] is theirs[k] for k in left) else left
    if isinstance(theirs, tuple) and isinstance(right, tuple) and len(theirs) == len(right):
        parts = tuple(map(_without, theirs, right))
        return theirs if all(map(operator.is_, parts, theirs)) else parts
    return theirs


def _untimed(outcome: Outcome) -> Outcome:
    """Stored outcomes hold no wall time, so that a build repeats byte for byte."""
    return replace(outcome, message="", seconds=0.0)

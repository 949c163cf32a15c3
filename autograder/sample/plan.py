"""Who is in the sample class, what happened to each file, and who carries which mutants.

Every mutant of every task is dealt to one student, so a class that grades well has had every
misconception in it.  The deal is the same on every machine: it depends on the mutants' names alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from autograder.authoring import known
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask
from autograder.manifest import Chapter, TaskInfo
from autograder.sample import damage
from autograder.sample.answers import REFERENCE, RELEASED, WRONG

DUE = datetime(2026, 9, 4, 21, 59, tzinfo=UTC)  # 23:59 in Berlin
OFFERING = """\
# What a sample class decides; 'autograder sample' writes this file again.
timezone = "Europe/Berlin"
attempts = "last"
late = {per_day = 10, at_most = 50}
"""
DATES = """
[{slug}]
due = 2026-09-04 23:59
[{slug}.extensions]
quinn = "7 days"
"""
EXTENDED = DUE + timedelta(days=7)
ATTACKED = "ridge.closed_form"  # what the cells of tests/hostile claim to solve
BETTER = 4  # mistakes that the better ones have fewer
FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Student:
    """One student: `spoil` and `store` say what became of the file, `handed_in` when.

    Who `carries` may have mutants, the better ones only what nobody else has room for;
    `choices` stand before whatever is dealt.
    """

    id: str
    name: str
    carries: bool = False
    better: bool = False
    spoil: damage.Spoil = damage.none
    store: damage.Store = damage.plainly
    handed_in: datetime = DUE - timedelta(days=2)
    enrolled: bool = True
    twice: bool = False
    attack: str = ""
    choices: dict[str, str] = field(default_factory=dict)


def _carrier(id: str, name: str, spoil: damage.Spoil = damage.none, **more: object) -> Student:
    return Student(id, name, carries=True, spoil=spoil, **more)  # type: ignore[arg-type]


STUDENTS = (
    Student("ada", "Ada Okafor"),
    _carrier("bela", "Béla Horváth", store=damage.renamed),
    _carrier("chidi", "Chidi Eze", damage.duplicated),
    _carrier("dina", "Dina Haddad", damage.deleted),
    Student("emre", "Emre Yıldız", store=damage.missing),
    _carrier("femi", "Femi Adeyemi", damage.reordered),
    Student("goran", "Goran Petrović", store=damage.empty),
    _carrier("hana", "Hana Nováková", damage.retyped),
    _carrier("ines", "Inés Duarte", damage.odd_metadata),
    Student("jun", "Jun Takeda"),
    _carrier("kofi", "Kofi Mensah", damage.unknown_task, better=True),
    Student("lena", "Lena Fischer", store=damage.truncated),
    _carrier("mallory", "Mallory Quick", attack="greedy"),
    Student("noor", "Noor Rahman", enrolled=False),
    _carrier("oskar", "Oskar Lund", store=damage.older_format),
    _carrier("priya", "Priya Nair", better=True, handed_in=FUTURE),
    _carrier("quinn", "Quinn Murphy", handed_in=EXTENDED - timedelta(hours=3), twice=True),
    _carrier("rosa", "Rosa Jiménez", better=True, handed_in=DUE + timedelta(hours=9)),
    Student("sven", "Sven Dahl", store=damage.huge),
    _carrier("trudy", "Trudy Vance", attack="fork_bomb"),
    _carrier("uma", "Uma Iyer"),
    Student("viktor", "Viktor Ivanov", store=damage.no_notebook),
    _carrier("wei", "Wei Chen", better=True),
    _carrier("yara", "Yara Costa"),
)


def roster(students: Sequence[Student] = STUDENTS) -> str:
    """The class list as Canvas exports it; who enrolled late is not on it yet."""
    lines = ["Student,ID,SIS Login ID,Section", "    Points Possible,,,"]
    for number, student in enumerate(students, 1001):
        if student.enrolled:
            first, _, last = student.name.partition(" ")
            lines.append(f'"{last}, {first}",{number},{student.id},Shrinkage')
    return "\n".join(lines) + "\n"


def offering(slugs: Iterable[str]) -> str:
    """The course's offering file: the same dates for every assignment."""
    return OFFERING + "".join(DATES.format(slug=slug) for slug in slugs)


def attacks(chapter: Chapter, student: Student) -> bool:
    """Whether a student hands in a hostile cell here: in the chapter whose task those cells claim to solve."""
    return bool(student.attack) and any(task.id == ATTACKED for task in chapter.tasks)


def deal(chapter: Chapter, students: Sequence[Student] = STUDENTS) -> dict[str, dict[str, str]]:
    """What each student hands in for each task.

    Mutants go to whoever has fewest so far and, where possible, has none in a task that this one
    builds on or that builds on it; correct variants go round among those whose task is right.
    """
    dealt = {student.id: dict(student.choices) for student in students}
    for student in students:
        if attacks(chapter, student):
            dealt[student.id][ATTACKED] = f"hostile:{student.attack}"
    carriers = [student.id for student in students if student.carries]
    better = {student.id for student in students if student.better}
    wrong: dict[str, set[str]] = {student: set() for student in carriers}
    for turn, (task, names) in enumerate(_mutants(chapter)):
        near = {t.id for t in (*chapter.needs(task), *(t for t in chapter.tasks if task in chapter.needs(t)))}
        free = [*carriers[turn % len(carriers) :], *carriers[: turn % len(carriers)]]
        free = [student for student in free if task.id not in dealt[student]]
        # Fewest bugs first; of those, whoever keeps this task's mistake apart from its neighbours'.
        free.sort(key=lambda s: len(wrong[s]) + 2 * len(near & wrong[s]) + (BETTER if s in better else 0))
        for carrier, name in zip(free, names, strict=False):
            dealt[carrier][task.id] = name
            wrong[carrier].add(task.id)
    _right_otherwise(chapter, students, dealt)
    _answers(chapter, carriers, dealt)
    return dealt


def first_attempts(chapter: Chapter, dealt: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """What those who hand in twice had at first, oldest last: the mutants that nobody has room for; else nothing."""
    carried = {(task, name) for student in dealt.values() for task, name in student.items()}
    left = {task.id: [n for n in names if (task.id, n) not in carried] for task, names in _mutants(chapter)}
    rounds = max([1, *map(len, left.values())])
    return [{task: names[k] for task, names in left.items() if k < len(names)} for k in range(rounds)]


def _mutants(chapter: Chapter) -> Iterator[tuple[TaskInfo, list[str]]]:
    for task in chapter.tasks:
        if names := [mutant.name for mutant in known.mutants(task.id)]:
            yield task, names


def _right_otherwise(chapter: Chapter, students: Sequence[Student], dealt: dict[str, dict[str, str]]) -> None:
    """Correct variants, round the class: there is more than one right way."""
    for offset, task in enumerate(chapter.tasks):
        variants = [variant.name for variant in known.variants(task.id)]
        for place, student in enumerate(students):
            # Every third has the reference, and one of the two with full marks has it throughout.
            if variants and task.id not in dealt[student.id] and student.id != "ada" and (place + offset) % 3:
                dealt[student.id][task.id] = variants[(place + offset) % len(variants)]


def _answers(chapter: Chapter, carriers: Sequence[str], dealt: dict[str, dict[str, str]]) -> None:
    """Predictions that fail, proofs that break off, answers never written: each for some carriers."""
    for offset, task in enumerate(chapter.tasks):
        check = checks_of(chapter.slug).get(task.id)
        if check is not None and not isinstance(check, AnswerTask):
            continue
        for place, student in enumerate(carriers):
            kind = (REFERENCE, WRONG, REFERENCE, REFERENCE, RELEASED)[(place + offset) % 5]
            dealt[student].setdefault(task.id, kind)

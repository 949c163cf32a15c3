"""The sample class holds every mutant and every kind of damage, and is the same every time."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from autograder import ids, roster, sample
from autograder.authoring import known
from autograder.collect import collect
from autograder.course import Course
from autograder.sample import damage, plan
from autograder.submission import Unreadable, load


@pytest.fixture(scope="module")
def chapter(course):
    return course.release("ridge").chapter


@pytest.fixture(scope="module")
def inbox(course, tmp_path_factory):
    """The class as it hands in, and the sha256 of each file."""
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    own = Course(tmp_path_factory.mktemp("own"))
    for name in ("release", "judge"):
        (own.root / name).symlink_to(course.root / name)
    return folder, sample.make(own, "ridge", folder), own


def every_mutant(chapter):
    return {(task.id, m.name) for task in chapter.tasks for m in known.mutants(task.id)}


def handed_in(chapter, students):
    dealt = plan.deal(chapter, students)
    graded = {task for student in students if student.carries for task in dealt[student.id].items()}
    return graded, {task for had in plan.first_attempts(chapter, dealt) for task in had.items()}


def test_every_mutant_of_every_task_is_handed_in_by_somebody(chapter):
    graded, at_first = handed_in(chapter, sample.STUDENTS)
    assert every_mutant(chapter) <= graded | at_first
    assert not graded & at_first
    # Nearly all of them count, so that the table has them.
    assert len(at_first) <= 0.05 * len(every_mutant(chapter))


def test_what_a_small_class_cannot_carry_was_a_first_attempt(chapter):
    graded, at_first = handed_in(chapter, [s for s in sample.STUDENTS if s.id in ("ada", "wei")])
    assert every_mutant(chapter) <= graded | at_first


def test_no_student_has_two_mutants_of_one_task_and_some_have_none(chapter):
    dealt = plan.deal(chapter)
    names = {task.id: {m.name for m in known.mutants(task.id)} for task in chapter.tasks}
    bugs = {s: sum(choice in names[task] for task, choice in choices.items()) for s, choices in dealt.items()}
    assert bugs["ada"] == bugs["jun"] == 0
    assert max(bugs.values()) < len(names)
    assert len(set(bugs.values())) > 2


def test_every_kind_of_damage_is_there_once():
    assert len(sample.STUDENTS) == 24
    kinds = Counter(s.spoil.__name__ for s in sample.STUDENTS if s.spoil is not damage.none)
    kinds += Counter(s.store.__name__ for s in sample.STUDENTS if s.store is not damage.plainly)
    kinds += Counter({"twice": sum(s.twice for s in sample.STUDENTS)})
    kinds += Counter({"unknown": sum(not s.enrolled for s in sample.STUDENTS)})
    kinds += Counter({"future": sum(s.handed_in == plan.FUTURE for s in sample.STUDENTS)})
    own = {name for name, it in vars(damage).items() if getattr(it, "__module__", "") == damage.__name__}
    assert {name for name in own if not name.startswith("_")} - {"none", "plainly", "by_id"} <= set(kinds)
    assert set(kinds.values()) == {1}
    assert len({s.attack for s in sample.STUDENTS if s.attack}) == 2


def test_the_sample_class_is_the_same_every_time(course, inbox, tmp_path):
    folder, hashes, own = inbox
    assert sample.make(own, "ridge", tmp_path / "again") == hashes

    def times(inbox):
        return {path.relative_to(inbox): path.stat().st_mtime for path in inbox.rglob("*.ipynb")}

    assert times(folder) == times(tmp_path / "again")


def test_only_honest_work_is_vouched_for(inbox):
    _, hashes, own = inbox
    trusted = json.loads((own.root / ".sample").read_text())["trusted"]["ridge"]
    hostile = {s.id for s in sample.STUDENTS if s.attack}
    assert len(hostile) == 2
    assert trusted == {student: sha for student, sha in hashes.items() if student not in hostile}


def cells(inbox, student):
    return load(next((inbox[0] / student).glob("*.ipynb"))).cells


def test_damage_that_can_be_read_leaves_every_answer_as_its_student_wrote_it(inbox, chapter):
    dealt = plan.deal(chapter)
    for student in sample.STUDENTS:
        if not student.carries:
            continue
        found = cells(inbox, student.id)
        for task in chapter.tasks:
            wrong = next((m for m in known.mutants(task.id) if m.name == dealt[student.id].get(task.id)), None)
            if wrong is not None:
                assert found[task.id].rstrip() == wrong.cell.rstrip(), (student.id, task.id)


@pytest.mark.parametrize("kind", ["empty", "huge", "no_notebook"])
def test_damage_that_cannot_be_read_is_unreadable(inbox, kind):
    student = next(s.id for s in sample.STUDENTS if s.store.__name__ == kind)
    with pytest.raises(Unreadable):
        cells(inbox, student)


def test_a_huge_file_takes_no_place(inbox):
    student = next(s.id for s in sample.STUDENTS if s.store is damage.huge)
    status = (inbox[0] / student / "ridge.ipynb").stat()
    assert status.st_size == damage.HUGE
    assert status.st_blocks * 512 < 2 << 20


def test_spoilt_notebooks_differ_from_whole_ones_in_the_way_they_say(course):
    def spoilt(spoil):
        nb = json.loads((course.released / "ridge" / "ridge.ipynb").read_text(encoding="utf-8"))
        before = [c["id"] for c in nb["cells"]]
        spoil(nb)
        return before, nb

    before, nb = spoilt(damage.duplicated)
    assert len(nb["cells"]) == len(before) + 2
    before, nb = spoilt(damage.deleted)
    assert len(nb["cells"]) < len(before)
    before, nb = spoilt(damage.reordered)
    assert sorted(before) == sorted(c["id"] for c in nb["cells"]) != before
    _, nb = spoilt(damage.retyped)
    assert {"markdown", "raw"} <= {c["cell_type"] for c in nb["cells"] if c["id"].endswith("--check")}
    before, nb = spoilt(damage.unknown_task)
    assert ids.task(nb["cells"][-1]["id"]) == "extra.credit_please"


def test_the_class_list_is_one_that_roster_reads(tmp_path):
    path = Path(tmp_path / "class.csv")
    path.write_text(plan.roster(), encoding="utf-8")
    read = roster.read(path)
    assert {s.id for s in read} == {s.id for s in sample.STUDENTS if s.enrolled}
    assert read.get("bela").name == "Béla Horváth"


def test_collecting_takes_all_but_what_cannot_be_taken(course, inbox, tmp_path):
    own = Course(tmp_path / "course")
    shutil.copytree(course.root, own.root)
    (own.root / "offering.toml").write_text(plan.offering(["ridge"]))
    (tmp_path / "class.csv").write_text(plan.roster(), encoding="utf-8")
    roster.take(own, tmp_path / "class.csv")
    for folder in sample.inboxes(inbox[0]):
        refused = {item.student for item in collect(own, "ridge", folder) if item.problem}
    expected = {s.id for s in sample.STUDENTS if s.store in (damage.missing, damage.huge) or not s.enrolled}
    assert refused == expected
    assert len(list((own.root / "attempts" / "ridge" / "quinn").glob("*.ipynb"))) == len(sample.inboxes(inbox[0]))

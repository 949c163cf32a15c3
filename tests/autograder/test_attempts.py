"""Every file is kept, and one counts: by the offering's rule, the same on every run."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder import attempts, grading, results
from autograder.attempts import Attempt
from autograder.course import Course, write_atomically
from autograder.late import ATTEMPTS
from autograder.offering import Offering
from autograder.results import SubmissionResult, TaskResult

GOOD, BAD = b'{"nbformat": 4, "cells": []}', b"%PDF-1.7"
START = datetime(2026, 9, 1, 12, tzinfo=UTC)
DUE = START + timedelta(hours=2)


@pytest.fixture
def course(tmp_path):
    made = Course(tmp_path / "course")
    made.create()
    return made


@pytest.fixture
def hand_in(course):
    def put(hours, data, student="ada", basis="the file's time", **more):
        about = Attempt(Path(), START + timedelta(hours=hours), "", "ridge.ipynb", "inbox (folder)", basis, **more)
        return attempts.keep(course, "ridge", student, data, about)

    return put


def spaced(n):
    return GOOD + b" " * n


def counts(course, rule, due=DUE):
    kept = attempts.of(course, "ridge", "ada")
    chosen = attempts.counting(kept, rule, due)
    return kept.index(chosen) + 1, attempts.said(kept, chosen, Offering("ridge", attempts=rule), due)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_collecting_does_not_matter(course, hand_in, order):
    for n in order:
        hand_in(n, spaced(n))
    assert [a.path.read_bytes() for a in attempts.of(course, "ridge", "ada")] == [spaced(n) for n in range(3)]


def test_the_same_file_again_changes_nothing(course, hand_in):
    hand_in(0, GOOD)
    before = sorted(p.stat().st_mtime_ns for p in course.root.rglob("*.*"))
    again, new = hand_in(5, GOOD)
    assert (again.handed_in, new) == (START, False)
    assert sorted(p.stat().st_mtime_ns for p in course.root.rglob("*.*")) == before


def test_the_last_counts(course, hand_in):
    for hours in (0, 1, 5):
        hand_in(hours, spaced(hours))
    assert counts(course, "last") == (
        3, "attempt 3 of 3 counts, the last (ridge.ipynb, handed in 2026-09-01 17:00 UTC)",
    )  # fmt: skip


@pytest.mark.parametrize(("hours", "which", "why"), [
    ((0, 1, 5), 2, "the last in time"),
    ((1, 2, 5), 2, "the last in time"),
    ((3, 4, 5), 1, "the first, all being late"),
])  # fmt: skip
def test_before_the_deadline_the_last_in_time_counts_or_the_least_late(course, hand_in, hours, which, why):
    for n in hours:
        hand_in(n, spaced(n))
    found, said = counts(course, "before the deadline")
    assert found == which
    assert f", {why} (" in said


def test_without_a_deadline_the_last_counts(course, hand_in):
    for hours in (0, 5):
        hand_in(hours, spaced(hours))
    assert counts(course, "before the deadline", None)[0] == 2


@pytest.mark.parametrize("rule", ATTEMPTS)
def test_what_is_no_notebook_gives_way_to_what_is(course, hand_in, rule):
    hand_in(0, GOOD)
    hand_in(1, BAD)
    assert counts(course, rule)[0] == 1
    assert "that is a notebook" in counts(course, "last")[1]


def test_a_time_of_a_download_is_no_later_than_a_known_one_of_a_later_upload(course):
    def put(hours, data, basis, order):
        about = Attempt(Path(), START + timedelta(hours=hours), "", "ridge.ipynb", "a.zip (canvas)", basis, order)
        attempts.keep(course, "ridge", "ada", data, about)

    put(9, spaced(1), attempts.IN_TIME, 71)
    put(1, spaced(2), attempts.LISTED, 72)
    put(0.5, spaced(0), attempts.LISTED, 70)
    assert [a.path.read_bytes() for a in attempts.of(course, "ridge", "ada")] == [spaced(n) for n in range(3)]


@pytest.mark.parametrize("rule", ["last", "before the deadline"])
def test_what_canvas_does_not_call_late_is_in_time_by_any_due_date(course, hand_in, rule):
    hand_in(9, spaced(9), basis=attempts.IN_TIME)
    attempts.settle(course, "ridge", Offering("ridge", deadline=DUE, attempts=rule))
    stamp = course.submissions("ridge")["ada"].with_name("timestamp.txt").read_text()
    assert stamp == "2026-09-01 14:00:00.000000 UTC\n"
    hand_in(1, spaced(1))
    which, said = counts(course, rule)
    assert which == 2
    assert "handed in in time, as Canvas says" in said


def test_where_none_is_a_notebook_the_rule_still_decides(course, hand_in):
    hand_in(0, BAD)
    hand_in(1, BAD + b" ")
    assert counts(course, "last")[0] == 2


def test_of_one_moment_the_larger_number_and_then_the_later_kept_counts(course, hand_in):
    hand_in(0, spaced(1), order=7)
    hand_in(0, spaced(2), order=3)
    hand_in(0, spaced(3), order=7)
    assert [a.path.read_bytes() for a in attempts.of(course, "ridge", "ada")] == [spaced(2), spaced(1), spaced(3)]


def test_a_listed_time_stands_against_any_found_one(course, hand_in):
    hand_in(3, GOOD)
    hand_in(4, GOOD, basis=attempts.LISTED)
    hand_in(1, GOOD)
    (kept,) = attempts.of(course, "ridge", "ada")
    assert (kept.handed_in, kept.basis) == (START + timedelta(hours=4), attempts.LISTED)


def test_a_file_without_its_description_is_still_an_attempt(course, hand_in):
    kept, _ = hand_in(3, GOOD)
    kept.path.with_suffix(".json").unlink()
    (found,) = attempts.of(course, "ridge", "ada")
    assert (found.handed_in, found.sha256) == (kept.handed_in, kept.sha256)


def test_settling_places_what_counts_with_its_time_and_again_writes_nothing(course, hand_in):
    hand_in(0, spaced(0))
    hand_in(5, spaced(5))
    offering = Offering("ridge", deadline=DUE, attempts="before the deadline")
    assert attempts.settle(course, "ridge", offering) == {}
    placed = course.submissions("ridge")["ada"]
    assert placed.read_bytes() == spaced(0)
    assert placed.with_name("timestamp.txt").read_text() == "2026-09-01 12:00:00.000000 UTC\n"
    before = placed.stat().st_mtime_ns
    attempts.settle(course, "ridge", offering)
    assert placed.stat().st_mtime_ns == before
    attempts.settle(course, "ridge", Offering("ridge", deadline=DUE))
    assert placed.read_bytes() == spaced(5)


def test_an_extension_is_the_students_own_deadline(course, hand_in):
    for student in ("ada", "ben"):
        hand_in(0, spaced(0), student)
        hand_in(5, spaced(5), student)
    extended = {"ben": DUE + timedelta(days=1)}
    attempts.settle(course, "ridge", Offering("ridge", None, {}, DUE, extended, "before the deadline"))
    assert [path.read_bytes() for path in course.submissions("ridge").values()] == [spaced(0), spaced(5)]


def test_a_folder_filled_by_hand_stays_as_it_is(course):
    path = course.submitted / "ada" / "ridge" / "ridge.ipynb"
    write_atomically(path, GOOD)
    assert attempts.settle(course, "ridge", Offering("ridge")) == {}
    assert (path.read_bytes(), list(course.root.glob("attempts/*"))) == (GOOD, [])


def test_a_file_put_there_by_hand_becomes_an_attempt_and_none_is_lost(course, hand_in):
    path = course.submitted / "ada" / "ridge" / "ridge.ipynb"
    write_atomically(path, spaced(9))
    write_atomically(path.with_name("timestamp.txt"), b"2026-09-01 13:00:00.000000 UTC\n")
    hand_in(0, spaced(0))
    attempts.settle(course, "ridge", Offering("ridge"))
    kept = attempts.of(course, "ridge", "ada")
    assert [(a.handed_in.hour, a.path.read_bytes()) for a in kept] == [(12, spaced(0)), (13, spaced(9))]
    assert path.read_bytes() == spaced(9)
    assert counts(course, "last")[0] == 2


def test_an_attempt_that_cannot_be_judged_does_not_sink_the_best(course, hand_in, monkeypatch):
    for n in range(3):
        hand_in(n, spaced(n))
    kept = attempts.of(course, "ridge", "ada")
    attempts.place(course, "ridge", "ada", kept[2])

    def judge(course, assignment, student, sandbox, *, trust, path=None):
        data = (path or attempts.submitted(course, assignment, student)).read_bytes()
        if data == spaced(2):
            raise OverflowError("int too large")
        points = 3.0 if data == spaced(0) else 1.0
        return SubmissionResult(student, assignment, "", "A", (TaskResult("ridge.zeros", points, 3.0, None),))

    monkeypatch.setattr(results, "judge_submission", judge)
    found = grading._judge(course, Offering("ridge", attempts="best"), "ada", None, trust=False)
    assert found.tasks[0].points == 3.0
    assert attempts.placed(course, "ridge", "ada", kept) == kept[0]
    said = "attempt 3 of 3 could not be judged (OverflowError: int too large), and does not count"
    assert found.problems == (said,)

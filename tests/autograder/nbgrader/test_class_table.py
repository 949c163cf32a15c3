"""The class table and what is told again or exported: the gradebook's points, lateness, attempts, what waits."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from autograder import attempts, gradebook, grading, ids, nbgrader_run, report, roster
from autograder.class_table import legend, table
from autograder.course import NotReleased
from autograder.results import UNREAD, SubmissionResult
from autograder.verdict import Diagnosis

DUE = datetime(2026, 9, 4, 21, 59, tzinfo=UTC)
OFFERING = """
timezone = "Europe/Berlin"
late = "10 % a day"
[ridge]
due = 2026-09-04 23:59
extensions = {ben = "7 days"}
"""


@pytest.fixture
def graded(classroom):
    """Four students: in time, late within an extension with two attempts, late, and with no notebook at all."""
    course = classroom.course
    (course.root / "offering.toml").write_text(OFFERING)

    def wrote(nb):
        for cell in nb["cells"]:
            if cell["metadata"]["nbgrader"]["solution"]:
                cell["source"] += "\n# something"

    late = {"ada": -timedelta(days=1), "ben": timedelta(days=3), "=cmd|'x'!A1": timedelta(hours=9), "dan": timedelta()}
    results = []
    for student, by in late.items():
        path = classroom.hand_in(student, wrote if student != "dan" else lambda nb: None)
        if student == "ben":
            keep(course, student, b"{}", DUE - timedelta(days=5))
        attempt, _ = keep(course, student, path.read_bytes(), DUE + by)
        attempts.place(course, "ridge", student, attempt)
        results.append(classroom.result(student, closed_form=0.5))
    wrong = results[1].tasks[0]
    verdict = replace(wrong.verdict, diagnoses=(Diagnosis("lam-not-times-n", "Look at n.", "sec-ridge"),))
    results[1] = replace(results[1], tasks=(replace(wrong, verdict=verdict), *results[1].tasks[1:]))
    results[3] = SubmissionResult("dan", "ridge", "", UNREAD, (), ("ridge.ipynb: the file is empty",))
    gradebook.commit(course, results)
    return course, {result.student: result for result in results}


def keep(course, student, data, when, basis=attempts.LISTED):
    about = attempts.Attempt(course.root, when, "", "ridge.ipynb", "a folder", basis)
    return attempts.keep(course, "ridge", student, data, about)


def shown(thing, width=200):
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(thing, crop=False)
    return console.export_text()


def row(text, name):
    return next(line.split() for line in text.splitlines() if line.strip().startswith(name))


def test_a_row_has_the_gradebooks_points_lateness_what_it_cost_and_the_attempt(graded):
    course, judged = graded
    text = shown(table(course, "ridge", judged, {"eve": "no notebook"}))
    scores = {score.student: score for score in gradebook.scores(course, "ridge")}
    assert "4 of 5 graded" in text
    assert row(text, "ada")[1] == "1"
    assert row(text, "ada")[-1] == f"{scores['ada'].score:g}"
    assert row(text, "ben")[-1] == "2/2"
    assert row(text, "=cmd")[-3:] == ["9", "h", f"−{scores[list(judged)[2]].late:.2f}".rstrip("0").rstrip(".")]
    assert set(row(text, "eve")[1:]) == {"–"}


def test_difficulty_counts_those_who_wrote_something(graded):
    course, judged = graded
    text = shown(table(course, "ridge", judged, {}))
    assert row(text, "mean,")[2] == "50"
    assert row(text, "tried")[2] == "3"


def test_a_table_is_never_squeezed_to_its_window(graded):
    course, judged = graded
    assert shown(table(course, "ridge", judged, {}), 60) == shown(table(course, "ridge", judged, {}), 200)


def test_the_legend_ranks_misconceptions_lists_the_unreadable_and_says_what_waits(graded):
    course, judged = graded
    text = legend(course, "ridge", judged)
    assert "1  closed_form: law, 3 times" in text
    assert "lam-not-times-n (1 ben)" in text
    assert "dan: ridge.ipynb: the file is empty" in text
    assert "3 written answers wait" in text
    assert "solutions/answers/ridge.md" in text
    assert "10 % of the points earned for every 24 hours begun" in text


def test_one_misconception_of_several_students_is_named_once_with_its_tasks(graded):
    course, judged = graded
    first = judged["ben"].tasks[0]
    judged["ada"] = replace(judged["ada"], tasks=(first, *judged["ada"].tasks[1:]))
    assert "2  lam-not-times-n: 1 ada, ben" in legend(course, "ridge", judged)


def rows(course):
    return {r["student_id"]: r for r in csv.DictReader(io.StringIO(report.grades(course, "ridge")))}


def test_an_export_holds_the_class_list_the_points_and_no_formula(graded):
    course, _ = graded
    listed = (roster.Student("ada", "=1+1", 'de "la" Cruz, jr', "a@b.de", "17"), roster.Student("zoe", "Zoë"))
    (course.root / roster.FILE).write_bytes(roster.Roster(listed).dumps())
    found, scores = rows(course), {score.student: score for score in gradebook.scores(course, "ridge")}
    assert found["ada"]["first_name"] == "'=1+1"
    assert found["ada"]["last_name"] == 'de "la" Cruz, jr'
    assert (found["ada"]["lms_user_id"], found["ada"]["unread"]) == ("17", "1")
    assert float(found["ada"]["ridge.closed_form"]) == scores["ada"].cells[ids.check_cell("ridge.closed_form")]
    assert found["ada"]["ridge.always_better"] == ""
    assert float(found["'=cmd|'x'!A1"]["lost_by_lateness"]) == scores["=cmd|'x'!A1"].late > 0
    assert (found["zoe"]["total"], found["zoe"]["handed_in"]) == ("0", "")
    assert all(not value.startswith(report.FORMULA) for r in found.values() for value in r.values())


@pytest.mark.parametrize("separator", ";,\t")
@pytest.mark.parametrize("text", ["x{};=1+1", "x{}; =1+1", 'x{};"=1+1"', "x{};@a", "x{};-1;+1", "x;;{}=1", " =1+1"])
def test_no_value_is_a_formula_whatever_a_spreadsheet_takes_for_the_separator(text, separator):
    told = report._plain(text.format("").replace(";", separator))
    for cut in ";,\t":
        parts = told.split(cut)
        assert not [part for part in parts if part.lstrip(' "').startswith(report.FORMULA)], told


@pytest.mark.parametrize("text", ["ada", "de la Cruz, jr", "a.b-c+d@uni.edu", "Anne-Marie", "al+12", "x, y; z", ""])
def test_what_is_no_formula_stays_as_it_is(text):
    assert report._plain(text) == text


def test_an_export_before_grading_is_a_sentence(classroom):
    with pytest.raises(NotReleased, match="autograder grade ridge"):
        report.grades(classroom.course, "ridge")


def test_feedback_says_when_it_was_handed_in_which_attempt_counts_and_whose_numbers_it_had(graded):
    course, _ = graded
    gradebook.feedback(course, "ridge")

    def page(student):
        return (course.feedback / student / "ridge" / "ridge.html").read_text(encoding="utf-8")

    assert "Handed in 2026-09-03 23:59 CEST, in time for the due date, 2026-09-04 23:59 CEST." in page("ada")
    assert "in time for the due date with your extension, 2026-09-11 23:59 CEST" in page("ben")
    assert "Attempt 2 of 2 counts, the last" in page("ben")
    assert "9 h after the due date, 2026-09-04 23:59 CEST; lateness costs 10 %" in page("=cmd|'x'!A1")
    assert "The numbers of your questions are variant" in page("ada")
    assert "start-student" not in page("ada")
    assert "Another cell of yours" not in page("ada")
    said = "When you handed in is not known: the time is that of the download, 2026-09-07 23:59 CEST"
    again(course, "ben", attempts.DOWNLOAD)
    again(course, "ada", attempts.IN_TIME)
    gradebook.feedback(course, "ridge")
    assert said in page("ben")
    assert "Handed in in time, as Canvas says, for the due date, 2026-09-04 23:59 CEST." in page("ada")


def again(course, student, basis):
    """The attempt that counts, its time resting on something else."""
    for path in attempts.folder(course, "ridge", student).glob("*.json"):
        told = json.loads(path.read_text())
        path.write_text(json.dumps({**told, "basis": basis}))


def test_a_time_of_a_download_is_marked_wherever_it_stands_and_who_loses_by_it_is_named(graded):
    course, judged = graded
    late = list(judged)[2]
    again(course, late, attempts.DOWNLOAD)
    again(course, "ada", attempts.IN_TIME)
    assert row(shown(table(course, "ridge", judged, {})), "=cmd")[-2] == "h?"
    text = legend(course, "ridge", judged)
    assert f"by the time of the download, later than they handed in: {late} loses " in text
    assert "collect again with --times" in text
    found = rows(course)
    assert found[f"'{late}"]["time_is"] == "of the download"
    assert (found["ada"]["handed_in"], found["ada"]["time_is"]) == ("", "in time, as Canvas says")
    assert found["ben"]["handed_in"] == "2026-09-07T23:59:00+02:00"


def test_a_mark_given_to_an_earlier_answer_asks_for_a_reader(graded):
    course, judged = graded
    with nbgrader_run.open_gradebook(course.root) as book:
        grade = book.find_grade("ridge--always_better", "ridge", "ridge", "ada")
        grade.manual_score, grade.needs_manual_grade = 0.0, True
        book.db.commit()
    assert "0h" in row(shown(table(course, "ridge", judged, {})), "ada")
    assert "1 of them with points (3h) given by hand to an earlier answer" in legend(course, "ridge", judged)
    assert (rows(course)["ada"]["unread"], rows(course)["ada"]["ridge.always_better"]) == ("1", "0")


def test_who_typed_another_id_and_who_has_not_handed_in_is_said(graded):
    course, judged = graded
    listed = (roster.Student("ada", email="ada@uni.edu"), roster.Student("zoe"))
    (course.root / roster.FILE).write_bytes(roster.Roster(listed).dumps())
    path = course.autograded / "ada" / "ridge" / "ridge.ipynb"
    path.chmod(0o600)
    path.write_text(path.read_text().replace('student = \\"\\"', 'student = \\"ada@uni.edu\\"'))
    text = legend(course, "ridge", judged)
    assert "ada typed 'ada@uni.edu' as their id, and worked with other numbers" in text
    assert "--dry-run FILE --student ada@uni.edu" in text
    assert "not handed in: 1 of 2 on the class list: zoe" in text


def test_written_work_that_the_best_attempt_lacks_is_named(graded):
    course, _ = graded
    nb = json.loads(attempts.submitted(course, "ridge", "ada").read_text())

    def is_proof(cell):
        return cell["metadata"].get("nbgrader", {}).get("grade_id") == "ridge--always_better"

    for cell in filter(is_proof, nb["cells"]):
        cell["source"] = "A proof that the first attempt holds.\n"
    other, _ = keep(course, "ada", json.dumps(nb).encode(), DUE - timedelta(days=2))
    kept = attempts.of(course, "ridge", "ada")
    run = grading._Run(course, "ridge")
    assert list(grading._written_elsewhere(run, kept, kept[0])) == []
    nb["cells"] = [cell for cell in nb["cells"] if not is_proof(cell)]
    bare, _ = keep(course, "ada", json.dumps(nb).encode(), DUE)
    kept = attempts.of(course, "ridge", "ada")
    said = list(grading._written_elsewhere(run, kept, bare))
    assert said[0] == f"attempt 1 of 3 holds written work that the best lacks (ridge.always_better): {other.path}"

"""What the judge decided is in nbgrader's gradebook once, whole, and beside what people gave."""

import json
import shutil

import nbformat
import pytest
from nbgrader.converters import Autograde

from autograder import gradebook, nbgrader_run, results
from autograder.course import Course
from autograder.errors import Foreseen

TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


def proof(text):
    def change(nb):
        next(c for c in nb["cells"] if c["id"] == "ridge--always_better")["source"] = text

    return change


def rows(course: Course):
    """The gradebook without its random keys: scores, flags and comments by student and cell."""
    found = {}
    with nbgrader_run.open_gradebook(course.root) as book:
        for submission in book.assignment_submissions("ridge"):
            notebook = submission.notebooks[0]
            who = submission.student_id
            found[who, ""] = (submission.timestamp, notebook.late_submission_penalty, notebook.flagged)
            for g in notebook.grades:
                found[who, g.cell.name] = (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
            for c in notebook.comments:
                found[who, c.cell.name + " comment"] = (c.auto_comment, c.manual_comment)
    return found


def flags(cell):
    """What nbgrader knows of a cell; of text that it does not keep it forgets the id."""
    about = cell.metadata.get("nbgrader", {})
    return about if any(about.get(name) for name in ("grade", "solution", "locked")) else {}


def graded_file(course, student):
    return course.autograded / student / "ridge" / "ridge.ipynb"


def test_what_is_written_is_what_nbgraders_own_converter_writes(classroom, monkeypatch):
    course, ada = classroom.course, "Ada É. Lovelace-2+x@uni.edu"
    classroom.hand_in(ada, proof("Because the Hessian is positive definite."))
    classroom.hand_in("ben")
    results_of = {ada: classroom.result(ada), "ben": classroom.result("ben", 0.0, svd_path=1 / 3)}
    gradebook.commit(course, list(results_of.values()))
    ours = rows(course)
    files = {s: nbformat.read(graded_file(course, s), as_version=4) for s in results_of}
    stamps = {s: graded_file(course, s).with_name("timestamp.txt").read_text().strip() for s in results_of}
    monkeypatch.setattr(results, "result_for", lambda course, assignment, student: results_of[student])
    nbgrader_run.convert(Autograde, course.root, "ridge")
    assert rows(course) == ours
    assert ours[ada, "ridge--always_better"] == (None, None, None, True)
    assert ours["ben", "ridge--always_better"] == (0.0, None, None, False)
    assert ours["ben", "ridge--svd_path--check"] == (1.0, None, None, False)
    assert ours["ben", "ridge--always_better comment"] == ("No response.", None)
    for student, made in files.items():
        theirs = nbformat.read(graded_file(course, student), as_version=4)
        assert [(c.cell_type, c.source, flags(c), c.get("outputs")) for c in theirs.cells] == [
            (c.cell_type, c.source, flags(c), c.get("outputs")) for c in made.cells
        ]
        assert graded_file(course, student).with_name("timestamp.txt").read_text().strip() == stamps[student]
    pages = gradebook.feedback(course, "ridge")
    assert [ada in page.read_text() for page in pages] == [True, False]


def test_committing_again_changes_no_row_and_no_file(classroom):
    course = classroom.course
    classroom.hand_in("ada", proof("A proof."))
    gradebook.commit(course, [classroom.result("ada")])
    before = rows(course), graded_file(course, "ada").stat().st_mtime_ns
    gradebook.commit(course, [classroom.result("ada")])
    assert (rows(course), graded_file(course, "ada").stat().st_mtime_ns) == before


@pytest.mark.parametrize("stop", ["before the rows are kept", "before the files are written"])
def test_a_run_killed_at_any_moment_and_started_again_ends_the_same(classroom, monkeypatch, stop):
    course = classroom.course
    for student in ("ada", "ben"):
        classroom.hand_in(student, proof("A proof."))
    twin = Course(course.root.with_name("twin"))
    shutil.copytree(course.root, twin.root)
    judged = [classroom.result("ada"), classroom.result("ben", 0.5)]
    gradebook.commit(twin, judged)

    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    with monkeypatch.context() as patch:
        if stop == "before the files are written":
            patch.setattr(gradebook, "_write", kill)
        else:
            record, calls = gradebook.gradebook_rows.record, []

            def second_is_killed(*args):
                calls.append(args)
                return kill() if len(calls) == 2 else record(*args)

            patch.setattr(gradebook.gradebook_rows, "record", second_is_killed)
        with pytest.raises(Killed):
            gradebook.commit(course, judged)
    gradebook.commit(course, judged)
    assert rows(course) == rows(twin)
    for student in ("ada", "ben"):
        assert graded_file(course, student).read_bytes() == graded_file(twin, student).read_bytes()


def give_by_hand(course, student, cell, score, comment):
    """What formgrader does when a person grades."""
    with nbgrader_run.open_gradebook(course.root) as book:
        grade = book.find_grade(cell, "ridge", "ridge", student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, 0.5, False
        solution = cell.removesuffix("--check")
        book.find_comment(solution, "ridge", "ridge", student).manual_comment = comment
        book.db.commit()


def test_what_a_person_gave_is_never_overwritten(classroom):
    course = classroom.course
    classroom.hand_in("ada", proof("A proof."))
    gradebook.commit(course, [classroom.result("ada", 0.5)])
    give_by_hand(course, "ada", "ridge--always_better", 3.0, "Good.")
    give_by_hand(course, "ada", "ridge--closed_form--check", 2.0, "See my note.")
    before = rows(course)
    gradebook.commit(course, [classroom.result("ada", 0.5)])
    assert rows(course) == before
    gradebook.commit(course, [classroom.result("ada", 1.0, closed_form=0.0)])
    after = rows(course)
    assert after["ada", "ridge--always_better"] == (None, 3.0, 0.5, False)
    assert after["ada", "ridge--always_better comment"] == (None, "Good.")
    # The judge changed its mind, so a person is asked to look, and their score stands meanwhile.
    assert after["ada", "ridge--closed_form--check"] == (0.0, 2.0, 0.5, True)


def test_a_changed_proof_is_read_again_and_keeps_its_score_meanwhile(classroom):
    course = classroom.course
    classroom.hand_in("ada", proof("A proof."))
    gradebook.commit(course, [classroom.result("ada")])
    give_by_hand(course, "ada", "ridge--always_better", 3.0, "Good.")
    classroom.hand_in("ada", proof("A better proof."))
    gradebook.commit(course, [classroom.result("ada")])
    assert rows(course)["ada", "ridge--always_better"] == (None, 3.0, 0.5, True)


def judged_points(classroom):
    """What the judge can give for everything but written work."""
    return sum(task.max_points for task in classroom.result("x").tasks if task.verdict)


def test_the_instructors_own_late_rule_stands_before_the_offerings(classroom):
    course = classroom.course
    config = course.root / "nbgrader_config.py"
    rule = """
from nbgrader.plugins import LateSubmissionPlugin

class Half(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2

c.AssignLatePenalties.plugin_class = Half
"""
    config.write_text(config.read_text() + rule)
    with nbgrader_run.open_gradebook(course.root) as book:
        book.update_or_create_assignment("ridge", duedate="2026-08-31 12:00:00 UTC")
    classroom.hand_in("ada")
    gradebook.commit(course, [classroom.result("ada")])
    half, most = judged_points(classroom) / 2, sum(t.points for t in classroom.manifest.chapter("ridge").tasks)
    assert rows(course)["ada", ""][1] == half
    (score,) = gradebook.scores(course, "ridge")
    assert (score.score, score.max_score, score.late) == (half, most, half)


def offer(course, text):
    (course.root / "offering.toml").write_text(text)


# Everybody hands in on 2026-09-01 at 12:00 UTC.
LATE = """timezone = "Europe/Berlin"
late = "10 % a day"
[ridge]
due = 2026-08-31 12:00
[ridge.extensions]
ben = "2 days"
chloe = "1 day"
"""


def test_lateness_and_extensions_are_nbgraders_own_to_the_point(classroom, monkeypatch):
    course, everybody = classroom.course, ("ada", "ben", "chloe")
    offer(course, LATE)
    for student in everybody:
        classroom.hand_in(student)
    results_of = {s: classroom.result(s) for s in everybody}
    gradebook.commit(course, list(results_of.values()))
    most = judged_points(classroom)
    # Due at 10:00 UTC: Ada is 26 hours late, Chloe two, Ben has until tomorrow.
    expected = {"ada": (26 * 3600, 0.2 * most), "ben": (0, 0.0), "chloe": (2 * 3600, 0.1 * most)}
    found = {s.student: (s.seconds_late, s.late) for s in gradebook.scores(course, "ridge")}
    assert found == {s: (seconds, pytest.approx(lost)) for s, (seconds, lost) in expected.items()}
    ours = rows(course)
    with nbgrader_run.open_gradebook(course.root) as book:
        assert str(book.find_assignment("ridge").duedate) == "2026-08-31 10:00:00"
        assert {s.student_id: s.total_seconds_late for s in book.assignment_submissions("ridge")} == {
            s: seconds for s, (seconds, _) in expected.items()
        }
        # What stock commands find when they are the first to grade.
        for submission in book.assignment_submissions("ridge"):
            submission.extension = None
            submission.notebooks[0].late_submission_penalty = None
        book.find_assignment("ridge").duedate = None
        book.db.commit()

    def judged(course, assignment, student, sandbox):
        return results_of[student]

    monkeypatch.setattr(results, "judge_submission", judged)
    nbgrader_run.convert(Autograde, course.root, "ridge")
    assert rows(course) == ours


def test_what_lateness_costs_follows_what_a_person_gives_and_what_the_file_says(classroom):
    course = classroom.course
    offer(course, LATE)
    classroom.hand_in("ada", proof("A proof."))
    gradebook.commit(course, [classroom.result("ada")])
    give_by_hand(course, "ada", "ridge--always_better", 4.0, "Good.")
    most = judged_points(classroom) + 4.5
    (score,) = gradebook.scores(course, "ridge")
    assert (score.score, score.late) == (pytest.approx(0.8 * most), pytest.approx(0.2 * most))
    offer(course, LATE.replace("chloe", "ada"))
    assert gradebook.scores(course, "ridge")[0].late == pytest.approx(0.1 * most)
    offer(course, '[ridge]\ndue = "never"\n')
    (score,) = gradebook.scores(course, "ridge")
    assert (score.late, score.seconds_late) == (0.0, 0.0)


def test_without_a_due_date_in_the_file_formgraders_stands(classroom):
    course = classroom.course
    offer(course, 'late = "zero after the deadline"\n')
    classroom.hand_in("ada")
    with nbgrader_run.open_gradebook(course.root) as book:
        book.update_or_create_assignment("ridge", duedate="2026-09-01 11:59:00 UTC")
    gradebook.commit(course, [classroom.result("ada")])
    (score,) = gradebook.scores(course, "ridge")
    assert (score.score, score.seconds_late, score.late) == (0.0, 60.0, judged_points(classroom))


def test_scores_count_what_people_gave(classroom):
    course = classroom.course
    for student in ("ben", "ada"):
        classroom.hand_in(student, proof("A proof."))
    gradebook.commit(course, [classroom.result("ben", 0.0), classroom.result("ada")])
    give_by_hand(course, "ada", "ridge--always_better", 3.0, "Good.")
    ada, ben = gradebook.scores(course, "ridge")
    assert (ada.student, ada.score, ada.needs_manual_grade) == ("ada", judged_points(classroom) + 3.5, False)
    assert (ben.student, ben.score, ben.needs_manual_grade) == ("ben", 0.0, True)
    assert ada.cells["ridge--svd_path--check"] == 3.0


def test_a_submission_that_could_not_be_read_has_zero_and_says_why(classroom):
    course = classroom.course
    classroom.hand_in("ada").write_text("{")
    unread = results.SubmissionResult("ada", "ridge", "", "A", (), ("ridge.ipynb: not a notebook",))
    gradebook.commit(course, [unread])
    assert gradebook.scores(course, "ridge")[0].score == 0
    nb = json.loads(graded_file(course, "ada").read_text())
    assert "ridge.ipynb: not a notebook" in " ".join(nb["metadata"]["shrinkage"]["repairs"])


def test_an_assignment_that_is_not_released_is_named(classroom):
    with pytest.raises(Foreseen, match="lasso"):
        gradebook.commit(classroom.course, [results.SubmissionResult("ada", "lasso", "", "A", ())])

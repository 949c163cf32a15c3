"""An offering file is understood whole or refused in one sentence that names file, key and cure."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder import dry_run, roster
from autograder.course import Course, write_atomically
from autograder.late import DAY, Late, in_words
from autograder.manifest import Chapter, Manifest, TaskInfo
from autograder.offering import FILE, Offering, check_all, write_example
from autograder.offering_edit import extend, strangers
from autograder.offering_values import BadOffering, Place
from autograder.results import SubmissionResult

BERLIN = ZoneInfo("Europe/Berlin")


def info(name, points=1.0, needs=()):
    return TaskInfo(f"ridge.{name}", name, "implement", points, f"ridge.{name}", "", "", needs, ())


CHAPTER = Chapter("ridge", "Ridge", (info("closed_form", 2.0), info("svd_path", 3.0, ("ridge.closed_form",))))


@pytest.fixture
def offered(tmp_path):
    """What a text of an offering file means for the assignment `ridge`."""

    def read(text):
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        return check_all(Course(tmp_path), [CHAPTER])["ridge"]

    return read


def test_without_a_file_everything_is_set_and_nothing_is_late(tmp_path):
    found = Offering.of(Course(tmp_path), "ridge")
    assert found.applied(CHAPTER) == CHAPTER
    assert (found.due("ada"), found.attempts, found.late, found.dated) == (None, "last", Late(), False)


def test_the_file_that_release_writes_decides_nothing_and_is_written_once(tmp_path):
    course = Course(tmp_path)
    write_example(course, [CHAPTER])
    assert check_all(course, [CHAPTER])["ridge"] == Offering("ridge")
    path = tmp_path / FILE
    # Its examples are ones: without their marks they are understood.
    text = re.sub(r"^# (?=\[|due|tasks|points|ada|timezone)", "", path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    found = check_all(course, [CHAPTER])["ridge"]
    assert found.due("ada") == datetime(2026, 10, 14, 23, 59, tzinfo=BERLIN)
    assert found.due("ben") == datetime(2026, 10, 12, 23, 59, tzinfo=BERLIN)
    assert found.tasks == ("ridge.closed_form", "ridge.svd_path")
    write_example(course, [CHAPTER])
    assert path.read_text() == text


def test_tasks_points_and_prerequisites_are_as_offered(offered):
    found = offered('[ridge]\ntasks = ["ridge.svd_path"]\npoints = {svd_path = 5}\n')
    (task,) = found.applied(CHAPTER).tasks
    assert (task.id, task.points, task.prerequisites) == ("ridge.svd_path", 5.0, ())


@pytest.mark.parametrize("written", ["2026-10-12 23:59", "2026-10-12T23:59:00", '"2026-10-12 23:59"'])
def test_a_local_time_is_meant_in_the_courses_zone(offered, written):
    found = offered(f'timezone = "Europe/Berlin"\n[ridge]\ndue = {written}  # at night\n')
    assert found.deadline == datetime(2026, 10, 12, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2026-10-12 23:59+02:00", '"2026-10-12 23:59 +02:00"', "2026-10-12 21:59Z"])
def test_a_time_with_an_offset_needs_no_zone(offered, written):
    assert offered(f"[ridge]\ndue = {written}\n").deadline == datetime(2026, 10, 12, 21, 59, tzinfo=UTC)


def test_an_extension_in_days_keeps_the_time_of_day_over_a_change_of_clocks(offered):
    found = offered('timezone = "Europe/Berlin"\n[ridge]\ndue = 2026-10-24 23:59\n[ridge.extensions]\n'
                    'ada = "2 days"\n"b@x.y" = "48 hours"\n')  # fmt: skip
    assert found.local(found.due("ada")) == "2026-10-26 23:59 CET"
    assert found.due("b@x.y") - found.deadline == timedelta(hours=48)
    assert found.due("ada") - found.deadline == timedelta(hours=49)


def test_the_assignments_own_rules_stand_before_the_courses(offered):
    found = offered('attempts = "best"\nlate = "10 % a day"\n[ridge]\nlate = "accepted"\n')
    assert (found.attempts, found.late) == ("best", Late())
    never = offered('[ridge]\ndue = "never"\n')
    assert (never.deadline, never.dated) == (None, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dew = 1", "[ridge] dew: is not known; use one of due"),
        ('tasks = ["closed"]', "[ridge] tasks: 'ridge' has no task 'closed'; its tasks are closed_form, svd_path"),
        ("tasks = []", "is no list of tasks"),
        ('tasks = ["svd_path", "ridge.svd_path"]', "twice"),
        ("points = {svd_path = -1}", "[ridge] points.svd_path: -1 is not possible"),
        ("points = {svd_path = nan}", "nan is not possible"),
        ("points = {svd_path = inf}", "inf is not possible"),
        ("points = {svd_path = true}", "True is no number"),
        ("points = {grows = 1}", "has no task 'grows'"),
        ('tasks = ["svd_path"]\npoints = {closed_form = 1}', "is not among the tasks that are set"),
        ("due = 2026-10-12", "2026-10-12 has no time of day"),
        ('due = "Monday"', "'Monday' is no time"),
        ("due = 2026-03-29 02:30", "does not exist in Europe/Berlin"),
        ("due = 2026-10-25 02:30", "2026-10-25 02:30+02:00 or 2026-10-25 02:30+01:00"),
        ("due = 0001-01-01 00:00", "out of range"),
        ("due = 2026-13-01 00:00", "not valid TOML"),
        ('extensions = {ada = "2 days"}', "extends no due date"),
        ("due = 2026-10-12 23:59\nextensions = {ada = 2026-10-11 23:59:00}", "before the assignment's own due date"),
        ('due = 2026-10-12 23:59\nextensions = {ada = "soon"}', "[ridge] extensions.ada: 'soon' is neither"),
        ('due = 2026-10-12 23:59\nextensions = {ada = "99999999999999999999 weeks"}', "longer than ten years"),
        ('attempts = "first"', "'first' is no rule"),
        ('late = "-10 % a day"', "is no rule"),
        ("late = {a_day = 10}", "[ridge] late.a_day: is not known"),
        ("late = {per_day = 200}", "200 is not possible"),
        ("late = {at_most = 50}", "limits no loss"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_file_key_and_cure(offered, tmp_path, text, said):
    with pytest.raises(BadOffering) as refused:
        offered(f'timezone = "Europe/Berlin"\n[ridge]\n{text}\n')
    sentence = str(refused.value)
    assert sentence.startswith(f"{tmp_path / FILE}: ")
    assert said in sentence
    assert "; " in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lasso]\n", "[lasso]: is no assignment of this book; the book lists ridge"),
        ("due = 2026-10-12 23:59\n", "due: is not known here"),
        ('timezone = "Berlin"\n', "timezone: 'Berlin' is no time zone"),
        ('timezone = "../../etc/passwd"\n', "is no time zone"),
        ("timezone = 1\n", "is no time zone"),
        ("[ridge]\ndue = 2026-10-12 23:59\n", "needs a time zone"),
        ("[ridge\n", "not valid TOML"),
    ],
)
def test_what_stands_above_the_assignments_is_checked_as_well(offered, text, said):
    with pytest.raises(BadOffering, match=re.escape(said)):
        offered(text)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadOffering, match="UTF-8"):
        Offering.of(Course(tmp_path), "ridge")


def test_extending_adds_or_changes_one_line_and_keeps_the_rest(tmp_path):
    course, path = Course(tmp_path), tmp_path / FILE
    before = ('timezone = "Europe/Berlin"  # ours\n[ridge]\ndue = 2026-10-12 23:59\n\n[ridge.extensions]  # by mail\n'
              'ben = "1 day"  # ill\n\n# The next one comes in spring.\n[lasso]\nattempts = "best"\n')  # fmt: skip
    path.write_text(before)
    assert extend(course, "ridge", "ada@uni.edu", "2 days") == "2026-10-14 23:59 CEST"
    assert extend(course, "ridge", "ben", "2026-10-20 12:00") == "2026-10-20 12:00 CEST"
    after = path.read_text()
    assert after == before.replace('ben = "1 day"  # ill', 'ben = 2026-10-20 12:00  # ill\n"ada@uni.edu" = "2 days"')
    with pytest.raises(BadOffering, match=r"neither a time nor a length|not in a form"):
        extend(course, "ridge", "ada", '"soon"')
    with pytest.raises(BadOffering):
        extend(course, "ridge", "ada", '"2 days"\n[lasso.extensions]')
    with pytest.raises(BadOffering, match=r"\[lasso\] due"):
        extend(course, "lasso", "ada", "2 days")
    assert path.read_text() == after


@pytest.mark.parametrize("until", ["next week", "3-days", "", "2 days 3", "2026-10-14"])
def test_what_is_no_time_is_told_as_such(tmp_path, until):
    path = tmp_path / FILE
    path.write_text("[ridge]\ndue = 2026-10-12 23:59Z\n")
    with pytest.raises(BadOffering, match='neither a time nor a length; write 2026-10-14 23:59 or "2 days"'):
        extend(Course(tmp_path), "ridge", "ada", until)
    assert "extensions" not in path.read_text()
    assert extend(Course(tmp_path), "ridge", "ada", "2026-10-14 23:59 +02:00") == "2026-10-14 21:59 UTC"


def test_an_extension_is_somebodys(tmp_path):
    course, path = Course(tmp_path), tmp_path / FILE
    path.write_text("[ridge]\ndue = 2026-10-12 23:59Z\n")
    (tmp_path / roster.FILE).write_text("student_id,email\nada,ada@uni.edu\n")
    work = course.submitted / "zoe" / "ridge" / "ridge.ipynb"
    work.parent.mkdir(parents=True)
    work.touch()
    with pytest.raises(BadOffering, match=r"'nosuchguy' is no id in .*roster\.csv"):
        extend(course, "ridge", "nosuchguy", "2 days")
    with pytest.raises(BadOffering, match="did you mean 'ada'"):
        extend(course, "ridge", "Ada@uni.edu", "2 days")
    for known in ("ada", "zoe"):
        extend(course, "ridge", known, "2 days")
    assert strangers(course, Offering.of(course, "ridge")) == ""
    path.write_text(path.read_text() + 'ben = "1 day"\n')
    assert "[ridge.extensions] ben: not in roster.csv" in strangers(course, Offering.of(course, "ridge"))


def test_a_dry_run_says_whose_cases_nobody_has(tmp_path):
    course, console = Course(tmp_path), Console(record=True, width=1000)
    manifest = tmp_path / "judge" / "ridge" / "manifest.json"
    write_atomically(manifest, Manifest("", (), ()).dumps().encode())
    (tmp_path / roster.FILE).write_text("student_id\nada\n")
    for student in ("ada", "", "nobody"):
        dry_run.show(course, SubmissionResult(student, "ridge", "", "A", ()), console)
    assert re.findall(r"'(\w*)' is no id in .*roster\.csv", console.export_text()) == ["nobody"]


def test_extensions_in_a_form_of_their_own_are_left_to_a_person(tmp_path):
    path = tmp_path / FILE
    path.write_text('[ridge]\ndue = 2026-10-12 23:59Z\nextensions = {ben = "1 day"}\n')
    with pytest.raises(BadOffering, match='write ada = "2 days" there yourself'):
        extend(Course(tmp_path), "ridge", "ada", "2 days")
    path.write_text("[ridge]\ndue = 2026-10-12 23:59Z\n")
    extend(Course(tmp_path), "ridge", "ada", "2 days")
    assert path.read_text().endswith('\n[ridge.extensions]\nada = "2 days"\n')


rules = st.builds(
    Late,
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 10 * DAY),
    st.one_of(st.none(), st.floats(0, 30 * DAY)),
)
lateness = st.floats(-DAY, 60 * DAY)


@given(rules, lateness, lateness, st.floats(0, 100))
def test_later_never_costs_less_and_never_more_than_was_earned(rule, one, other, earned):
    sooner, later = sorted((one, other))
    assert rule.penalty(earned, sooner) <= rule.penalty(earned, later) <= earned
    assert rule.penalty(earned, min(one, 0.0)) == 0.0


def test_a_loss_a_day_by_hand():
    where = Place(FILE)
    rule = Late.parse("10 % a day", where)
    assert [rule.share(s) for s in (0, 1, DAY, DAY + 1, 20 * DAY)] == pytest.approx([0, 0.1, 0.1, 0.2, 1])
    rule = Late.parse({"per_day": 10, "at_most": 50, "grace": "15 minutes", "closed_after": "7 days"}, where)
    assert [rule.share(s) for s in (900, 901, 6.5 * DAY, 7 * DAY + 1)] == pytest.approx([0, 0.1, 0.5, 1])
    assert Late.parse("zero after the deadline", where).penalty(7.5, 1) == 7.5
    assert rule.words == ("lateness costs 10 % of the points earned for every 24 hours begun, at most 50 %, "
                          "and everything more than 7 days after the due date, nothing within 15 min")  # fmt: skip
    assert [in_words(s) for s in (5, 750, 3 * 3600, DAY + 3 * 3600 + 60)] == ["5 s", "12 min", "3 h", "1 day 3 h"]

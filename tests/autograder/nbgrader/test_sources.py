"""Submissions as Canvas, Moodle and nbgrader's exchange hand them over, named as their own code names them."""

import os
import pwd
import stat
import struct
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from autograder import attempts, exchange, roster
from autograder.collect import collect
from autograder.course import write_atomically
from autograder.errors import Foreseen
from autograder.inbox import DEPTH, look

NOTEBOOK = (
    b'{"cells": [{"cell_type": "code", "source": "# task: ridge.closed_form", "metadata": {}}],'
    b' "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
)
EMPTY = b'{"cells": [], "metadata": {}, "nbformat": 4}'
WHEN = datetime(2026, 9, 1, 12, tzinfo=UTC)
CLASS = """student_id,name,email,lms_user_id
al12,"Lovelace, Ada",ada@uni.edu,12345
bb34,"Babbage, Ben",ben@uni.edu,12346
cd56,"Noël, Chloé",chloe@uni.edu,12347
"""


@pytest.fixture
def course(classroom, tmp_path):
    write_atomically(classroom.course.root / "offering.toml", b'timezone = "Europe/Berlin"\n')
    return classroom.course


@pytest.fixture
def listed(course, tmp_path):
    (tmp_path / "class.csv").write_text(CLASS)
    roster.take(course, tmp_path / "class.csv")
    return course


@pytest.fixture
def packed(tmp_path):
    """A zip archive of the given names and contents; times are local, 2026-09-01 14:00."""

    def pack(files, name="submissions.zip", when=(2026, 9, 1, 14, 0, 0)):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in files.items() if isinstance(files, dict) else files:
                info = zipfile.ZipInfo(path, when) if isinstance(path, str) else path
                archive.writestr(info, data, zipfile.ZIP_DEFLATED)
        return tmp_path / name

    return pack


def outcome(collection):
    return {(i.student, i.file): i.problem for i in collection}


CANVAS = {
    "lovelaceada_12345_67890_ridge.ipynb": NOTEBOOK,
    "babbageben_LATE_12346_67891_ridge-1.ipynb": NOTEBOOK + b" ",
    "noëlchloé_12347_67892_ridge (1).ipynb": NOTEBOOK + b"  ",
    "noëlchloé_12347_text.html": b"<html>",
}


def test_a_canvas_archive_is_sorted_by_the_numbers_of_the_class_list(listed, packed):
    found = collect(listed, "ridge", packed(CANVAS))
    assert found.kind == "canvas"
    problems = outcome(found)
    assert {k: v for k, v in problems.items() if not v} == {
        ("al12", "ridge.ipynb"): "", ("bb34", "ridge-1.ipynb"): "", ("cd56", "ridge (1).ipynb"): "",
    }  # fmt: skip
    assert set(listed.submissions("ridge")) == {"al12", "bb34", "cd56"}


def test_canvas_names_serve_where_the_class_list_has_no_numbers(course, packed, tmp_path):
    (tmp_path / "class.csv").write_text('student_id,name\nal12,"Lovelace, Ada"\n12346,"Other, One"\n')
    roster.take(course, tmp_path / "class.csv")
    found = {i.student: i.problem for i in collect(course, "ridge", packed(CANVAS))}
    # The number of a student in Canvas is nobody's id here.
    assert set(course.submissions("ridge")) == {"al12"}
    assert "nobody on the class list is 'babbageben_12346'" in found["babbageben_12346"]


@pytest.mark.parametrize(
    "name",
    [
        "al12_999_6_ridge.ipynb",  # a student who calls themselves as another's id is
        "12345_12346_7_ridge.ipynb",  # or number
        "x_12345_12346_7_ridge.ipynb",
        "babbageben_12346_9_12345_8_ridge.ipynb",  # or who calls their file so
        "babbageben_999_9_12345_8_ridge.ipynb",
        "lovelaceada_999_6_ridge.ipynb",  # or as somebody is called whose number is known
        "LATE_12345_12346_7_ridge.ipynb",
        "anon_12345_7_ridge.ipynb",
    ],
)
def test_in_canvas_nobody_hands_in_as_another_student(listed, packed, name):
    found = outcome(collect(listed, "ridge", packed({name: NOTEBOOK})))
    assert "al12" not in {student for student, _ in found}
    assert set(listed.submissions("ridge")) <= {"bb34"}
    assert all("--map names.csv" in problem for problem in found.values() if problem)


@pytest.mark.parametrize("enrol", [False, True])
@pytest.mark.parametrize("name", ["al12", "AL12", "ada@uni.edu", "12345"])
def test_in_moodle_nobody_hands_in_as_another_student(listed, packed, name, enrol):
    source = packed({f"{name}_900002_assignsubmission_file_/ridge.ipynb": NOTEBOOK})
    collect(listed, "ridge", source, enrol=enrol)
    assert "al12" not in listed.submissions("ridge")


def test_without_a_class_list_canvas_students_keep_canvas_names(course, packed):
    names = {**CANVAS, "anon_aB3xY_67893_ridge.ipynb": NOTEBOOK, "LATE_anon_zz9_67894_ridge.ipynb": NOTEBOOK,
             "studygroup2_12349_67895_ridge.ipynb": NOTEBOOK}  # fmt: skip
    collect(course, "ridge", packed(names))
    assert set(course.submissions("ridge")) == {
        "lovelaceada_12345", "babbageben_12346", "noëlchloé_12347", "anon_aB3xY", "anon_zz9", "studygroup2_12349",
    }  # fmt: skip


def test_what_canvas_does_not_call_late_is_in_time_though_downloaded_later(listed, packed):
    write_atomically(listed.root / "offering.toml", b"[ridge]\ndue = 2026-08-30 23:59:00Z\n")
    found = collect(listed, "ridge", packed(CANVAS))
    due = datetime(2026, 8, 30, 23, 59, tzinfo=UTC)
    assert attempts.of(listed, "ridge", "al12")[0].handed_in == due
    assert attempts.of(listed, "ridge", "bb34")[0].handed_in > due
    assert any("Canvas gives every file the time of the download" in remark for remark in found.remarks)
    told = "the time of the download, 2026-09-01 14:00 CEST, counts until --times tells"
    offering = b'timezone = "Europe/Berlin"\n[ridge]\ndue = 2026-08-30 23:59:00Z\n'
    write_atomically(listed.root / "offering.toml", offering)
    found = collect(listed, "ridge", packed(CANVAS))
    assert any(told in note for item in found for note in item.notes if item.student == "bb34")
    assert any("1 file counts as late" in remark and "2026-09-01 14:00 CEST" in remark for remark in found.remarks)
    assert [attempts.of(listed, "ridge", s)[0].basis for s in ("al12", "bb34")] == [attempts.IN_TIME, attempts.DOWNLOAD]


def test_of_two_files_of_one_student_canvas_numbers_say_which_is_later(listed, packed):
    files = [("lovelaceada_12345_99_ridge-1.ipynb", NOTEBOOK + b" "), ("lovelaceada_12345_98_ridge.ipynb", NOTEBOOK)]
    collect(listed, "ridge", packed(files))
    assert [a.file for a in attempts.of(listed, "ridge", "al12")] == ["ridge.ipynb", "ridge-1.ipynb"]
    assert listed.submissions("ridge")["al12"].read_bytes() == NOTEBOOK + b" "


def moodle(flat=False):
    names = ("Ada Lovelace_900001", "Ben Babbage_900002", "Chloé Noël_900003")
    inner = "_assignsubmission_file_" + ("" if flat else "/") + "ridge.ipynb"
    return {name + inner: NOTEBOOK + b" " * n for n, name in enumerate(names)}


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("unpacked", [False, True])
def test_a_moodle_archive_or_folder_is_sorted_by_full_names(listed, packed, tmp_path, flat, unpacked):
    source = packed({**moodle(flat), "Ada Lovelace_900001_assignsubmission_onlinetext_/onlinetext.html": b"<p>"})
    if unpacked:
        with zipfile.ZipFile(source) as archive:
            archive.extractall(tmp_path / "unpacked")
        source = tmp_path / "unpacked"
    found = collect(listed, "ridge", source)
    assert found.kind == "moodle"
    assert set(listed.submissions("ridge")) == {"al12", "bb34", "cd56"}


def test_old_and_new_moodle_names_are_taken_and_every_other_entry_is_named(listed, packed):
    names = {
        "Ada Lovelace_900001_assignsubmission_file/ridge.ipynb": NOTEBOOK,
        "Ben Babbage_900002_assignsubmission_file_/ridge.ipynb": NOTEBOOK + b" ",
        "Chloé Noël_900003_assignsubmission_file_ridge.ipynb": NOTEBOOK + b"  ",
        "Dan Diaz_900004_assignsubmission_onlinetext/onlinetext.html": b"<p>",
        "Eve Ek_900005/ridge.ipynb": NOTEBOOK,
    }
    found = collect(listed, "ridge", packed(names))
    assert found.kind == "moodle"
    assert set(listed.submissions("ridge")) == {"al12", "bb34", "cd56"}
    (said,) = [item.who for item in found if "not named as Moodle names files" in item.problem]
    assert said == "Eve Ek_900005"
    assert all(attempts.of(listed, "ridge", s)[0].basis == attempts.DOWNLOAD for s in ("al12", "bb34", "cd56"))


def test_a_file_in_a_canvas_archive_that_names_nobody_is_named(listed, packed):
    found = collect(listed, "ridge", packed({**CANVAS, "ridge.ipynb": NOTEBOOK}))
    assert [i.who for i in found if "not named as Canvas names files" in i.problem] == ["ridge.ipynb"]


def test_a_kind_that_does_not_fit_is_said(listed, packed):
    found = collect(listed, "ridge", packed({"ada.txt": b""}), kind="moodle")
    said = "nothing in it is named as for --from moodle; leave --from out, or name another kind"
    assert found.remarks[-1].endswith(said)


WORKSHEET = """Identifier,Full name,ID number,Email address,Status,Grade,Last modified (submission)
Participant 900001,Ada Lovelace,,ada@uni.edu,Submitted for grading,-,"Tuesday, 1 September 2026, 2:14 PM"
Participant 900002,Ben Babbage,,ben@uni.edu,Submitted for grading,-,"Tuesday, 1 September 2026, 11:59 PM"
Participant 900009,Nobody Here,,n@uni.edu,No submission,-,-
"""


@pytest.mark.parametrize("name", ["Participant_900001", "Participant 900001", "Participant 900001_900001"])
def test_blind_moodle_names_are_settled_by_moodles_own_worksheet(listed, packed, tmp_path, name):
    (tmp_path / "worksheet.csv").write_text("\ufeff" + WORKSHEET)
    source = packed({f"{name}_assignsubmission_file_/ridge.ipynb": NOTEBOOK})
    (refused,) = collect(listed, "ridge", source)
    assert "nobody on the class list is 'Participant 900001'" in refused.problem
    assert listed.submissions("ridge") == {}
    (taken,) = collect(listed, "ridge", source, names=tmp_path / "worksheet.csv", times=tmp_path / "worksheet.csv")
    assert (taken.student, taken.problem) == ("al12", "")
    # 14:14 in Berlin.
    assert attempts.of(listed, "ridge", "al12")[0].handed_in == datetime(2026, 9, 1, 12, 14, tzinfo=UTC)
    assert not (listed.root / "attempts/ridge/_unknown/Participant_900001").exists()


def test_two_moodle_students_of_one_name_are_not_mixed(listed, packed, tmp_path):
    source = packed({
        "Ada Lovelace_900001_assignsubmission_file_/ridge.ipynb": NOTEBOOK,
        "Ada Lovelace_900007_assignsubmission_file_/ridge.ipynb": NOTEBOOK + b" ",
    })  # fmt: skip
    assert all("which two in this source are called" in item.problem for item in collect(listed, "ridge", source))
    (tmp_path / "names.csv").write_text("found,id\nAda Lovelace_900007,al12\n900001,bb34\n")
    collect(listed, "ridge", source, names=tmp_path / "names.csv")
    assert listed.submissions("ridge")["al12"].read_bytes() == NOTEBOOK + b" "
    assert listed.submissions("ridge")["bb34"].read_bytes() == NOTEBOOK


def test_a_groups_file_is_each_members_by_the_map(listed, packed, tmp_path):
    (tmp_path / "names.csv").write_text("found,id\nGroup 7_17,al12\nGroup 7_17,ben@uni.edu\n")
    collect(listed, "ridge", packed({"Group 7_17_assignsubmission_file_/ridge.ipynb": NOTEBOOK}),
            names=tmp_path / "names.csv")  # fmt: skip
    assert set(listed.submissions("ridge")) == {"al12", "bb34"}


def test_who_is_unknown_is_kept_aside_until_enrolled(listed, packed):
    source = packed({"eve/ridge.ipynb": NOTEBOOK, "al12/ridge.ipynb": NOTEBOOK})
    problems = {i.student: i.problem for i in collect(listed, "ridge", source)}
    assert problems["al12"] == ""
    assert "nobody on the class list is 'eve'" in problems["eve"]
    (aside,) = (listed.root / "attempts/ridge/_unknown/eve").glob("*.ipynb")
    assert aside.read_bytes() == NOTEBOOK
    assert set(listed.submissions("ridge")) == {"al12"}
    collect(listed, "ridge", source, enrol=True)
    assert set(listed.submissions("ridge")) == {"al12", "eve"}
    assert not aside.exists()


@pytest.mark.parametrize("name", ["al12", "AL12", "ada@uni.edu", "Ada Lovelace", "Lovelace, Ada", "12345"])
def test_a_student_is_known_by_id_address_number_or_name(listed, packed, name):
    collect(listed, "ridge", packed({f"{name}/ridge.ipynb": NOTEBOOK}))
    assert set(listed.submissions("ridge")) == {"al12"}


def test_the_exchange_is_read_and_its_names_give_the_time(course, tmp_path):
    inbound = tmp_path / "exchange" / "inbound"
    for name, data in (
        ("al+12+ridge+2026-09-01 12:00:00.000001 UTC+c2VjcmV0c2Vj", NOTEBOOK),
        ("al+12+ridge+2026-09-01 13:00:00.000001 UTC+c2VjcmV0c2Vk", NOTEBOOK + b" "),
        ("ben+ridge+2026-09-01 12:30:00.000001 UTC", NOTEBOOK),
        ("ben+lasso+2026-09-01 12:30:00.000001 UTC", NOTEBOOK + b"  "),
    ):
        write_atomically(inbound / name / "ridge.ipynb", data)
        write_atomically(inbound / name / "timestamp.txt", b"1999-01-01 00:00:00 UTC")
    found = collect(course, "ridge", inbound)
    assert (found.kind, {i.student for i in found}) == ("exchange", {"al+12", "ben"})
    assert [a.handed_in.hour for a in attempts.of(course, "ridge", "al+12")] == [12, 13]
    assert course.submissions("ridge")["al+12"].read_bytes() == NOTEBOOK + b" "
    stamp = course.submissions("ridge")["ben"].with_name("timestamp.txt").read_text()
    assert stamp == "2026-09-01 12:30:00.000001 UTC\n"


@pytest.fixture
def owned(course, tmp_path, monkeypatch):
    """An inbound folder of Ada's, as the machine says that a user of the given name owns it."""

    def own(owner, uid=4321):
        folder = tmp_path / "inbound" / "ada+ridge+2026-09-01 12:00:00.000001 UTC+abc"
        write_atomically(folder / "ridge.ipynb", NOTEBOOK)
        monkeypatch.setattr("autograder.exchange._owner", lambda path: (uid, owner))
        return {i.student: i.problem for i in collect(course, "ridge", tmp_path / "inbound")}

    return own


@pytest.mark.parametrize("owner", ["mallory", ""])
def test_an_inbound_folder_that_belongs_to_somebody_else_is_refused(course, owned, owner):
    (said,) = owned(owner).values()
    whose = "'mallory'" if owner else "the user of number 4321"
    assert said.startswith(f"not taken, because its inbound folder belongs to {whose} and not to 'ada'; ")
    assert "--enrol" not in said
    assert "--map" not in said
    assert course.submissions("ridge") == {}


@pytest.mark.parametrize(("owner", "uid"), [("ada", 4321), ("Ada", 4321), ("root", 0), ("teacher", os.geteuid())])
def test_an_inbound_folder_of_the_students_own_or_of_whoever_collects_is_taken(course, owned, owner, uid):
    assert owned(owner, uid) == {"ada": ""}


def test_the_owner_of_a_folder_is_told_by_the_machine(tmp_path):
    assert exchange._owner(tmp_path) == (os.geteuid(), pwd.getpwuid(os.geteuid()).pw_name)


def test_of_two_who_are_one_student_by_their_names_the_first_stands_until_the_map_says_whose_they_are(
    listed, packed, tmp_path
):
    source = packed({
        "Ada Lovelace_900001_assignsubmission_file_/ridge.ipynb": NOTEBOOK,
        "Lovelace Ada_900002_assignsubmission_file_/ridge.ipynb": NOTEBOOK + b" ",
    })  # fmt: skip
    found = outcome(collect(listed, "ridge", source))
    assert found.pop(("al12", "ridge.ipynb")) == ""
    (said,) = found.values()
    assert said.startswith("not taken, because 'Ada Lovelace_900001' and 'Lovelace Ada_900002' are both 'al12' by ")
    assert "--map names.csv (found,id)" in said
    assert listed.submissions("ridge")["al12"].read_bytes() == NOTEBOOK
    (tmp_path / "names.csv").write_text("found,id\nLovelace Ada_900002,bb34\n")
    collect(listed, "ridge", source, names=tmp_path / "names.csv")
    assert listed.submissions("ridge")["bb34"].read_bytes() == NOTEBOOK + b" "
    assert listed.submissions("ridge")["al12"].read_bytes() == NOTEBOOK


def test_an_inbound_folder_renamed_after_the_fact_is_reported(course, tmp_path):
    inbound = tmp_path / "inbound"
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f UTC}"
    write_atomically(inbound / "ada+ridge+2026-09-01 12:00:00.000001 UTC+abc" / "ridge.ipynb", NOTEBOOK)
    write_atomically(inbound / f"ben+ridge+{now}+abc" / "ridge.ipynb", NOTEBOOK)
    (said,) = collect(course, "ridge", inbound).remarks
    assert said.startswith("ada: the inbound folder's name says 2026-09-01 12:00 UTC, but it was last changed ")


def test_times_in_an_archive_are_read_in_the_courses_zone_or_in_utc_where_it_says_so(course, packed):
    exact = zipfile.ZipInfo("ben/ridge.ipynb", (2026, 9, 1, 3, 0, 0))
    exact.extra = struct.pack("<HHBl", 0x5455, 5, 1, int(WHEN.timestamp()) + 1)
    found = collect(course, "ridge", packed([("ada/ridge.ipynb", NOTEBOOK), (exact, NOTEBOOK)]))
    assert attempts.of(course, "ridge", "ada")[0].handed_in == WHEN
    assert attempts.of(course, "ridge", "ben")[0].handed_in == WHEN.replace(second=1)
    assert found.remarks == ("times in the archive are local and were read in the zone Europe/Berlin",)


def test_a_list_of_times_wins_over_the_source_and_may_be_corrected(course, packed, tmp_path):
    source, times = packed({"ada/ridge.ipynb": NOTEBOOK}), tmp_path / "times.csv"
    collect(course, "ridge", source)
    for text, hour in (("2026-09-03 08:00+00:00", 8), ("2026-09-03T09:00:00Z", 9)):
        times.write_text(f"id,handed_in\nada,{text}\n")
        collect(course, "ridge", source, times=times)
        collect(course, "ridge", source)
        assert [a.handed_in.hour for a in attempts.of(course, "ridge", "ada")] == [hour]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,handed_in\nada,10/12/2026 23:59\n", "line 2: '10/12/2026 23:59' is not understood"),
        ("id,handed_in\nada,2026-10-12 23:59\n", "line 2: '2026-10-12 23:59' has no time zone"),
        ("id\nada\n", "no column of times"),
        ("handed_in\n2026-10-12 23:59Z\n", "line 2: names no student"),
        ('id,handed_in\nada,"2026\n', "not readable as CSV"),
    ],
)
def test_a_list_that_is_not_understood_is_refused_whole(classroom, packed, tmp_path, text, said):
    (tmp_path / "times.csv").write_text(text)
    with pytest.raises(Foreseen, match=said.replace("(", "[(]")):
        collect(classroom.course, "ridge", packed({"ada/ridge.ipynb": NOTEBOOK}), times=tmp_path / "times.csv")
    assert classroom.course.submissions("ridge") == {}


@pytest.mark.parametrize("year", [1970, 1995, 2035])
def test_a_time_that_cannot_be_right_gives_way_to_the_time_of_collecting(course, tmp_path, year):
    path = tmp_path / "inbox" / "ada" / "ridge.ipynb"
    write_atomically(path, NOTEBOOK)
    moment = datetime(year, 1, 1, tzinfo=ZoneInfo("UTC")).timestamp()
    os.utime(path, (moment, moment))
    before = datetime.now(UTC)
    (taken,) = collect(course, "ridge", tmp_path / "inbox")
    assert f"its time ({year}-01-01 01:00 CET) cannot be right" in taken.notes[0]
    assert before <= attempts.of(course, "ridge", "ada")[0].handed_in <= datetime.now(UTC)


def linked(name):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_each_bad_entry_of_an_archive_costs_only_itself(course, packed):
    big = b" " * (3 << 20)
    source = packed([
        ("ada/ridge.ipynb", NOTEBOOK),
        ("../../etc/ridge.ipynb", NOTEBOOK),
        ("/abs/ridge.ipynb", NOTEBOOK),
        ("C:\\temp\\ridge.ipynb", NOTEBOOK),
        (linked("link/ridge.ipynb"), b"/etc/passwd"),
        ("bomb/ridge.ipynb", big),
        ("huge/ridge.ipynb", b"\0" * (21 << 20)),
        ("nested/ridge.zip", b"PK\x03\x04"),
        ("inner/ridge.ipynb", b"PK\x03\x04...."),
        ("broken/ridge.ipynb", NOTEBOOK * 40),
        ("__MACOSX/ada/._ridge.ipynb", b"mac"),
        ("twice/ridge.ipynb", NOTEBOOK),
        ("twice/ridge.ipynb", NOTEBOOK + b" "),
        ("zoe/ridge.ipynb", NOTEBOOK),
    ])  # fmt: skip
    data = bytearray(source.read_bytes())
    where = data.index(b"broken/ridge.ipynb") + len("broken/ridge.ipynb") + 5
    data[where : where + 4] = b"\xff\xff\xff\xff"
    source.write_bytes(data)
    found = collect(course, "ridge", source)
    said = {i.who: i.problem for i in found if i.problem}
    assert set(course.submissions("ridge")) == {"ada", "inner", "twice", "zoe"}
    assert said.pop(".. (ridge.ipynb)") == "its path leads out of the archive"
    assert said.pop("abs (ridge.ipynb)") == "its path leads out of the archive"
    assert said.pop("C: (ridge.ipynb)") == "its path leads out of the archive"
    assert said.pop("link (ridge.ipynb)") == "a link; links are not followed"
    assert "times smaller, as no notebook is" in said.pop("bomb (ridge.ipynb)")
    assert said.pop("huge (ridge.ipynb)") == "21 MB; the limit is 20 MB"
    assert said.pop("nested") == "no notebook; found ridge.zip, and ridge.ipynb is needed"
    assert said.pop("broken (ridge.ipynb)") == "damaged inside the archive; download it again"
    assert said == {}
    (inner,) = (i for i in found if i.student == "inner")
    assert inner.notes[0].startswith("not a notebook, but a zip archive")
    assert len(attempts.of(course, "ridge", "twice")) == 2
    assert "twice/ridge.ipynb is in the archive more than once; every one was looked at" in found.remarks


def test_what_lies_too_deep_in_an_archive_is_not_looked_at(course, packed):
    deep = {f"ben/{n}/{'a/' * depth}ridge.ipynb": NOTEBOOK for n, depth in enumerate((4, 10_000, 10_000))}
    source = packed({"ada/ridge.ipynb": NOTEBOOK, "zoe/1/2/3/4/ridge.ipynb": NOTEBOOK, **deep})
    found = collect(course, "ridge", source)
    problems = outcome(found)
    assert problems.pop(("ben", "")).startswith("no notebook")
    assert problems == {("ada", "ridge.ipynb"): "", ("zoe", "ridge.ipynb"): ""}
    assert "submissions.zip holds 3 files deeper than 5 folders; they were not looked at" in found.remarks
    assert max(len(entry.path) for entry in look(source, None).entries) == DEPTH


def test_an_archive_of_folders_upon_folders_is_read_in_little_memory(packed, monkeypatch):
    monkeypatch.setattr("autograder.inbox.MOST_FILES", 20)
    folders = {f"{n}/{'/'.join('abcde')}/".replace("a/", f"{n}/"): b"" for n in range(20)}
    found = look(packed(folders), None).entries
    assert {entry.path[0] for entry in found} == {str(n) for n in range(20)}
    assert len(found) <= 60


def test_an_encrypted_entry_is_named(course, packed):
    source = packed({"ada/ridge.ipynb": NOTEBOOK, "ben/ridge.ipynb": NOTEBOOK})
    data = bytearray(source.read_bytes())
    # The flag of encryption in the directory's first entry.
    data[data.index(b"PK\x01\x02") + 8] |= 1
    source.write_bytes(data)
    assert outcome(collect(course, "ridge", source)) == {
        ("ada", "ridge.ipynb"): "encrypted; it is needed without a password", ("ben", "ridge.ipynb"): "",
    }  # fmt: skip


def test_a_stated_size_that_lies_is_not_believed(course, packed):
    source = packed({"ada/ridge.ipynb": os.urandom(21 << 20), "ben/ridge.ipynb": NOTEBOOK})
    data = bytearray(source.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 1000)
    source.write_bytes(data)
    problems = {i.student: i.problem for i in collect(course, "ridge", source)}
    assert problems["ben"] == ""
    assert "damaged inside the archive" in problems["ada"] or "larger than 20 MB" in problems["ada"]
    assert set(course.submissions("ridge")) == {"ben"}


def test_utf8_names_without_the_flag_are_read_and_others_do_no_harm(course, tmp_path):
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr("chloXX/ridge.ipynb", NOTEBOOK)
        archive.writestr("noXl/ridge.ipynb", NOTEBOOK)
    data = (tmp_path / "s.zip").read_bytes()
    data = data.replace(b"chloXX", "chloé".encode()).replace(b"noXl", "noël".encode("cp437"))
    (tmp_path / "s.zip").write_bytes(data)
    collect(course, "ridge", tmp_path / "s.zip")
    assert set(course.submissions("ridge")) == {"chloé", "noël"}


@pytest.mark.parametrize("cut", [0, 20, 200])
def test_a_damaged_archive_is_named_whole(course, packed, tmp_path, cut):
    source = packed({"ada/ridge.ipynb": NOTEBOOK})
    source.write_bytes(source.read_bytes()[:cut])
    with pytest.raises(Foreseen, match="is a damaged zip archive, perhaps cut off; download it again"):
        collect(course, "ridge", source)


def test_an_archive_of_too_many_files_is_read_so_far(course, packed, monkeypatch):
    monkeypatch.setattr("autograder.inbox.MOST_FILES", 2)
    found = collect(course, "ridge", packed({f"{name}/ridge.ipynb": NOTEBOOK for name in ("ada", "ben", "zoe")}))
    assert set(course.submissions("ridge")) == {"ada", "ben"}
    assert "submissions.zip holds 3 files; only the first 2 were looked at" in found.remarks


def test_an_archive_that_grows_beyond_all_bounds_is_read_so_far(course, packed, monkeypatch):
    monkeypatch.setattr("autograder.inbox.MOST_TOTAL", 10)
    problems = {i.student: i.problem for i in collect(course, "ridge", packed({
        "ada/ridge.ipynb": NOTEBOOK, "ben/ridge.ipynb": NOTEBOOK,
    }))}  # fmt: skip
    assert problems["ada"] == ""
    assert "unpack it and give the folder" in problems["ben"]


def test_a_folder_packed_with_its_own_folder_round_it_is_the_same(listed, packed):
    collect(listed, "ridge", packed({f"download/{name}": data for name, data in moodle().items()}))
    assert set(listed.submissions("ridge")) == {"al12", "bb34", "cd56"}


@pytest.mark.parametrize("name", ["ridge (1).ipynb", "ridge_final.ipynb", "x.ipynb"])
def test_a_renamed_notebook_is_taken_by_its_content(course, packed, name):
    (found,) = collect(course, "ridge", packed({f"ada/{name}": NOTEBOOK}))
    assert found.problem == ""
    assert "taken under another name, because its cells are of this assignment" in found.notes


def test_another_notebook_in_its_place_is_named(course, packed):
    (found,) = collect(course, "ridge", packed({"ada/essay.ipynb": EMPTY}))
    assert found.problem == "no notebook; essay.ipynb holds no cell of 'ridge'"


def test_names_that_differ_in_writing_alone_are_reported(course, packed):
    files = {"Ada/ridge.ipynb": NOTEBOOK, "ada/ridge.ipynb": NOTEBOOK, "noe\u0308l/ridge.ipynb": NOTEBOOK,
             "no\u00ebl/ridge.ipynb": NOTEBOOK + b" "}  # fmt: skip
    found = collect(course, "ridge", packed(files))
    assert set(course.submissions("ridge")) == {"Ada", "ada", "no\u00ebl"}
    assert "'Ada' and 'ada' differ only in how they are written and count as two students; --map makes them one" in (
        found.remarks
    )
    assert any("are both this student's" in note for item in found for note in item.notes)
    assert len(attempts.of(course, "ridge", "no\u00ebl")) == 2

"""A class list is taken whole, from whatever an LMS exports, or refused at the line that is wrong."""

import stat

import pytest

from autograder import nbgrader_run, roster
from autograder.course import Course
from autograder.roster import BadRoster, Roster, Student, read

ADA = Student("ada", "Ada", "Lovelace", "ada@uni.edu", "17")
BO = Student("bo", "Bo", "Émile", "bo@uni.edu", "18")


@pytest.fixture
def listed(tmp_path):
    def make(text, encoding="utf-8"):
        path = tmp_path / "class.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return make


OURS = "student_id,first_name,last_name,email,lms_user_id\nada,Ada,Lovelace,ada@uni.edu,17\nbo,Bo,Émile,bo@uni.edu,18\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize(("delimiter", "end"), [(",", "\n"), (";", "\r\n"), ("\t", "\n")])
def test_encoding_delimiter_and_line_ends_do_not_matter(listed, encoding, delimiter, end):
    text = OURS.replace(",", delimiter).replace("\n", end)
    assert read(listed(text, encoding)).students == (ADA, BO)


@pytest.mark.parametrize(
    "text",
    [
        # Canvas's gradebook, with the lines that it adds
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        '"Lovelace, Ada",17,x1,ada,A\n"Émile, Bo",18,x2,bo,A\n"Student, Test",99,,,A\n',
        # Moodle's participants
        'First name,Last name,Username,"ID number","Email address"\nAda,Lovelace,ada,17,a@u.edu\nBo,Émile,bo,18,b@\n',
        # a person's
        "Name;Login\nAda Lovelace;ada\n\nBo Émile;bo\n",
        "sep=;\nFULL NAME; Student ID\nLovelace, Ada;ada\nÉmile, Bo;bo\n",
    ],
)
def test_lists_as_they_are_exported_give_ids_and_names(listed, text):
    found = read(listed(text)).students
    assert [(s.id, s.first_name, s.last_name) for s in found] == [("ada", "Ada", "Lovelace"), ("bo", "Bo", "Émile")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id\nada\nada\n", "line 3: the id 'ada' is in line 2 already"),
        ("id\nada\nADA\n", "line 3: the id 'ADA' is in line 2 already"),
        ("id,name\nada,Ada\n,Bo\n", "line 3 (Bo): no id"),
        ("id,name\n,Ada\nbo,Bo\n?,Cy\n", "line 2 (Ada): no id; give the student one, or remove the line\n"),
        ("id,name\n,Ada\nbo,Bo\n?,Cy\n", "line 4 (Cy): '?' cannot be a student's id"),
        ("id,name\nada,Ada\nada,Bo\n", "line 3 (Bo): the id 'ada' is in line 2 (Ada) already"),
        ("id\n../ada\n", "line 2: '../ada' cannot be a student's id"),
        ('id,name\nada,"A\nB"\n', "line 3: name holds characters"),
        ("id,first_name\nada,A\x07\n", "line 2: first_name holds characters"),
        (f"id,email\nada,{'a' * 200}\n", "line 2: email is longer"),
        ("id,name\nada,Lovelace,Ada\n", "line 2: 3 values under 2 headings"),
        ("name,section\nAda,A\n", "line 1: no column of ids among 'name', 'section'"),
        ("id,id\na,b\n", "line 1: the heading 'id' stands there twice"),
        ('id,name\nada,"Ada\nbo,Bo\n', "not readable as CSV"),
        ("", "lists nobody"),
        ("id,name\n", "lists nobody"),
        (b"PK\x03\x04\0\0", "not a text file"),
        (b"\xff\xfea", "damaged UTF-16"),
    ],
)
def test_one_wrong_line_refuses_the_whole_list_and_is_named(listed, tmp_path, text, said):
    course = Course(tmp_path / "course")
    with pytest.raises(BadRoster) as refused:
        roster.take(course, listed(text))
    assert said in str(refused.value)
    assert "class.csv" in str(refused.value)
    assert not course.root.exists()


def test_the_column_of_ids_is_known_and_canvas_test_student_is_left_out_and_named(listed):
    text = 'Student,ID,SIS Login ID\n"Lovelace, Ada",17,ada\n"Student, Test",99,a1b2c3\n'
    found = read(listed(text))
    assert ([s.id for s in found], found.column) == (["ada"], "SIS Login ID")
    assert found.left_out == ("'Student, Test' in line 3, whom Canvas adds to every course",)


def rows(course):
    with nbgrader_run.open_gradebook(course.root) as book:
        return {s.id: (s.first_name, s.last_name, s.email, s.lms_user_id) for s in book.students}


def test_importing_is_idempotent_and_nobody_is_lost(listed, tmp_path):
    course = Course(tmp_path / "course")
    assert Roster.load(course) is None
    assert roster.take(course, listed(OURS))[1] == []
    once, kept = rows(course), course.root / roster.FILE
    assert once == {"ada": ("Ada", "Lovelace", "ada@uni.edu", "17"), "bo": ("Bo", "Émile", "bo@uni.edu", "18")}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    written = kept.stat().st_mtime_ns
    roster.take(course, listed(OURS))
    assert (rows(course), kept.stat().st_mtime_ns) == (once, written)
    # Bo leaves, Eve comes, and a list without names takes none away.
    assert roster.take(course, listed("id\nada\neve\n"))[1] == ["bo"]
    assert rows(course) == once | {"eve": (None, None, None, None)}
    assert [s.id for s in Roster.load(course)] == ["ada", "eve"]


def test_what_is_stored_is_read_back_as_it_was(listed, tmp_path):
    odd = Student("zoë.o'h".replace("'", "-"), 'Zoë "Z"', "O'Hara; the, elder", "z@uni.edu", "=1+1")
    path = tmp_path / "again.csv"
    path.write_bytes(Roster((ADA, odd)).dumps())
    assert read(path).students == (ADA, odd)


def test_a_student_is_found_by_whatever_names_one_alone():
    other = Student("ada2", "Ada", "Lovelace", "ada2@uni.edu", "bo")
    found = Roster((ADA, BO, other))
    assert "ada" in found
    assert found.get("x") is None
    for text in ("bo", "BO", "bo@Uni.edu", "18", "Bo Émile", "émile,  bo", "E\u0301mile Bo"):
        assert found.find(text) == BO, text
    # Two have this name; "bo" is an id before it is somebody's number.
    assert found.find("Ada Lovelace") is None
    assert found.find("") is None

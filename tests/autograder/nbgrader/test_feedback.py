"""A feedback page runs nothing, loads nothing and hides nothing from its student."""

import errno
import re
import time

import pytest

from autograder import feedback_page, gradebook, nbgrader_run
from autograder.authoring import notebooks
from autograder.errors import Foreseen, sentence
from autograder.files import NotWritten

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">a</a>',
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&colon;alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "![a](http://tracker.example/x.png)",
    "![a](attachment:x.svg)",
    "<iframe src='http://tracker.example'></iframe>",
    "<style>body { display: none }</style>",
    "<link rel=stylesheet href=http://tracker.example/x.css>",
    "<form action='http://tracker.example'><input name=a></form>",
    "<div style='position:fixed'>x</div>",
    "<div class='verdict score' id='ridge--zeros'>full marks</div>",
    "$x<script>alert(1)</script>$",
    "$$\\href{javascript:alert(1)}{x}$$",
    "<!--<script>--><script>alert(1)</script>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "```<script>alert(1)</script>\n<script>alert(1)</script>\n```",
    "<base href='http://tracker.example'>",
    "<meta http-equiv=refresh content='0;url=http://tracker.example'>",
    "<details open ontoggle=alert(1)>x</details>",
]
ACTIVE = re.compile(
    r"<(script|style|img|svg|iframe|link|form|input|base|meta|object|embed|math(?! display=.(?:inline|block).>))\b"
    r"|<[^>]*\s(on\w+|style|id|src|srcset)\s*=|<[^>]*href\s*=\s*[\"']?\s*(javascript|data|vbscript)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_active_survives_in_markdown(text):
    shown = feedback_page.safe_markdown(f"before\n\n{text}\n\nafter")
    assert not ACTIVE.search(shown)
    assert "verdict" not in shown
    assert "before" in shown


def test_what_is_harmless_stays():
    shown = feedback_page.safe_markdown(
        "**bold** and $a < b$ with `code`\n\n- item\n\n[link](https://example.org)\n\n```python\nx = 1\n```\n"
    )
    for part in (
        "<strong>bold</strong>",
        "<mi>a</mi><mo>&lt;</mo><mi>b</mi>",
        "<code>code</code>",
        "<li>item",
        'href="https://example.org"',
    ):
        assert part in shown
    assert "highlight" in shown


@pytest.mark.parametrize("piece", ["[", ">", "*a ", "<!--", "$", "![", "`", "<b>", "- ", "$$x", "\\begin{a}", "<!"])
def test_a_text_made_to_stop_the_parser_costs_seconds_at_most(piece):
    text = piece * (feedback_page.MAX_MARKDOWN // len(piece))
    started = time.perf_counter()
    assert feedback_page.safe_markdown(text)
    assert time.perf_counter() - started < 20


def test_a_text_longer_than_anybody_writes_is_shown_plain():
    shown = feedback_page.safe_markdown("<b>" * feedback_page.MAX_MARKDOWN)
    assert shown.startswith("<pre>&lt;b&gt;")
    assert feedback_page.code("<b>" * feedback_page.MAX_CODE).startswith("<pre>&lt;b&gt;")


@pytest.fixture
def page(classroom):
    """The page of a student whose every editable place is hostile, and who did partly well."""

    def change(nb):
        for cell in nb["cells"]:
            if cell["metadata"]["nbgrader"]["solution"]:
                cell["source"] = "\n\n".join(HOSTILE)
        own = {"cell_type": "markdown", "source": "\n\n".join(HOSTILE), "metadata": {"tags": HOSTILE}}
        own["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload=alert(1)>"}}
        output = {"output_type": "display_data", "data": {"text/html": "<script>alert(2)</script>"}, "metadata": {}}
        code = {"cell_type": "code", "source": HOSTILE[0], "metadata": {}, "outputs": [output]}
        nb["cells"] += [own, code]
        nb["metadata"]["title"] = "<script>alert(3)</script>"

    classroom.hand_in("ada", change)
    gradebook.commit(classroom.course, [classroom.result("ada", 1.0, closed_form=0.5, zeros=0.0)])
    with nbgrader_run.open_gradebook(classroom.course.root) as book:
        comment = book.find_comment("ridge--always_better", "ridge", "ridge", "ada")
        comment.manual_comment = "A **good** start <script>alert(4)</script>"
        book.db.commit()
    (path,) = gradebook.feedback(classroom.course, "ridge")
    return path.read_text(encoding="utf-8")


def test_a_page_runs_and_loads_nothing(page):
    body = page.split("</style>", 1)[1]
    for tag in ("script", "img", "svg", "iframe", "link", "form", "base", "object", "embed"):
        assert f"<{tag}" not in page
    assert not re.search(r"<[^>]*\son\w+\s*=", body)
    assert not re.search(r"<[^>]*href\s*=\s*[\"']?\s*(javascript|data)", body, re.IGNORECASE)
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_a_page_says_score_verdict_and_comment(page, manifest):
    most = sum(task.points for task in manifest.chapter("ridge").tasks)
    # Half of the first task, the question on zeros and the written work are missing.
    assert f"<strong>{most - 6:g}</strong> of {most:g} points, with written work still to be read" in page
    assert re.search(r"The closed form</a></td><td>1 of 2</td>", page)
    assert re.search(r"How many zeros\?</a></td><td>0 of 1</td>", page)
    assert "to be read, of 4" in page
    assert "The gradient vanishes." in page
    assert "A <strong>good</strong> start" in page


def test_feedback_for_some_students_leaves_the_others_alone(classroom):
    for student in ("ada", "ben"):
        classroom.hand_in(student)
    gradebook.commit(classroom.course, [classroom.result(s) for s in ("ada", "ben")])
    assert [p.parts[-3] for p in gradebook.feedback(classroom.course, "ridge", ["ben"])] == ["ben"]
    assert not (classroom.course.feedback / "ada").exists()
    assert [p.parts[-3] for p in gradebook.feedback(classroom.course, "ridge")] == ["ada", "ben"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "the disk is full; make room"), (errno.EROFS, "read-only file system; mount it writable")],
)
@pytest.mark.parametrize("make", [gradebook.feedback, lambda c, slug: notebooks.generate_assignment(c.root, slug)])
def test_a_disk_that_takes_no_more_is_a_sentence(classroom, monkeypatch, number, said, make):
    def write(self, *args, **kwargs):
        raise OSError(number, "no")

    classroom.hand_in("ada")
    gradebook.commit(classroom.course, [classroom.result("ada")])
    monkeypatch.setattr("nbconvert.writers.FilesWriter.write", write)
    with pytest.raises(NotWritten) as refused:
        make(classroom.course, "ridge")
    assert sentence(refused.value).startswith(f"{classroom.course.root}: ")
    assert said in sentence(refused.value)


def test_feedback_before_grading_is_a_sentence(classroom):
    with pytest.raises(Foreseen, match="run 'autograder grade ridge --course"):
        gradebook.feedback(classroom.course, "ridge")

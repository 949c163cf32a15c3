"""Laws of {task} and {listing}: a page shows what a student gets, never a line between the markers."""

import html
import re
import shutil

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from autograder import casesets
from autograder.checks import tasks as checks_of
from autograder.checks.answers import AnswerTask

MODULE = '''
import numpy as np


def objective(w):
    """Worked."""
    return float(w @ w)


def closed_form(X, y, lam):
    """Solve for `w`
    by {eq}`eq-cited`.

    Returns
    -------
    w : ndarray
    """
    X = np.asarray(X)
    ### BEGIN SOLUTION
    hidden_gram = X.T @ X + len(y) * lam * np.eye(X.shape[1])
    return np.linalg.solve(hidden_gram, X.T @ y)
    ### END SOLUTION
'''
TASK = """
````{task} ridge.closed_form
:object: ridge.closed_form
:kind: implement
:points: 2
:title: The closed form

Prose of the exercise.

:::{hint}
The *first* hint.
:::

:::{hint}
The second hint.
:::
````
"""
LISTINGS = """
# Chapter

```{listing} ridge.objective
```

```{listing} ridge.closed_form
```

See {ref}`task-ridge-closed_form`.

```{math}
:label: eq-cited
x = 1
```
"""


class Book:
    """A book of two pages on a package of one module, built by Sphinx with our extension."""

    def __init__(self, folder):
        self.folder = folder
        self.write("solutions/shrinkage/ridge.py", MODULE)
        self.write("conf.py", "extensions = ['myst_parser', 'tasks']\nmyst_enable_extensions = ['colon_fence']\n")
        self.write("index.md", "# Book\n\n```{toctree}\nchapter\nexercises\n```\n")
        self.write("chapter.md", LISTINGS)
        self.write("exercises.md", "# Exercises\n" + TASK)

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def build(self):
        """What Sphinx warned of; the pages are then in `out`."""
        with (self.folder / "warnings").open("w+") as warnings, docutils_namespace():
            source, out = str(self.folder), str(self.folder / "out")
            app = Sphinx(source, source, out, f"{out}-trees", "html", status=None, warning=warnings)
            app.build()
            warnings.seek(0)
            return re.sub(r"\x1b\[[0-9;]*m", "", warnings.read())

    def page(self, name):
        return (self.folder / "out" / f"{name}.html").read_text(encoding="utf-8")

    def text(self, name):
        """The page as a reader sees it: highlighting taken out."""
        return html.unescape(re.sub(r"<[^>]+>", "", self.page(name)))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    book = Book(tmp_path_factory.mktemp("book"))
    assert book.build() == ""
    return book


@pytest.fixture
def book(built, tmp_path):
    """A copy to change; what Sphinx has read stays read."""
    copy = tmp_path / "book"
    shutil.copytree(built.folder, copy, ignore=shutil.ignore_patterns("out*"))
    fresh = Book.__new__(Book)
    fresh.folder = copy
    return fresh


def test_no_file_of_the_site_holds_a_line_between_the_markers(built):
    for path in (built.folder / "out").rglob("*"):
        if path.is_file():
            assert b"hidden_gram" not in path.read_bytes(), path
    assert "np.linalg.solve" not in built.text("exercises")
    assert "np.linalg.solve" not in built.text("chapter")


GIVEN = "    X = np.asarray(X)\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"


def test_an_exercise_shows_its_stub_whole(built):
    stub = MODULE[MODULE.index("def closed_form") : MODULE.index("    X = np")] + GIVEN
    assert stub.replace("{eq}`eq-cited`", "(1)") in built.text("exercises")


def test_a_listed_stub_shows_summary_and_equation_number_and_its_contract_one_step_away(built):
    head = 'def closed_form(X, y, lam):\n    """Solve for `w`\n    by (1)."""\n'
    text = built.text("chapter")
    assert head + GIVEN in text
    assert "Returns\n-------\nw : ndarray" in text
    assert '<details class="listing-contract"><summary>' in built.page("chapter")


def test_a_worked_function_is_shown_whole(built):
    assert MODULE[MODULE.index("def objective") : MODULE.index("\n\n\ndef closed_form")] in built.text("chapter")


def test_a_listed_stub_leads_to_its_exercise(built):
    link = '<a class="reference internal" href="exercises.html#task-ridge-closed_form">The closed form</a>'
    assert f"yours to write: {link}" in built.page("chapter")


def test_an_exercise_says_what_it_asks_what_it_gives_and_how_to_check_it(built):
    assert 'id="task-ridge-closed_form"' in built.page("exercises")
    text = built.text("exercises")
    for part in ("The closed form", "Implement · 2 points · ridge.closed_form", 'check("ridge.closed_form")'):
        assert part in text


def test_hints_are_numbered_and_closed_and_come_last(built):
    page = built.page("exercises")
    assert re.findall(r"<details class=\"task-hint\"><summary>([^<]*)", page) == ["Hint 1 of 2", "Hint 2 of 2"]
    assert page.index("check(") < page.index("Hint 1 of 2")
    assert "<em>first</em>" in page


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (":object: ridge.closed_form", ":object: ridge.missing", "'ridge.missing' is not a top-level definition"),
        (":object: ridge.closed_form", ":object: missing.closed_form", "'missing.closed_form' is not a top-level"),
        (":object: ridge.closed_form", ":object: ridge.objective", "holds no solution markers"),
        (":points: 2\n", "", "needs the option ':points:'"),
        (":points: 2", ":points: two", "points"),
        (":kind: implement", ":kind: essay", "kind"),
        (":title: The closed form\n", "", "needs the option ':title:'"),
        ("{task} ridge.closed_form", "{task} Ridge", "'Ridge' is not a task id"),
    ],
)
def test_a_faulty_exercise_is_an_error_with_page_and_line(book, old, new, said):
    assert old in TASK
    book.write("exercises.md", "# Exercises\n" + TASK.replace(old, new))
    book.write("chapter.md", "# Chapter\n")
    found = [line for line in book.build().splitlines() if said in line]
    assert found
    assert re.match(r".*exercises\.md:\d+: (ERROR|WARNING)", found[0])


REPAIR = TASK.replace(":kind: implement", ":kind: diagnose").replace(
    "Prose of the exercise.\n", "Prose of the exercise.\n\n```{broken}\nwrong = X.T @ X\nreturn wrong\n```\n"
)


def test_a_definition_to_repair_is_shown_with_its_wrong_lines(book):
    book.write("exercises.md", "# Exercises\n" + REPAIR)
    assert book.build() == ""
    text = book.text("exercises")
    assert "    X = np.asarray(X)\n    wrong = X.T @ X\n    return wrong\n" in text
    assert text.count("wrong = X.T @ X") == 1
    assert "YOUR CODE HERE" not in text
    assert "Diagnose · 2 points" in text
    assert "Find what is wrong with it, and repair it." in text
    assert "yours to repair: <a" in book.page("chapter")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("```{broken}", "```{broken}\npass\n```\n\n```{broken}", "1 marked gap needs as many blocks"),
        (":kind: diagnose", ":kind: implement", "only a task of kind 'diagnose' has {broken}"),
        (":kind: diagnose", ":kind: derive", "takes no option ':object:'"),
        (":object: ridge.closed_form\n", "", "needs option ':object:'"),
    ],
)
def test_a_faulty_diagnosis_is_an_error_with_page_and_line(book, old, new, said):
    assert old in REPAIR
    book.write("exercises.md", "# Exercises\n" + REPAIR.replace(old, new))
    book.write("chapter.md", "# Chapter\n")
    assert re.search(rf"exercises\.md:\d+: ERROR: .*{re.escape(said)}", book.build())


def test_numbers_that_differ_are_shown_for_example(book):
    task = next(task for task in checks_of("ridge").values() if isinstance(task, AnswerTask) and task.draw)
    options = ":kind: derive\n:points: 1\n:title: A number\n"
    book.write("exercises.md", f"# E\n\n```{{task}} {task.id}\n{options}\nOf $n$.\n```\n")
    book.write("chapter.md", "# Chapter\n")
    assert book.build() == ""
    page = book.page("exercises")
    shown = page[page.index("For example, with these numbers; yours are in the notebook.") :]
    for name, value in casesets.parameters(task)[0].items():
        assert f'<span class="pre">{name}</span>' in shown
        assert f"<p>{value}</p>" in shown
    assert shown.count("<tr") == 2


def test_a_task_that_stands_twice_is_an_error_with_page_and_line(book):
    book.write("again.md", "---\norphan: true\n---\n# Again\n" + TASK)
    said = book.build()
    assert re.search(r"\.md:\d+: ERROR: task 'ridge\.closed_form' stands twice", said)


def test_a_listing_of_nothing_is_an_error_with_page_and_line(book):
    book.write("chapter.md", "# Chapter\n\n```{listing} ridge.missing\n```\n")
    assert re.search(r"chapter\.md:3: ERROR: 'ridge\.missing' is not a top-level definition", book.build())


def test_a_listed_stub_without_an_exercise_is_a_warning(book):
    book.write("exercises.md", "# Exercises\n")
    book.write("chapter.md", "# Chapter\n\n```{listing} ridge.closed_form\n```\n")
    assert re.search(r"chapter\.md:3: WARNING: 'ridge\.closed_form' is listed as a task, but no", book.build())


def test_a_changed_module_is_read_again(book):
    assert book.build() == ""
    book.write("solutions/shrinkage/ridge.py", MODULE.replace("Worked.", "Worked anew."))
    assert book.build() == ""
    assert "Worked anew." in book.text("chapter")


def test_an_exercise_read_again_does_not_stand_twice(book):
    assert book.build() == ""
    book.write("exercises.md", "# Exercises\n" + TASK.replace("Prose", "New prose"))
    assert book.build() == ""
    assert "New prose" in book.text("exercises")

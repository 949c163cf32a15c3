"""Laws of references to a chapter that is left out: words where the link would be, and no fault hidden."""

import re

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

CHAPTER = """
(ch-lasso)=
# The *lasso*

```python
# no title of anything
```

$$ x = 1 $$ (eq-gap)

```{math}
:label: eq-kkt
x = 2
```

```{prf:theorem} Uniqueness
:label: thm-unique
It is unique.
```
"""
TASK = "\n`````{task} lasso.path_of\n:object: penalties.path_of\n:points: 2\n:title: The path\n`````\n"
SHARED = """# Shared

(ch-here)=
## Here

Read {REFERENCE}.
"""


class Book:
    """A book of one shared page and of a chapter that `_toc.yml` lists or leaves out."""

    def __init__(self, folder):
        self.folder = folder
        self.write("conf.py", "extensions = ['myst_parser', 'sphinx_external_toc', 'sphinx_proof', 'unlisted']\n"
                              "myst_enable_extensions = ['dollarmath']\nnitpicky = True\nnumfig = True\n"
                              "external_toc_path = '_toc.yml'\nexternal_toc_exclude_missing = True\n")  # fmt: skip
        self.write("book/lasso/index.md", CHAPTER)
        self.write("book/lasso/exercises.md", "# Exercises\n" + TASK)

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def build(self, reference, listed=False):
        """What Sphinx warned of, and the shared page's sentence as HTML."""
        self.write("book/index.md", SHARED.replace("{REFERENCE}", reference))
        toc = "options: {numbered: true}\nchapters:\n- file: book/lasso/index\n" if listed else ""
        self.write("_toc.yml", f"format: jb-book\nroot: book/index\n{toc}")
        with (self.folder / "warnings").open("w+") as warnings, docutils_namespace():
            source, out = str(self.folder), str(self.folder / "out")
            app = Sphinx(source, source, out, f"{out}-trees", "html", status=None, warning=warnings)
            app.build()
            warnings.seek(0)
            said = [line for line in warnings if "index.md" in line and "included in any toctree" not in line]
        page = (self.folder / "out" / "book" / "index.html").read_text(encoding="utf-8")
        return re.sub(r"\x1b\[[0-9;]*m", "", "".join(said)), re.search(r"<p>(Read.*?)</p>", page)[1]


@pytest.fixture
def book(tmp_path):
    return Book(tmp_path)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("{ref}`ch-lasso`", "Read The lasso."),
        ("{ref}`what comes next <ch-lasso>`", "Read what comes next."),
        ("{numref}`Chapter %s <ch-lasso>`", "Read The lasso."),
        ("{ref}`task-lasso-path_of`", "Read The path."),
        ("the gap {eq}`eq-gap`, then", "Read the gap, then."),
        ("the conditions {eq}`eq-kkt`", "Read the conditions."),
        ("why it is unique {prf:ref}`thm-unique`", "Read why it is unique."),
        ("{prf:ref}`why it is unique <thm-unique>`", "Read why it is unique."),
        ("[the next chapter](ch-lasso)", "Read the next chapter."),
    ],
)
def test_a_label_of_a_page_that_is_not_listed_becomes_words(book, reference, words):
    warned, page = book.build(reference)
    assert warned == ""
    assert page == words


@pytest.mark.parametrize("reference", ["{ref}`ch-lass`", "{eq}`eq-gaps`", "{numref}`fig-no`", "{prf:ref}`thm-no`"])
def test_a_label_that_no_page_sets_is_still_a_fault(book, reference):
    warned, _ = book.build(reference)
    assert re.search("undefined label|equation not found|reference target not found|not found", warned)


def test_a_listed_label_is_a_link_and_loses_it_with_its_chapter(book):
    for _ in range(2):
        assert 'href="lasso/index.html#ch-lasso"' in book.build("{ref}`ch-lasso`", listed=True)[1]
        assert book.build("{ref}`ch-lasso`") == ("", "Read The lasso.")


def test_a_label_set_on_a_listed_page_too_is_a_link(book):
    book.write("book/lasso/index.md", "(ch-here)=\n# An old copy\n")
    assert 'href="#ch-here"' in book.build("{ref}`ch-here`")[1]

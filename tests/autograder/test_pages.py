"""An exercise page is the one source of its tasks."""

import json
import re

import pytest

from autograder import paths
from autograder.authoring import pages

TOC = """
format: jb-book
root: book/index
parts:
  - numbered: 2
    chapters:
      - file: book/ridge/index
        sections:
          - file: book/ridge/exercises
"""
CHAPTER = "(ch-ridge)=\n# Ridge\n\n(sec-a)=\n## The *closed* form\n\n```{math}\n:label: eq-a\nx = 1\n```\n"
TASK = """```{{task}} ridge.solve
:object: ridge.solve
:kind: {kind}
:points: 2
:title: Solve it

Use {{eq}}`eq-a` from {{ref}}`sec-a`, or {{ref}}`words <sec-a>`.

:::{{hint}}
First.
:::

More prose.

:::{{hint}}
Second, see {{ref}}`sec-a`.
:::
```
"""
MODULE = (
    'import numpy as np\n\n\ndef solve(X):\n    """By {eq}`eq-a`."""\n'
    "    return np.ones(2)\n    ### BEGIN SOLUTION\n    return base(X)\n"
    "    ### END SOLUTION\n\n\ndef base(X):\n    ### BEGIN SOLUTION\n    return X\n    ### END SOLUTION\n"
)


@pytest.fixture
def house(tmp_path):
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "book" / "ridge").mkdir(parents=True)
    (tmp_path / "solutions" / "shrinkage").mkdir(parents=True)
    (tmp_path / "solutions" / "shrinkage" / "ridge.py").write_text(MODULE)
    (tmp_path / "book" / "index.md").write_text("# Home\n")
    (tmp_path / "book" / "ridge" / "index.md").write_text(CHAPTER)

    def write(exercises):
        (tmp_path / "book" / "ridge" / "exercises.md").write_text(exercises)
        return tmp_path

    return write


def test_a_task_is_read_whole(house):
    root = house("(sec-x)=\n# Exercises\n\nIntro.\n\n" + TASK.format(kind="implement") + "\nOutro.\n")
    intro, task, outro = pages.exercise_cells("ridge", root)
    assert (intro.text, outro.text) == ("# Exercises\n\nIntro.", "Outro.")
    assert task.text == ("Use (1.1) from 1.1, “The closed form”, or words.\n\n\nMore prose.")
    info = task.task
    assert (info.id, info.kind, info.points, info.title) == ("ridge.solve", "implement", 2.0, "Solve it")
    assert info.hints == ("First.", "Second, see 1.1, “The closed form”.")
    assert info.imports == "import numpy as np\n"
    gap = "    # YOUR CODE HERE\n    raise NotImplementedError()\n"
    assert info.stub == f'def solve(X):\n    """By (1.1)."""\n    return np.ones(2)\n{gap}'
    assert info.prerequisites == ("ridge.base",)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\n% c\nb", "a\nb"),
        ("% c\n% d\n\nb", "\nb"),
        ("- a\n  % c\n- b", "- a\n- b"),
        ("```python\n% c\n```\n% d", "```python\n% c\n```"),
        ("$$\n% c\nx\n$$", "$$\n% c\nx\n$$"),
        ("a\n\n    % c", "a\n\n    % c"),
        ("5\n%", "5"),
        ("5 % of it", "5 % of it"),
    ],
)
def test_comments_go_and_code_and_formulas_stay(text, left):
    assert pages.places.without_comments(text) == left


def test_a_manifest_survives_being_written_and_read(house):
    manifest = pages.read_manifest(house("# E\n\n" + TASK.format(kind="implement")))
    assert type(manifest).loads(manifest.dumps()) == manifest
    assert manifest.chapters[0].title == "Ridge"
    assert manifest.where("eq-a") == "Ridge, (1.1), “The closed form” (ridge/index.html#eq-a)"


@pytest.mark.parametrize(
    ("exercises", "said"),
    [
        (TASK.format(kind="implement") * 2, "stands twice"),
        (TASK.format(kind="guess"), "kind 'guess'"),
        (TASK.format(kind="implement").replace(":points: 2\n", ""), "line 1: task 'ridge.solve' needs the option"),
        (TASK.format(kind="implement").replace("} ridge.solve", "} Ridge"), "not a task id"),
        (TASK.format(kind="implement").replace(": ridge.solve", ": ridge.absent"), "absent"),
    ],
)
def test_a_page_that_breaks_the_grammar_says_where(house, exercises, said):
    with pytest.raises(pages.PageError, match=said):
        pages.exercise_cells("ridge", house(exercises))


BROKEN = """````{task} ridge.base
:object: ridge.base
:kind: diagnose
:points: 2
:title: Repair it

Prose.

```{broken}
        if X is None:
            return 0
        return X + 1
```

:::{hint}
A hint.
:::
````
"""


def test_a_definition_to_repair_holds_the_wrong_lines_where_the_right_ones_were(house):
    cell = pages.exercise_cells("ridge", house("# E\n\n" + BROKEN))[-1]
    assert cell.task.stub == "def base(X):\n    if X is None:\n        return 0\n    return X + 1\n"
    assert not cell.task.has_gaps
    assert cell.text == "Prose."
    assert cell.task.hints == ("A hint.",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("```{broken}", "```{broken}\npass\n```\n\n```{broken}", "line 3: ridge.base: 1 marked gap .* there are 2"),
        (BROKEN[BROKEN.index("```{broken}") : BROKEN.index(":::")], "", "line 3: ridge.base: 1 marked gap .* are 0"),
        ("        return X + 1", "    return X + 1", "line 3: ridge.base: the lines of {broken} give no valid Python"),
        ("return X + 1", "raise NotImplementedError(", "give no valid Python"),
        (":kind: diagnose", ":kind: implement", "line 11: only a task of kind 'diagnose' has {broken}"),
        (":kind: diagnose", ":kind: predict", "line 3: a task of kind 'predict' takes no option ':object:'"),
        (":object: ridge.base\n", "", "line 3: a task of kind 'diagnose' needs option ':object:'"),
    ],
)
def test_a_faulty_exercise_in_diagnosis_says_where(house, old, new, said):
    assert old in BROKEN
    with pytest.raises(pages.PageError, match=f"book/ridge/exercises.md, .*{said}"):
        pages.exercise_cells("ridge", house("# E\n\n" + BROKEN.replace(old, new)))


def test_a_wrong_line_cannot_hold_a_right_one_that_must_not_leave(house):
    root = house("# E\n\n" + BROKEN.replace("return X + 1", "return np.linalg.solve(X, X) / 2"))
    module = root / "solutions" / "shrinkage" / "ridge.py"
    module.write_text(MODULE.replace("return X\n", "return np.linalg.solve(X, X)\n"))
    with pytest.raises(pages.PageError, match="between markers: mark only what is wrong"):
        pages.exercise_cells("ridge", root)


def test_a_manifest_of_an_older_or_a_newer_version_is_read(house):
    manifest = pages.read_manifest(house("# E\n\n" + TASK.format(kind="implement")))
    plain = json.loads(manifest.dumps())
    task = plain["chapters"][0]["tasks"][0]
    for name in ("asks", "inputs", "parameters", "tools"):
        del task[name]
    assert type(manifest).loads(json.dumps(plain | {})).chapters[0].tasks[0].parameters == ()
    task["of_tomorrow"] = 1
    assert type(manifest).loads(json.dumps(plain)).chapters[0].tasks[0].id == "ridge.solve"


@pytest.mark.parametrize(
    ("config", "url"),
    [
        ("", ""),
        ("html:\n  baseurl: https://example.org/shrinkage/\n", "https://example.org/shrinkage/book/"),
        ("sphinx:\n  config:\n    html_baseurl: https://example.org\n", "https://example.org/book/"),
    ],
)
def test_the_book_is_where_its_settings_say(house, config, url):
    root = house("# E\n\n" + TASK.format(kind="implement"))
    (root / "_config.yml").write_text(config)
    assert pages.read_manifest(root).book_url == url


SEVERAL = """# B

## Unlabelled

````{prf:theorem}
:label: thm-b
```{math}
:label: eq-inside
x
```
````

(sec-b)=
## Second

$$ y $$ (eq-dollar)

```{math}
z
```

### Third level

(sec-deep)=
### Deep
"""


def test_numbers_count_as_the_book_does(house):
    root = house("(sec-x)=\n# Exercises\n")
    (root / "_toc.yml").write_text(TOC + "      - file: book/b\n  - chapters:\n      - file: book/back\n")
    (root / "book" / "b.md").write_text(SEVERAL)
    (root / "book" / "back.md").write_text("(sec-back)=\n# Back\n\n```{math}\n:label: eq-back\nx\n```\n")
    found = {s.label: s.number for s in pages.places.sections(root)}
    assert found == {
        "ch-ridge": "1",
        "sec-a": "1.1",
        "eq-a": "(1.1)",
        "sec-x": "1.2",
        "thm-b": "",
        "eq-inside": "(2.1)",
        "sec-b": "2.2",
        "eq-dollar": "(2.2)",
        "sec-deep": "",
        "sec-back": "",
        "eq-back": "(1)",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the table {cite:p}`longley1967` is known", "the table [Longley, 1967] is known"),
        ("{cite:t}`hoerl1970` (doi)", "Hoerl and Kennard [1970] (doi)"),
        ("so {cite}`golub1979,longley1967`.", "so [Golub et al., 1979; Longley, 1967]."),
    ],
)
def test_a_source_is_named_by_authors_and_year(text, said):
    assert pages.places.in_words(text, pages.places.lookup()) == said


def test_numbers_are_those_of_the_built_book():
    site = paths.BUILD / "site" / "book"
    if not site.is_dir():
        pytest.skip("the book is not built")
    for section in pages.places.sections():
        text = (site / f"{section.page}.html").read_text(encoding="utf-8")
        if section.label.startswith("eq-"):
            place = text.index(f'id="equation-{section.label}"')
            assert re.search(r"eqno\">(\([\d.]+\))", text[place:])[1] == section.number
        elif section.number:
            place = text.index(f'id="{section.label}"')
            assert re.search(r"section-number\">([\d.]+)\. <", text[place:])[1] == section.number

"""An exercise page is the one source of its tasks."""

import pytest

from autograder.authoring import pages

TOC = """
format: jb-book
root: book/index
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
    "import numpy as np\n\n\ndef solve(X):\n    return np.ones(2)\n    ### BEGIN SOLUTION\n    return base(X)\n"
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
    assert task.text == (
        "Use the equation in “The closed form” from “The closed form”, or words.\n\n\nMore prose."
    )
    info = task.task
    assert (info.id, info.kind, info.points, info.title) == ("ridge.solve", "implement", 2.0, "Solve it")
    assert info.hints == ("First.", "Second, see “The closed form”.")
    assert info.imports == "import numpy as np\n"
    assert info.stub == "def solve(X):\n    return np.ones(2)\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
    assert info.prerequisites == ("ridge.base",)


def test_a_manifest_survives_being_written_and_read(house):
    manifest = pages.read_manifest(house("# E\n\n" + TASK.format(kind="implement")))
    assert type(manifest).loads(manifest.dumps()) == manifest
    assert manifest.chapters[0].title == "Ridge"
    assert "closed form" in manifest.where("eq-a")


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

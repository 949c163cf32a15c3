"""Laws of the authors' page: what it shows, put where it says, is an exercise that the gate lets through."""

import pytest
import walk

from autograder import paths
from autograder.authoring import pages

PAGE = (paths.BOOK / "authors" / "index.md").read_text(encoding="utf-8")
TASK = "ridge.penalty_value"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house after the page has been followed to the letter."""
    found = walk.copied(paths.ROOT, tmp_path_factory.mktemp("house"))
    code, said = walk.ran(f"autograder new {TASK}", found)
    assert code == 0, said
    walk.apply(PAGE, found)
    return found


def test_the_exercise_of_the_page_passes_the_gate(house):
    code, said = walk.ran(f"autograder check {TASK} --sets 1", house)
    assert code == 0, said
    assert "FAILS" not in said


def test_the_house_itself_has_no_such_exercise(house):
    assert pages.read_manifest(house).task(TASK) is not None
    assert pages.read_manifest().task(TASK) is None


def test_every_block_with_a_path_is_put_there(house):
    blocks = walk.BLOCK.findall(PAGE)
    assert len(blocks) > 9
    for _, place, block in blocks:
        text = (house / place).read_text(encoding="utf-8")
        assert all(line in text for line in block.splitlines()), place
    assert not list(house.glob("tests/*/*/todo-*"))


def test_a_definition_takes_the_place_of_the_one_of_its_name_and_of_nothing_else():
    before = "import numpy\n\n\ndef f():\n    return 1\n\n\nA = (\n    1,\n)\n\n\ndef g():\n    return f()\n"
    after = walk.put(before, "def f():\n    # two\n    return 2\n\n\nA = 3\n")
    assert after == "import numpy\n\n\ndef f():\n    # two\n    return 2\n\n\nA = 3\n\n\ndef g():\n    return f()\n"


def test_an_exercise_takes_the_place_of_its_own_block():
    before = "# Page\n\n```{task} a.b\nold\n```\n\n````{task} a.c\nold\n```\nx\n```\n````\nend\n"
    after = walk.put(before, "````{task} a.c\nnew\n````\n")
    assert after == "# Page\n\n```{task} a.b\nold\n```\n\n````{task} a.c\nnew\n````\nend\n"

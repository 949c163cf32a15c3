"""Whatever is handed in, nbgrader gets the release's cells with the student's answers in them."""

import copy
import itertools
import json
import os

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator

from autograder import ids, repair, submission

ANSWER = "# task: ridge.closed_form\ndef closed_form(X, y, lam):\n    return 'mine'"
TASK, CHECK = "ridge--closed_form", "ridge--closed_form--check"


@pytest.fixture
def answered(master, by_id):
    nb = json.loads(nbformat.writes(master))
    by_id(nb)[TASK]["source"] = ANSWER
    return nb


def mend(nb, master):
    made = repair.repaired(repair.given(nb["cells"]), master)
    nbformat.validate(made)
    MetadataValidator().validate_nb(made)
    released = [c.id for c in master.cells]
    assert [c.id for c in made.cells if not c.id.startswith("own-")] == released
    return made, made.metadata.shrinkage["repairs"]


def test_an_untouched_submission_needs_no_repair(answered, master, by_id):
    made, said = mend(answered, master)
    assert said == []
    assert by_id(made)[TASK].source == ANSWER
    assert by_id(made)[CHECK].source == 'check("ridge.closed_form")'


def test_of_duplicated_solutions_the_last_counts_and_the_first_stays_readable(answered, master, by_id):
    first = copy.deepcopy(by_id(answered)[TASK])
    first["source"] = "first = 1"
    answered["cells"].insert(0, first)
    made, said = mend(answered, master)
    assert by_id(made)[TASK].source == ANSWER
    assert any(c.source == "first = 1" for c in made.cells)
    assert said[0] == "the cell of ridge.closed_form occurs more than once; the last one counts"


def test_a_later_duplicate_that_is_no_code_gives_way(answered, master, by_id):
    answered["cells"].append({**copy.deepcopy(by_id(answered)[TASK]), "cell_type": "markdown", "source": "text"})
    made, _ = mend(answered, master)
    assert by_id(made)[TASK].source == ANSWER


def test_a_duplicated_graded_cell_is_single_again(answered, master, by_id):
    place = answered["cells"].index(by_id(answered)[CHECK])
    answered["cells"].insert(place, copy.deepcopy(by_id(answered)[CHECK]))
    made, said = mend(answered, master)
    assert [c.source for c in made.cells].count('check("ridge.closed_form")') == 1
    assert said == ["the graded cell of ridge.closed_form occurs more than once; the released one is used"]


def test_a_deleted_graded_cell_is_back(answered, master, by_id):
    answered["cells"].remove(by_id(answered)[CHECK])
    made, said = mend(answered, master)
    assert by_id(made)[CHECK].source == 'check("ridge.closed_form")'
    assert said == ["the graded cell of ridge.closed_form was missing; it has been put back as released"]


def test_a_retyped_cell_has_its_type_again(answered, master, by_id):
    by_id(answered)[CHECK]["cell_type"] = "markdown"
    by_id(answered)["ridge--always_better"].update(cell_type="code", source="a proof", outputs=[])
    made, said = mend(answered, master)
    assert by_id(made)[CHECK].cell_type == "code"
    assert by_id(made)["ridge--always_better"].cell_type == "markdown"
    assert by_id(made)["ridge--always_better"].source == "a proof"
    assert len(said) == 2


def test_moved_cells_stand_in_their_first_order(answered, master):
    answered["cells"].reverse()
    _, said = mend(answered, master)
    assert "cells had been moved; they stand in their first order again" in said


def test_a_changed_graded_cell_has_its_released_text_and_points(answered, master, by_id):
    cell = by_id(answered)[CHECK]
    cell["source"] = "2.0"
    cell["metadata"]["nbgrader"]["points"] = 100
    made, said = mend(answered, master)
    assert by_id(made)[CHECK].source == 'check("ridge.closed_form")'
    assert by_id(made)[CHECK].metadata.nbgrader.points == 2
    (sentence,) = said
    assert sentence.startswith("the graded cell of ridge.closed_form is locked and had been changed")


def test_a_students_own_cells_stay_where_they_stood_without_what_they_carry(answered, master, by_id):
    place = answered["cells"].index(by_id(answered)[TASK]) + 1
    own = {
        "cell_type": "code",
        "source": ["x = 1\n", "x"],
        "metadata": {"tags": ["</div><script>"], "nbgrader": {"grade": True, "grade_id": "invented", "points": 50}},
        "outputs": [{"output_type": "display_data", "data": {"text/html": "<script>alert(1)</script>"}}],
    }
    answered["cells"].insert(place, own)
    made, _ = mend(answered, master)
    found = next(c for c in made.cells if c.source == "x = 1\nx")
    assert made.cells[made.cells.index(found) - 1].id == TASK
    assert (found.metadata, found.outputs) == ({}, [])


@pytest.mark.parametrize(
    "metadata",
    [None, [], "x", {"nbgrader": None}, {"nbgrader": []}, {"nbgrader": {"grade_id": ["a"]}}, {"nbgrader": {1: {}}}],
)
def test_odd_metadata_harms_nothing(answered, master, metadata):
    answered["cells"][4]["metadata"] = metadata
    mend(answered, master)


@pytest.mark.parametrize("cells", [None, {}, "cells", [], [1, None, [], {}], [{"cell_type": "code", "source": 3}]])
def test_cells_of_any_shape_become_the_release(master, cells):
    made, said = mend({"cells": cells}, master)
    # Every cell that is answered or graded is named; prose and what comes with it is put back without a word.
    ours = [c.metadata.nbgrader for c in master.cells]
    assert len(said) == len([flags for flags in ours if flags.grade or flags.solution])
    assert len(made.cells) == len(master.cells)


def test_changed_or_missing_prose_is_restored_without_a_word(answered, master, by_id):
    by_id(answered)["ridge--closed_form--text"]["source"] = "other words"
    answered["cells"].remove(by_id(answered)["ridge--start--after"])
    made, said = mend(answered, master)
    assert said == []
    assert by_id(made)["ridge--closed_form--text"].source == by_id(master)["ridge--closed_form--text"].source


def test_text_that_reorders_a_line_is_shown_as_replaced(answered, master, by_id):
    by_id(answered)[TASK]["source"] = "x = 1  # \u202e\x1b[2J"
    made, _ = mend(answered, master)
    assert by_id(made)[TASK].source == "x = 1  # \ufffd\ufffd[2J"


def test_what_nobody_reads_is_cut(answered, master, by_id):
    by_id(answered)[TASK]["source"] = "#" * (repair.MAX_SOURCE + 1)
    answered["cells"] += [{"cell_type": "code", "source": "x", "metadata": {}}] * (repair.MAX_OWN_CELLS + 50)
    made, said = mend(answered, master)
    assert len(by_id(made)[TASK].source) == repair.MAX_SOURCE
    assert len(made.cells) == len(master.cells) + repair.MAX_OWN_CELLS
    assert len(said) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"cells": 1}', b"[" * 100_000])
def test_an_unreadable_file_is_the_release_and_says_so(tmp_path, master, content):
    path = tmp_path / "ridge.ipynb"
    path.write_bytes(content)
    made = repair.load(path, master)
    assert [c.source for c in made.cells] == [c.source for c in master.cells]
    assert made.metadata.shrinkage["repairs"][0].startswith("ridge.ipynb: ")


def test_a_link_is_not_followed(tmp_path, master):
    (tmp_path / "secret").write_text('{"cells": [{"cell_type": "code", "source": "the secret", "metadata": {}}]}')
    os.symlink(tmp_path / "secret", tmp_path / "ridge.ipynb")
    made = repair.load(tmp_path / "ridge.ipynb", master)
    assert "links are not followed" in made.metadata.shrinkage["repairs"][0]
    assert "the secret" not in nbformat.writes(made)


SOURCES = ["# task: ridge.closed_form\n1", "# task: ridge.dual_coef\n2", "# task: ridge.nonsense\n3", "plain", ""]
IDS = ["", TASK, "ridge--dual_coef", CHECK, "ridge--always_better", "ridge--nonsense", "lasso--path"]
CELL = st.builds(
    lambda kind, source, name: {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": name}}},
    st.sampled_from(["code", "markdown", "raw"]),
    st.sampled_from(SOURCES),
    st.sampled_from(IDS),
)


@given(st.lists(CELL, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_page_shows_the_answers_that_the_judge_reads(master, manifest, by_id, cells):
    data = json.dumps({"nbformat": 4, "cells": cells}).encode()
    read = submission.parse(data, asked=submission.wanted(manifest.chapter("ridge")))
    made, said = mend({"cells": cells}, master)
    for name, cell in by_id(made).items():
        task = ids.task(name)
        if task in read.cells and name == ids.cell(task):
            assert cell.source == read.cells[task]
        elif cell.cell_type == "code" and name == ids.cell(task or "ridge.none"):
            assert cell.source == by_id(master)[name].source
    assert set(read.problems) <= set(said)


def test_for_every_released_id_type_and_first_line_judge_and_page_choose_alike(master, manifest, by_id):
    asked = submission.wanted(manifest.chapter("ridge"))
    released = json.loads(nbformat.writes(master))["cells"]
    lines = ["# task: ridge.closed_form", "# task: ridge.zeros", "# task: ridge.always_better", "no task"]
    for name, kind, line, kept in itertools.product(by_id(master), repair.NEW, lines, (True, False)):
        odd = {"cell_type": kind, "source": f"{line}\nodd = 1", "metadata": {"nbgrader": {"grade_id": name}}}
        task = ids.cell(line.split()[2]) if line in lines[:2] else ""
        gone = {name} if kept else {name, task}
        cells = [c for c in released if c["metadata"]["nbgrader"]["grade_id"] not in gone] + [odd]
        read = submission.parse(json.dumps({"nbformat": 4, "cells": cells}).encode(), asked=asked).cells
        page = by_id(repair.repaired(repair.given(cells), master))
        stub = by_id(master)
        for cell in (c for c, t in asked.items() if t == "code" and not c.endswith("--check")):
            assert page[cell].source == read.get(ids.task(cell), stub[cell].source), (name, kind, line, kept)
        if task and not kept and not name.endswith("--check"):
            assert read[ids.task(task)] == odd["source"], (name, kind, line)

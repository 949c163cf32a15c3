"""A submitted notebook is data: read whole, never followed, never run."""

import json
import os

import pytest

from autograder import submission


def cell(grade_id, source, kind="code"):
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": grade_id}}}


def parse(*cells):
    return submission.parse(json.dumps({"nbformat": 4, "cells": list(cells)}).encode())


ASKED = {"ridge--closed_form": "code", "ridge--closed_form--check": "code", "ridge--dual_coef": "code"}
LINE = "# task: ridge.closed_form\n"


def asked(*cells):
    return submission.parse(json.dumps({"nbformat": 4, "cells": list(cells)}).encode(), "ridge.ipynb", ASKED)


@pytest.mark.parametrize("order", [1, -1])
def test_the_grade_id_counts_before_a_first_line_wherever_it_stands(order):
    found = asked(*[cell("ridge--closed_form", "a"), cell("", LINE + "b")][::order])
    assert found.cells == {"ridge.closed_form": "a"}
    assert found.problems == (
        "the cell of ridge.closed_form occurs more than once; the one in the notebook's own cell counts",
    )


@pytest.mark.parametrize("lost", ["", "elsewhere", "ridge--nonsense", "lasso--path"])
def test_a_lost_or_foreign_id_is_made_good_by_the_first_line(lost):
    found = asked(cell(lost, LINE + "b"))
    assert found.cells == {"ridge.closed_form": LINE + "b"}
    assert found.problems == ("the cell of ridge.closed_form had lost its id; it was recognised by its first line",)


def test_answers_in_each_others_cells_are_what_their_first_lines_say():
    other = "# task: ridge.dual_coef\n"
    found = asked(cell("ridge--closed_form", other), cell("ridge--dual_coef", LINE))
    assert found.cells == {"ridge.closed_form": LINE, "ridge.dual_coef": other}


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("name", ["ridge--closed_form", ""])
def test_an_answer_turned_into_text_counts_as_code_and_is_reported(kind, name):
    found = asked(cell(name, LINE, kind))
    assert found.cells == {"ridge.closed_form": LINE}
    assert f"the cell of ridge.closed_form was of type {kind}; it counts as code" in found.problems


def test_an_answer_turned_into_text_gives_way_to_code():
    found = asked(cell("ridge--closed_form", LINE + "code"), cell("ridge--closed_form", LINE, "markdown"))
    assert found.cells == {"ridge.closed_form": LINE + "code"}


@pytest.mark.parametrize("odd", [cell("", "# task: ridge.nonsense\n"), cell("lasso--path", "x")])
def test_an_unknown_task_is_reported_and_costs_nothing(odd):
    found = asked(cell("ridge--dual_coef", "x"), odd)
    assert found.cells == {"ridge.dual_coef": "x"}
    (said,) = found.problems
    assert "which is not in this assignment" in said


CELLS = [cell("ridge--closed_form", "x = 'é'"), cell("ridge--dual_coef", "y")]
NOTEBOOK = {"nbformat": 4, "metadata": {}, "cells": CELLS}
WHOLE = {"ridge.closed_form": "x = 'é'", "ridge.dual_coef": "y"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_any_unicode_is_read(encoding):
    assert submission.parse(json.dumps(NOTEBOOK, ensure_ascii=False).encode(encoding)).cells == WHOLE


def test_what_is_no_unicode_is_replaced_and_reported():
    found = submission.parse(json.dumps(NOTEBOOK, ensure_ascii=False).encode("latin-1"))
    assert found.cells["ridge.closed_form"] == "x = '\ufffd'"
    assert found.problems == ("characters that are no Unicode were replaced",)


@pytest.mark.parametrize("extra", ['"score": NaN', f'"count": {"9" * 5000}', '"cells": []'])
def test_odd_numbers_and_doubled_keys_are_read_past(extra):
    found = submission.parse(json.dumps(NOTEBOOK).replace("{", "{" + extra + ", ", 1).encode())
    assert found.cells == WHOLE


@pytest.mark.parametrize("version", [3, 5])
def test_other_formats_are_read_and_named(version):
    old = {"nbformat": version, "worksheets": [{"cells": [{**c, "input": c["source"]} for c in NOTEBOOK["cells"]]}]}
    for c in old["worksheets"][0]["cells"]:
        del c["source"]
    new = {**NOTEBOOK, "nbformat": version}
    for notebook in (old, new):
        found = submission.parse(json.dumps(notebook).encode())
        assert found.cells == WHOLE
        assert found.problems[0].startswith(f"the file is of notebook format {version}")


def test_of_a_file_cut_off_the_whole_cells_count():
    text = json.dumps(NOTEBOOK)
    found = submission.parse(text[: text.index('"y"')].encode())
    assert found.cells == {"ridge.closed_form": "x = 'é'"}
    assert found.problems == ("the file is damaged or cut off; only its first 1 cells could be read",)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"PK\x03\x04...", "a zip archive"),
        (b"# task: ridge.closed_form\ndef f(): ...", "a script or a text"),
        (b"import numpy as np\n", "a script or a text"),
    ],
)
def test_what_is_something_else_is_named(data, kind):
    with pytest.raises(submission.Unreadable, match=f"^ridge.ipynb: not a notebook, but {kind}; "):
        submission.parse(data, "ridge.ipynb")


def test_of_duplicates_the_last_counts_and_is_reported():
    found = parse(cell("ridge--closed_form", "first"), cell("ridge--closed_form", ["la", "st"]))
    assert found.cells == {"ridge.closed_form": "last"}
    assert "more than once" in found.problems[0]


def test_a_duplicated_graded_cell_is_reported():
    check = cell("ridge--closed_form--check", "check()")
    assert "graded cell of ridge.closed_form occurs more than once" in parse(check, check).problems[0]


def test_graded_and_prose_cells_are_no_solutions():
    assert parse(cell("ridge--closed_form--check", "x"), cell("ridge--closed_form", "x", "markdown")).cells == {}


@pytest.mark.parametrize(
    "odd",
    [
        None,
        3,
        [],
        {"cell_type": "code", "metadata": None},
        {"cell_type": "code", "metadata": {"nbgrader": []}},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": 7}}},
        cell("ridge--closed_form", {"a": 1}),
        cell("ridge--closed_form--evil--check", "x"),
    ],
)
def test_odd_cells_are_passed_over(odd):
    assert parse(odd, cell("ridge--dual_coef", "x")).cells == {"ridge.dual_coef": "x"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b'{"cells": [', "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b"[]", "no list of cells"),
        (b'{"worksheets": []}', "no list of cells"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(data, said):
    with pytest.raises(submission.Unreadable, match=said):
        submission.parse(data)


def test_lone_surrogates_cannot_stop_a_later_stage():
    found = submission.parse(
        b'{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'",'
        b' "metadata": {"nbgrader": {"grade_id": "ridge--closed_form"}}}]}'
    )
    found.cells["ridge.closed_form"].encode()


def test_links_pipes_and_big_files_are_not_read(tmp_path):
    real = tmp_path / "real.ipynb"
    real.write_bytes(b"{}")
    (tmp_path / "link.ipynb").symlink_to(real)
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    with open(tmp_path / "big.ipynb", "wb") as big:
        big.truncate(submission.MAX_BYTES + 1)
    for name in ("link", "pipe", "folder", "big", "absent"):
        with pytest.raises(submission.Unreadable, match=name):
            submission.read_plain_file(tmp_path / f"{name}.ipynb")

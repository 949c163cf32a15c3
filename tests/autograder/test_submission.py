"""A submitted notebook is data: read whole, never followed, never run."""

import json
import os

import pytest

from autograder import submission


def cell(grade_id, source, kind="code"):
    return {"cell_type": kind, "source": source, "metadata": {"nbgrader": {"grade_id": grade_id}}}


def parse(*cells):
    return submission.parse(json.dumps({"nbformat": 4, "cells": list(cells)}).encode())


def test_only_the_grade_id_identifies_a_solution():
    found = parse(cell("ridge--closed_form", "a"), cell("elsewhere", "# task: ridge.dual_coef"), {"cell_type": "code"})
    assert found.cells == {"ridge.closed_form": "a"}


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

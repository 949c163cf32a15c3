"""What nbgrader is given, and what it makes of it."""

import builtins
import copy
import symtable

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder import gradebook, ids, paths, repair, student
from autograder.authoring import notebooks, pages, prerequisites, slicing
from autograder.authoring.pages import PageCell
from autograder.nbgrader_run import NbgraderFailed


def graded(nb):
    return [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade")]


def test_source_is_valid_for_nbformat_and_for_nbgrader(source):
    nbformat.validate(source)
    MetadataValidator().validate_nb(source)


def test_the_same_page_gives_the_same_bytes(source, manifest):
    again = notebooks.source_notebook(pages.exercise_cells("ridge"), manifest, "ridge")
    assert nbformat.writes(again) == nbformat.writes(source)


def test_every_task_has_one_graded_cell_with_its_points(source, manifest):
    chapter = manifest.chapter("ridge")
    expected = {(ids.cell(t.id) if notebooks.is_written(t) else ids.check_cell(t.id)): t.points for t in chapter.tasks}
    found = [(c.metadata.nbgrader.grade_id, c.metadata.nbgrader.points) for c in graded(source)]
    assert len(found) == len(chapter.tasks)
    assert dict(found) == expected


def test_only_solution_cells_may_be_changed(source):
    for cell in source.cells:
        flags = cell.metadata.nbgrader
        assert flags.solution != (flags.locked or cell.metadata.get("editable") is False)


def test_no_cell_but_a_tasks_own_is_taken_for_a_task(source, manifest):
    tasks = {t.id for t in manifest.chapter("ridge").tasks}
    assert {t for c in source.cells if (t := ids.task(c.id))} == tasks


def test_release_is_the_stub_byte_for_byte(master, manifest, by_id):
    cells = by_id(master)
    for task in manifest.chapter("ridge").tasks:
        if task.object:
            name = task.object.split(".")[1]
            assert slicing.cut(cells[ids.cell(task.id)].source, name) == task.stub
            assert cells[ids.cell(task.id)].source == f"# task: {task.id}\n{task.imports}\n{task.stub}".rstrip("\n")


def test_the_source_never_holds_the_reference(source):
    files = prerequisites.sources(paths.SOLUTIONS / "shrinkage")
    secrets = {line for text in files.values() for line in slicing.secrets(text)}
    assert len(secrets) > 10
    text = nbformat.writes(source)
    assert not [line for line in secrets if line in text]


def test_a_marked_gap_is_cleared_to_the_same_stub():
    stub = "def f(x):\n    y = 1\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
    marked = notebooks.with_markers(stub)
    assert slicing.BEGIN in marked
    assert slicing.strip(marked) == stub
    with pytest.raises(ValueError, match="no gap"):
        notebooks.with_markers("def f(x):\n    return x\n")


def test_an_unanswered_prediction_does_not_stop_a_run_of_all_cells(master, by_id):
    cell = by_id(master)["ridge--zeros"]
    space = {}
    exec(cell.source, space)
    assert space["answer"] is None
    exec(cell.source.replace("answer = None", 'answer = "b"'), space)
    assert space["answer"] == "b"
    assert slicing.task_of(cell.source) == "ridge.zeros"
    assert cell.metadata.nbgrader.solution


def test_written_work_is_one_cell_for_a_person(source, by_id):
    cell = by_id(source)["ridge--always_better"]
    assert cell.cell_type == "markdown"
    assert cell.metadata.nbgrader.grade
    assert cell.metadata.nbgrader.solution


def test_hints_are_shown_on_demand_and_not_written_into_the_notebook(source, manifest):
    everything = "\n".join(c.source for c in source.cells)
    for task in manifest.chapter("ridge").tasks:
        assert (f'hint("{task.id}")' in everything) == bool(task.hints)
        assert not [hint for hint in task.hints if hint in everything]


def test_the_stamp_travels_in_code_and_metadata(master):
    started = next(c for c in master.cells if c.id == "ridge--start-here")
    assert 'start("ridge", bundle="test-bundle", student=globals().get("student", ""))' in started.source
    assert master.metadata.shrinkage == {"assignment": "ridge", "bundle": "test-bundle"}


def test_releasing_again_gives_the_same_release(classroom):
    path = classroom.course.released / "ridge" / "ridge.ipynb"
    before = path.read_bytes()
    assert notebooks.generate_assignment(classroom.course.root, "ridge") == path
    assert path.read_bytes() == before


def test_a_release_that_nbgrader_refuses_leaves_the_old_one(classroom, source):
    course = classroom.course
    classroom.hand_in("ada")
    gradebook.commit(course, [classroom.result("ada")])
    path = course.released / "ridge" / "ridge.ipynb"
    before = path.read_bytes()
    fewer = copy.deepcopy(source)
    del fewer.cells[-1]
    (course.source / "ridge" / "ridge.ipynb").write_text(nbformat.writes(fewer))
    with pytest.raises(NbgraderFailed, match="Cannot add or remove cells"):
        notebooks.generate_assignment(course.root, "ridge")
    assert path.read_bytes() == before
    assert not (course.root / ".releasing").exists()


def test_a_paragraph_can_be_added_changed_and_dropped_while_a_class_works(classroom, manifest, by_id):
    """nbgrader refuses a release with other cells than what was handed in; text between tasks is none of its cells."""
    course = classroom.course
    page = pages.exercise_cells("ridge")
    place = next(i for i, cell in enumerate(page) if cell.task) + 1
    handed_in = classroom.hand_in("ada")
    gradebook.commit(course, [classroom.result("ada")])
    more = PageCell("markdown", "A word on what was asked in the lecture.")
    changed = [PageCell("markdown", "Another introduction."), *page[1:place], more, *page[place:]]
    assert page[0].task is None
    for cells in (changed, page[1:], page):
        source = notebooks.source_notebook(cells, manifest, "ridge")
        (course.source / "ridge" / "ridge.ipynb").write_text(nbformat.writes(source))
        released = nbformat.read(notebooks.generate_assignment(course.root, "ridge"), as_version=4)
        assert [c.source for c in released.cells if c.cell_type == "markdown"] == [
            c.source for c in source.cells if c.cell_type == "markdown"
        ]
        # What was handed in before fits the new release, whose text it gets.
        repaired = repair.load(handed_in, released)
        assert [c.source for c in repaired.cells] == [c.source for c in released.cells]
        assert repaired.metadata.shrinkage.repairs == []


def test_the_first_cell_asks_for_the_student_where_numbers_differ(master, source, manifest):
    first = master.cells[0]
    assert first.source == source.cells[0].source
    assert first.metadata.nbgrader.solution
    assert not first.metadata.nbgrader.locked
    assert ids.task(first.metadata.nbgrader.grade_id) is None
    alike = [c for c in pages.exercise_cells("ridge") if not (c.task and c.task.parameters)]
    cells = notebooks.source_notebook(alike, manifest, "ridge").cells
    assert not [c for c in cells if "student" in c.id or "student=" in c.source]
    how = {c.id: c.source for c in (*source.cells, *cells) if c.id.endswith("--how-to-work")}
    assert "Run the cell above once." in how["ridge--how-to-work"]
    assert "Run the two cells above, in order, once." in source.cells[2].source


def test_the_second_cell_alone_is_no_error(source, monkeypatch):
    asked = []
    monkeypatch.setattr(student, "start", lambda slug, **more: asked.append(more["student"]))
    for given in ({}, {"student": "ada"}):
        exec(source.cells[1].source, given)
    assert asked == ["", "ada"]


def test_inputs_stand_in_a_locked_cell_above_the_cell_that_uses_them(master, manifest):
    cells = [(c.metadata.nbgrader.grade_id, c) for c in master.cells]
    for task in manifest.chapter("ridge").tasks:
        place = next(i for i, (name, _) in enumerate(cells) if name == ids.cell(task.id))
        above = cells[place - 1][1]
        assert ("inputs_of" in above.source) == bool(task.inputs)
        if task.inputs:
            assert above.source == f'inputs = inputs_of("{task.id}")'
            assert above.metadata.nbgrader.locked
            assert all(f'inputs["{name}"]' in cells[place][1].source for name in task.inputs)


def test_the_notebook_ends_with_a_check_of_everything(master):
    assert master.cells[-1].source == 'check_all("ridge")'
    assert master.cells[-1].metadata.nbgrader.locked
    assert not master.cells[-1].metadata.nbgrader.grade


def test_an_instructors_settings_are_not_overwritten(tmp_path):
    notebooks.write_course_config(tmp_path)
    path = tmp_path / "nbgrader_config.py"
    path.write_text(path.read_text() + "# mine\n")
    notebooks.write_course_config(tmp_path)
    assert path.read_text().endswith("# mine\n")


def test_a_failure_of_nbgrader_is_one_sentence_that_says_why(classroom):
    with pytest.raises(NbgraderFailed, match=r"nbgrader could not convert 'lasso': .*No notebooks were matched"):
        notebooks.generate_assignment(classroom.course.root, "lasso")


def test_a_judged_stub_is_spliceable(master, manifest, by_id):
    # The released cell, unchanged, must be refused by nobody: it fails only when it is called.
    files = prerequisites.sources(paths.SOLUTIONS / "shrinkage")
    for task in manifest.chapter("ridge").tasks:
        if task.object:
            module, name = task.object.rsplit(".", 1)
            text = files[prerequisites.module_file(module, files)]
            spliced = slicing.splice(text, name, by_id(master)[ids.cell(task.id)].source)
            assert ("raise NotImplementedError()" in slicing.cut(spliced, name)) == task.has_gaps


@pytest.mark.parametrize("slug", pages.chapters())
def test_no_key_of_a_source_survives_in_a_cell(slug, manifest):
    made = notebooks.source_notebook(pages.exercise_cells(slug), manifest, slug)
    texts = [cell.source for cell in made.cells] + [hint for t in manifest.chapter(slug).tasks for hint in t.hints]
    keys = pages.places.cited()
    assert len(keys) > 10
    assert not [(key, text) for key in keys for text in texts if key in text or "{cite" in text]


def _looked_up(table):
    """Names that the functions of a module look for in the module."""
    for child in table.get_children():
        yield from (s.get_name() for s in child.get_symbols() if s.is_global() and s.is_referenced())
        yield from _looked_up(child)


@pytest.mark.parametrize("slug", pages.chapters())
def test_a_cell_as_given_can_be_called_by_hand(slug, manifest):
    """Each by itself: a name that another task's cell happens to import is not at hand in it."""
    made = {c.id: c for c in notebooks.source_notebook(pages.exercise_cells(slug), manifest, slug).cells}
    tools = made.get(f"{slug}--start-tools")
    for task in manifest.chapter(slug).tasks:
        if task.object:
            at_hand = {}
            exec(tools.source if tools else "", at_hand)
            cell = made[ids.cell(task.id)].source
            exec(cell, at_hand)
            assert set(_looked_up(symtable.symtable(cell, "cell", "exec"))) <= {*at_hand, *vars(builtins)}, task.id


@pytest.mark.parametrize("slug", pages.chapters())
def test_no_comment_of_the_page_is_text_of_the_notebook(slug, manifest):
    made = notebooks.source_notebook(pages.exercise_cells(slug), manifest, slug)
    texts = [c.source for c in made.cells if c.cell_type == "markdown"]
    texts += [hint for task in manifest.chapter(slug).tasks for hint in task.hints]
    for text in texts:
        assert pages.places.without_comments(text) == text
        assert text.strip()

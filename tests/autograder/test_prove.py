"""Laws of the gate: what is wrong with an exercise is a finding that says on which inputs and who looks alike."""

from dataclasses import replace

import numpy as np
import pytest

from autograder import leaks, prove
from autograder.authoring import assemble, evidence, known, pages, todo, wording
from autograder.checks import tasks
from autograder.checks.answers import AnswerTask, number, within
from autograder.checks.base import Outcome
from autograder.verdict import CheckResult, Verdict

ID = "ridge.filter_factors"


@pytest.fixture(scope="module")
def manifest():
    return pages.read_manifest()


@pytest.fixture
def findings(manifest, monkeypatch):
    """The gate for one task, with mutants and variants of the test's own."""

    def run(mutants=(), variants=()):
        monkeypatch.setattr(known, "mutants", lambda _: list(mutants))
        monkeypatch.setattr(known, "variants", lambda _: list(variants))
        return [f for f in prove.prove(manifest, 1, ID) if not f.holds and f.what.startswith(("mutant", "variant"))]

    return run


def cell(manifest, expression):
    head = f"# task: {ID}\nimport numpy as np\n\n\ndef filter_factors(d, n, lam):\n"
    return known.Known("toy", ID, f"{head}    return {expression}\n", "agrees", "words", "sec-ridge-svd")


def test_a_mutant_that_does_what_the_reference_does_is_told_so_with_inputs(manifest, findings):
    same = replace(cell(manifest, "0"), cell=known.reference_cell(manifest.task(ID)))
    (found,) = findings([same])
    assert "it returns what the reference returns on all" in found.saw
    assert "d = [" in found.saw


def test_a_mutant_that_passes_although_it_is_wrong_names_the_checks_that_looked(manifest, findings, monkeypatch):
    task = tasks("ridge")[ID]
    loose = replace(task, checks=tuple(c for c in task.checks if c.gate))
    monkeypatch.setattr(prove, "checks_of", lambda _: {**tasks("ridge"), ID: loose})
    (found,) = findings([cell(manifest, "np.ones(len(d))")])
    assert "none of finite, runs, shape notices" in found.saw
    assert "came back [1., 1., 1." in found.saw


def test_mutants_that_look_alike_are_named_with_the_cases_on_which_they_do(manifest, findings):
    wrong = cell(manifest, "d / (d + n * lam)")
    twins = [replace(wrong, name=name) for name in ("one", "two", "three")]
    found = findings(twins)
    assert len(found) == 3
    assert "taken for two: the same on" in found[0].saw
    assert "they differ on no case" in found[0].saw


def test_a_mutant_wrong_on_a_single_case_is_told_to_need_another(manifest, findings):
    right = "np.divide(d**2, d**2 + n * lam, out=np.zeros(len(d)), where=d > 0)"
    single = cell(manifest, f"{right} + (len(d) == 12)")
    (found,) = findings([single])
    assert "wrong on one case" in found.saw
    assert "a long spectrum" in found.saw


def test_a_variant_that_fails_says_which_law_on_which_inputs(manifest, findings):
    (found,) = findings(variants=[cell(manifest, "d / (d + n * lam)")])
    assert "balance: f (d² + n lam) = d²" in found.saw
    assert "n = " in found.saw
    assert "lam = " in found.saw


def _verdict(earned, *failed):
    results = [CheckResult(n, n, n not in failed, 1.0, False, "", "", "", "", 0.0) for n in ("law", "agrees")]
    return Verdict(ID, earned, (*results, CheckResult("advice", "", False, 0.0, False, "", "", "", "", 0.0)))


def test_a_verdict_that_differs_between_case_sets_names_sets_points_and_checks(manifest):
    alike = prove._alike(manifest.task(ID), "mutant toy", [_verdict(0.5, "agrees")] * 3)
    assert alike.holds
    found = prove._alike(manifest.task(ID), "mutant toy", [_verdict(0.5, "agrees"), _verdict(0.0, "agrees", "law")] * 2)
    assert not found.holds
    assert found.what == "mutant toy is judged alike in every case set"
    assert "case sets 0, 2: earned 0.50, fails no more" in found.saw
    assert "case sets 1, 3: earned 0.00, fails law" in found.saw
    assert "in every set agrees" in found.saw


def test_every_mutant_and_variant_is_compared_over_the_case_sets(manifest, monkeypatch):
    # The task's own numbers of rows tell the sets apart, so what rests on them is luck.
    lucky = cell(manifest, "np.divide(d**2, d**2 + n * lam) * (2 if n % 2 else np.ones(len(d)))")
    monkeypatch.setattr(known, "mutants", lambda _: [lucky])
    monkeypatch.setattr(known, "variants", lambda _: [])
    asked = [f for f in prove.prove(manifest, 2, ID) if "alike" in f.what]
    assert [f.what for f in asked] == ["mutant toy is judged alike in every case set"]


@pytest.fixture
def failing(manifest, monkeypatch):
    def run(task, keys, parameters=()):
        info = replace(manifest.task("ridge.zeros"), parameters=parameters)
        monkeypatch.setattr(assemble, "answer_keys", lambda _: {info.id: keys})
        return {f.what.split(" (")[0] for f in prove.prove_answer(info, task, {""}) if not f.holds}

    return run


def question(**more):
    return AnswerTask("ridge.zeros", number(), within(1e-3), **more)


def test_a_whole_question_has_no_findings(failing):
    drawn = tuple({"a": float(k)} for k in range(16))
    assert failing(question(), 2.0) == set()
    assert failing(question(draw=lambda rng: {}), [2.0] * 16, drawn) == set()


def test_a_key_that_is_no_answer_is_found(failing):
    assert failing(question(), "two") == {"the key is well-formed", "the key agrees with itself"}


def test_a_question_that_takes_no_answer_for_one_is_found(failing):
    lenient = replace(question(), form=replace(number(), fault=lambda _: ""), agrees=lambda answer, key: True)
    assert failing(lenient, 2.0) == {"no answer is no answer", "None earns nothing"}


def test_variants_that_repeat_are_found(failing):
    drawn = ({"a": 1.0}, *({"a": float(k)} for k in range(1, 16)))
    assert failing(question(draw=lambda rng: {}), [2.0] * 16, drawn) == {"16 variants, pairwise different"}


def test_lines_of_mutants_and_keys_must_not_leave_and_what_is_to_be_repaired_may():
    secret = leaks.secrets()
    mutant = "return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)"
    assert mutant in secret
    assert leaks.leaks({"page": f"<p>{mutant}</p>"}, {mutant}) == [f"page: {mutant}"]
    assert known.answer_secrets() <= secret
    broken = [b for page in leaks.paths.BOOK.glob("*/exercises.md") for b in leaks.BROKEN.findall(page.read_text())]
    public = {line.strip() for block in broken for line in block.splitlines()}
    assert not public & secret - known.answer_secrets()


def test_the_secrets_of_one_task_are_among_all(manifest):
    every = leaks.secrets()
    for chapter in manifest.chapters:
        for info in chapter.tasks:
            assert leaks.secrets(of=info) <= every, info.id


def failing_of(manifest, task):
    return {f.what: f.saw for f in prove.prove(manifest, 1, task) if not f.holds and f.task == task}


def test_an_exercise_that_tasks_lack_is_found_with_the_name_that_is_meant(manifest, monkeypatch):
    others = {k: v for k, v in tasks("ridge").items() if k != "ridge.zeros"}
    monkeypatch.setattr(prove, "checks_of", lambda _: others | {"ridge.zeroes": None})
    found = failing_of(manifest, "ridge.zeros")
    assert "did you mean 'ridge.zeroes'?" in found["its checks stand in TASKS"]


def test_a_label_that_nothing_has_is_told_with_who_says_it_and_its_neighbour(manifest, monkeypatch):
    monkeypatch.setattr(wording, "block", lambda task, root=None: "As {eq}`eq-ridge-objectiv` and {ref}`sec-ridge-df`.")
    found = failing_of(manifest, "ridge.zeros")
    (line,) = found["what its page and docstring refer to exists"].splitlines()
    assert line.startswith("book/ridge/exercises.md")
    assert "did you mean 'eq-ridge-objective'" in line
    lost = prove._sections(manifest.task("ridge.zeros"), {"check law": {"sec-ridge-scal"}}, {"sec-ridge-scale"})
    assert lost.saw.startswith("check law: ")
    assert "sec-ridge-scale" in lost.saw


def test_inputs_that_a_block_does_not_name_are_found(manifest, monkeypatch):
    monkeypatch.setattr(wording, "block", lambda task, root=None: "Your n and `r` are there.")
    assert wording.unnamed(manifest.task("ridge.two_columns")) == ["n", "df"]


def test_an_example_that_does_not_hold_is_found(manifest, monkeypatch):
    files = known.reference_files()
    info = manifest.task("ridge.filter_factors")
    assert wording.examples(info) == ""
    start = files["ridge.py"].index("def filter_factors")
    wrong = files["ridge.py"][:start] + files["ridge.py"][start:].replace(">>> ", ">>> 7, ", 1)
    monkeypatch.setattr(known, "reference_files", lambda *_: {**files, "ridge.py": wrong})
    assert "Expected" in wording.examples(info)


def test_a_gap_that_is_right_as_it_was_handed_out_is_found(manifest, monkeypatch):
    info = manifest.task("ridge.descent")
    given = wording.block(info.id)
    assert "gap" not in " ".join(failing_of(manifest, info.id))
    source = wording.slicing.cut(known.reference_files()["ridge.py"], "descent")
    begin, end = list(wording.slicing.regions(source))[1]
    right = "\n".join(line.strip() for line in wording.slicing.lines_of(source)[begin : end - 1])
    wrong = given.replace("gradient = (X.T @ (X @ w - y) + lam * w) / n", f"# as it is\n{right}")
    assert wrong != given
    monkeypatch.setattr(wording, "block", lambda task, root=None: wrong)
    found = failing_of(manifest, info.id)
    assert "gap 2" in found["every {broken} differs from its gap"]
    assert "gap 2 is right as it was handed out" in found["every gap must be repaired (case set 0)"]


def test_what_raises_is_told_with_the_file_of_the_house(manifest, monkeypatch):
    monkeypatch.setattr(prove, "prove_answer", lambda *_: 1 / 0)
    assert "ZeroDivisionError" in failing_of(manifest, "ridge.zeros")["all that belongs to it loads and runs"]


def test_values_are_shown_with_as_many_digits_as_part_them():
    def said(a, b):
        return evidence._both(Outcome("value", (a,)), Outcome("value", (b,)))

    assert said(0.0548, 0.05480001) == ("0.0548", "0.05480001")
    large, other = np.zeros((40, 3)), np.zeros((40, 3))
    other[3, 1] = 1e-9
    assert said(large, other)[1] == "an array of shape (40, 3) with 1e-09 at (3, 1)"
    assert said({"w": 1.0}, {"w": 1.5}) == ("{'w': 1}", "{'w': 1.5}")


@pytest.mark.parametrize(("old", "new"), [("agrees", "agree"), ("agrees", "symptom ran_aut"), ("# task", "# tusk")])
def test_a_header_that_is_not_as_agreed_names_its_file(tmp_path, old, new):
    folder = tmp_path / "tests" / "mutants" / "ridge"
    folder.mkdir(parents=True)
    text = "# task: ridge.zeros\n# diagnosis: agrees\n# message: m\n# section: s\nx = 1\n"
    (folder / "a--zeros.py").write_text(text.replace(old, new, 1))
    with pytest.raises(known.BadHeader, match=r"a--zeros\.py"):
        known.mutants("ridge.zeros", tmp_path)


def test_a_file_of_a_task_that_nothing_would_find_is_told(tmp_path):
    folder = tmp_path / "tests" / "variants" / "ridge"
    folder.mkdir(parents=True)
    (folder / "loop-zeros.py").write_text("# task: ridge.zeros\nx = 1\n")
    assert known.misnamed("ridge.zeros", tmp_path) == ["tests/variants/ridge/loop-zeros.py"]


def test_what_is_not_written_yet_is_told_with_its_first_place(manifest, monkeypatch):
    info = manifest.task("ridge.zeros")
    assert assemble.unfinished([info]) == []
    monkeypatch.setattr(todo, "missing", lambda *_: [todo.Missing("book/x.md", 3, "TODO")] * 2)
    (line,) = assemble.unfinished([info])
    assert line == "ridge.zeros: 2 lines are still to be written, the first at book/x.md:3; make check TASK=ridge.zeros"

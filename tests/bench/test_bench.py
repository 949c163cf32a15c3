"""Laws of the benchmark: one problem for both libraries, one measure for both, and what was written can be trusted."""

import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
import pytest
from scipy import sparse
from shrinkage import losses
from shrinkage.penalties import ElasticNet

from autograder import paths
from bench.families import FAMILIES, squares
from bench.problems import SHAPES, SIZES, problem
from bench.timing import TARGETS, chosen, compared, limited

pytestmark = pytest.mark.filterwarnings("error")
SMALL = {
    "tall": (60, 4),
    "wide": (20, 60),
    "square": (15, 15),
    "sparse": (200, 20),
    "ill-conditioned": (40, 6),
    "path": (30, 6),
}
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
each_shape = pytest.mark.parametrize("shape", SHAPES)


@pytest.fixture(scope="module")
def written():
    return json.loads((paths.ROOT / "book" / "_data" / "bench.json").read_text(encoding="utf-8"))


@each_shape
def test_a_problem_has_its_shape_and_comes_back_from_its_seed(shape):
    made, again = problem(shape, SMALL[shape]), problem(shape, SMALL[shape])
    assert sparse.issparse(made.X) == (shape == "sparse")
    dense, twin = (each.X.toarray() if shape == "sparse" else each.X for each in (made, again))
    np.testing.assert_array_equal(dense, twin)
    np.testing.assert_array_equal(made.y, again.y)
    assert np.std(made.y) == pytest.approx(1)
    assert set(made.labels) == {0.0, 1.0}
    n, p = SIZES[shape]
    assert {"tall": n > 100 * p, "wide": p > 10 * n, "square": n == p}.get(shape, n > p)


def test_the_ill_conditioned_problem_is():
    assert np.linalg.cond(problem("ill-conditioned").X) > 1e3


@each_family
@each_shape
def test_both_libraries_solve_the_same_problem_and_one_measure_says_so(family, shape):
    made = problem(shape, SMALL[shape])
    weights = np.asarray(family.weights(made))[:8]
    ours = family.fit("shrinkage", made, weights)
    tight = {"tol": 1e-12} if not family.exact else {}
    theirs = []
    for name, given in family.solvers.items():
        if shape == "sparse" and name in ("cholesky", "svd"):
            with pytest.raises((TypeError, ValueError)):
                family.fit("scikit-learn", made, weights, **given, **tight)
        else:
            theirs.append(family.fit("scikit-learn", made, weights, **given, **tight))
    assert family.excess(made, weights, [ours, *theirs])[0] < 1e-9
    # Good as one is, another that is not is seen.
    assert family.excess(made, weights, [ours * 1.1, ours])[0] > 1e-6
    assert min(family.excess(made, weights, [each, theirs[0]])[0] for each in theirs) < 1e-9


def test_the_excess_is_that_of_the_objective_of_the_package():
    made = problem("square", (15, 15))
    rng, lam, penalty = np.random.default_rng(0), 0.3, ElasticNet(0.4)
    answers = [np.append(rng.normal(size=15), made.y.mean() - made.X.mean(axis=0) @ np.zeros(15)) for _ in range(3)]
    values = [losses.objective(made.X, made.y - a[-1], a[:-1], lam, penalty) for a in answers]
    null = np.var(made.y) / 2
    found = squares(made, [lam], [a[None] for a in answers], 0.4)
    np.testing.assert_allclose(found, (np.array(values) - min(values)) / null)


def test_of_each_library_the_fastest_of_those_that_are_good_enough_is_chosen():
    def run(library, excess, cpu):
        return {"library": library, "excess": excess, "cpu": cpu}

    found = [
        run("shrinkage", 0.0, 9.0),
        run("scikit-learn", 1e-3, 1.0),
        run("scikit-learn", 1e-7, 3.0),
        run("scikit-learn", 0, 2.0),
    ]
    assert [run and run["cpu"] for run in chosen(found, 1e-6).values()] == [9.0, 2.0]
    assert [run and run["cpu"] for run in chosen(found[:2], 1e-6).values()] == [9.0, None]


def test_a_fit_that_takes_too_long_or_raises_is_left_out():
    assert limited(lambda: time.sleep(30), 0.1) is None
    assert limited(lambda: 1 / 0, 5.0) is None
    found, cpu = limited(lambda: np.arange(100_000), 5.0)
    np.testing.assert_array_equal(found, np.arange(100_000))
    assert cpu >= 0


def test_a_comparison_has_a_row_for_every_target_and_both_libraries_within_it():
    family = next(each for each in FAMILIES if each.name == "Lasso")
    rows = compared(family, problem("square", (15, 15)), limit=5.0, repetitions=3)
    assert [row["target"] for row in rows] == list(TARGETS)
    for row in rows:
        checked(row)
        assert row["ratio"] is not None


def checked(row):
    for library in ("shrinkage", "scikit-learn"):
        if run := row[library]:
            assert 0 <= run["excess"] <= row["target"]
            assert run["cpu"] == pytest.approx(statistics.median(run["cpus"]), rel=1e-3, abs=1e-6)
    ours, theirs = row["shrinkage"], row["scikit-learn"]
    assert row["ratio"] == (ours["cpu"] / theirs["cpu"] if ours and theirs else None)


def test_what_was_written_is_whole_and_says_what_it_was_taken_on(written):
    cells = {(row["family"], row["shape"], row["target"]) for row in written["rows"]}
    assert cells == {(family.name, shape, target) for family in FAMILIES for shape in SHAPES for target in TARGETS}
    assert {"command", "date", "commit", "machine", "versions", "repetitions"} <= written.keys()
    assert {"numpy", "scipy", "sklearn", "python"} == written["versions"].keys()


def test_what_was_written_compares_equals(written):
    for row in written["rows"]:
        checked(row)
        assert row["shrinkage"], (row["family"], row["shape"], row["target"])


def test_the_command_measures_what_it_is_asked_for_with_nothing_set_beside_it(tmp_path):
    out = tmp_path / "bench.json"
    asked = ("--families", "Ridge", "--shapes", "wide", "--repetitions", "1", "--limit", "1", "--out", str(out))
    bare = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    subprocess.run([sys.executable, "-m", "bench", *asked], cwd=paths.ROOT, env=bare, check=True, timeout=100)
    rows = json.loads(out.read_text(encoding="utf-8"))["rows"]
    assert {(row["family"], row["shape"], row["target"]) for row in rows} == {("Ridge", "wide", at) for at in TARGETS}

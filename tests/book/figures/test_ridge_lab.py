"""Laws of <ridge-lab>: what the figure draws is what the package computes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from shrinkage import ridge

from autograder import paths
from autograder.authoring.site import node_folder

LAB = paths.BOOK / "_static" / "figures" / "ridge-lab.js"


def javascript(expression: str):
    """The value of an expression over the figure's script, run in node."""
    node = shutil.which("node") or os.fspath(node_folder(Path(sys.executable)) / "node")
    program = f"require({json.dumps(str(LAB))}); console.log(JSON.stringify({expression}))"
    done = subprocess.run([node, "-e", program], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize("shape", [(20, 2), (12, 5), (4, 6)])
@pytest.mark.parametrize("lam", [1e-2, 1.0, 30.0])
def test_the_drawn_solution_is_the_closed_form(shape, lam):
    rng = np.random.default_rng(shape[0])
    X, y = rng.standard_normal(shape), rng.standard_normal(shape[0])
    X, y = X - X.mean(axis=0), y - y.mean()
    drawn = javascript(f"RidgeLab.solve({X.tolist()}, {y.tolist()}, {lam})")
    np.testing.assert_allclose(drawn, ridge.closed_form(X, y, lam), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("lam", [1e-3, 0.1, 100.0])
def test_the_drawn_factors_are_the_filter_factors(lam):
    d = np.array([3.0, 0.5, 0.0])
    drawn = javascript(f"RidgeLab.filterFactors({d.tolist()}, 7, {lam})")
    np.testing.assert_allclose(drawn, ridge.filter_factors(d, 7, lam), rtol=1e-12)


@pytest.mark.parametrize("r", [0.0, 0.5, 0.95])
def test_the_drawn_data_are_centred_and_as_correlated_as_the_slider_says(r):
    data = javascript(f"RidgeLab.data({r})")
    X, y = np.array(data["X"]), np.array(data["y"])
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.mean(), 0, atol=1e-12)
    np.testing.assert_allclose(X.T @ X / len(X), [[1, r], [r, 1]], atol=1e-12)
    np.testing.assert_allclose(np.linalg.svd(X, compute_uv=False), data["d"], rtol=1e-12)


def test_with_ten_times_the_penalty_the_solution_is_shorter():
    solution = "RidgeLab.solve(RidgeLab.data(0.9).X, RidgeLab.data(0.9).y, lam)"
    lengths = javascript(f"[0.01, 0.1, 1, 10].map((lam) => Math.hypot(...{solution}))")
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] > 0

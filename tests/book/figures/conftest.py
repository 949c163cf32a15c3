"""A figure's script in node, and its element on a page of its own in the browser."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import paths
from autograder.authoring.site import node_folder

FIGURES = paths.BOOK / "_static" / "figures"
PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="{mode}"><head><meta charset="utf-8"><title>{name}</title>
<link rel="stylesheet" href="{static}/book.css">
<link rel="stylesheet" href="{static}/figures/lab.css"><link rel="stylesheet" href="{static}/figures/{name}.css">
<script defer src="{static}/figures/lab.js"></script><script defer src="{static}/figures/{name}.js"></script>
</head><body><{name}></{name}></body></html>
"""


@pytest.fixture
def javascript(request):
    """The value of an expression over the script of the figure that the test's module names, run in node."""

    def value(expression):
        node = shutil.which("node") or os.fspath(node_folder(Path(sys.executable)) / "node")
        scripts = [FIGURES / "lab.js", FIGURES / f"{request.module.FIGURE}.js"]
        program = "".join(f"require({json.dumps(str(script))}); " for script in scripts)
        program += f"console.log(JSON.stringify({expression}))"
        done = subprocess.run([node, "-e", program], capture_output=True, text=True, check=True, timeout=60)
        return json.loads(done.stdout)

    return value


@pytest.fixture
def figure(page, tmp_path, request):
    """The figure alone on a page, in light and in dark; what it shows is the property `shown` of its element."""
    name = request.module.FIGURE
    file = tmp_path / "figure.html"
    static = (paths.BOOK / "_static").as_uri()
    file.write_text(PAGE.format(name=name, mode=page.mode, static=static), encoding="utf-8")
    page.goto(file.as_uri(), wait_until="load")
    yield page.locator(name)
    assert page.complaints == []


@pytest.fixture
def put(figure):
    """Set a slider by its name, as a hand would, and read what the figure then shows."""

    def shown(**sliders):
        for name, value in sliders.items():
            figure.locator(f"input[name={name}]").fill(str(value))
        return figure.evaluate("(element) => element.shown")

    return shown


@pytest.fixture
def heights(page, put, figure):
    """How high the figure is at each of some settings, on a wide screen and on a narrow one."""

    def measured(*settings):
        found = {}
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            for sliders in settings:
                put(**sliders)
                found.setdefault(width, set()).add(figure.bounding_box()["height"])
        return list(found.values())

    return measured

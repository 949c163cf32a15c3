"""Page to notebook to release to a filled-in submission, and back to full marks; and nothing leaves on the way."""

import json
import subprocess

import pytest

from autograder import ids, judge, prove, sample
from autograder.authoring import known, pages, prerequisites, slicing
from autograder.checks import tasks as checks_of
from autograder.checks.answers import variant_of
from autograder.checks.base import Limits
from autograder.submission import Submission, parse


def notebook_of(course, slug):
    return json.loads((course.released / slug / f"{slug}.ipynb").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=pages.chapters())
def slug(request):
    """Every chapter that is listed."""
    return request.param


@pytest.fixture(scope="module")
def own(slug, released):
    """The course in which it is released."""
    return released(slug)


def text_of(cell):
    return "".join(cell["source"])


def by_id(notebook):
    return {c["metadata"]["nbgrader"]["grade_id"]: c for c in notebook["cells"] if "nbgrader" in c["metadata"]}


def test_what_nbgrader_releases_is_the_stub_of_book_and_bundle_byte_for_byte(own, slug):
    cells, release = by_id(notebook_of(own, slug)), own.release(slug)
    for task in release.chapter.tasks:
        if not task.object:
            continue
        source = text_of(cells[ids.cell(task.id)])
        assert source.rstrip("\n").endswith(task.stub.rstrip("\n"))
        module, name = task.object.rsplit(".", 1)
        assert slicing.cut(release.package[prerequisites.module_file(module, release.package)], name) == task.stub


@pytest.mark.jail
def test_the_release_filled_with_the_reference_has_full_marks(own, slug, sandbox):
    notebook, release = notebook_of(own, slug), own.release(slug)
    sample.whole(notebook, release.manifest, slug)
    submission = parse(json.dumps(notebook).encode())
    judged = judge.judge(release, submission, 0, sandbox, variant=variant_of("ada"))
    assert set(judged) == {task.id for task in release.chapter.tasks} & set(checks_of(slug))
    assert {j.verdict.earned for j in judged.values()} == {1.0}


def test_no_line_of_a_solution_is_in_what_the_course_releases(own, slug):
    texts = {"release": "\n".join(text_of(c) for c in notebook_of(own, slug)["cells"])}
    texts |= {f"package/{name}": text for name, text in own.release(slug).package.items()}
    assert prove.leaks(texts) == []


def test_the_search_for_leaks_finds_one():
    secret = sorted(slicing.secrets(known.reference_files()["ridge.py"]))[0]
    assert prove.leaks({"page": f"<p>{secret}</p>"}) == [f"page: {secret}"]


READ_ALL = """
def closed_form(X, y, lam):
    import os
    import sys

    def installed(name):
        return os.path.exists(f"/jail/{name}/__init__.py") or name == "mpl_toolkits" or name.endswith(".libs")

    texts = []
    for folder, inside, names in os.walk("/"):
        system = ("proc", "sys", "lib", "lib64", "usr", "numpy", "numpy.libs")
        inside[:] = [d for d in inside if d not in system and not d.startswith("python3")]
        if folder == "/jail":  # what was installed with pip is no part of the course
            inside[:] = [d for d in inside if d in ("shrinkage", "autograder") or not installed(d)]
        for name in names:
            path = os.path.join(folder, name)
            if not path.startswith(sys.base_prefix + "/lib"):
                try:
                    texts.append(path + "\\n" + open(path, encoding="utf-8", errors="replace").read(200_000))
                except OSError:
                    texts.append(path)
    texts.append("\\n".join(os.environ.values()))
    return texts
"""


@pytest.mark.jail
def test_a_running_jail_holds_neither_reference_nor_key_nor_secret(course, sandbox):
    release = course.release("ridge")
    submission = Submission("0" * 64, {"ridge.closed_form": READ_ALL})
    spliced = judge.splice(release, submission, sandbox)
    case = release.cases("ridge.closed_form", 0).cases[0]
    with sandbox.open(spliced.files) as session, session.task(Limits()) as call:
        outcome = call(case)
    assert outcome.kind == "value", outcome
    texts = outcome.value
    assert any("worker" in text for text in texts), "the walk did not reach what the jail holds"
    assert prove.leaks(dict(enumerate(texts))) == []
    everything = "\n".join(texts)
    assert (course.root / "secret").read_text() not in everything
    assert "evaluate" not in {text.split("\n")[0].rsplit("/", 1)[-1].removesuffix(".py") for text in texts}


def test_a_clone_tracks_nothing_that_is_generated():
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git clone")
    files = listed.stdout.split()
    bad = [f for f in files if f.endswith((".ipynb", ".pyc", ".db")) or f.startswith(("build/", "course/"))]
    assert bad == []

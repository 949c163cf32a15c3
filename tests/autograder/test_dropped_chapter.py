"""A chapter is one line of `_toc.yml`: without it, nothing of the chapter is published, handed out or released.

In a copy of the house the gallery is a chapter beside the book's own.  A course releases and grades it;
then each chapter on which no other rests is left out in turn, and the copy is built again on what was there.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from autograder import ids, leaks, offering, paths
from autograder.authoring import known, pages, places
from autograder.authoring.site import build_site
from autograder.course import Course
from autograder.manifest import Manifest

SLUG = "gallery"
GALLERY = paths.TESTS / "gallery"
HOUSE = ("autograder", "book", "solutions", "tests/mutants", "tests/variants")
FILES = ("_config.yml", "_toc.yml", "README.md", "pyproject.toml", "requirements.txt", "package-lock.json")
LISTED = {"file": f"book/{SLUG}/index", "sections": [{"file": f"book/{SLUG}/exercises"}]}
WALK = re.compile(r"^(`{3,})\{walk\}.*?^\1$\n?", re.MULTILINE | re.DOTALL)
LATER = '''"""A solver of a chapter yet to come."""


def halve(x):
    """Half of `x`.

    Cites {eq}`eq-of-a-chapter-yet-to-come`.
    """
    ### BEGIN SOLUTION
    return x - x / 2 + 0.0 * float("1")
    ### END SOLUTION
'''
PAGE = """---
file_format: mystnb
kernelspec:
  name: python3
---
{text}
<gallery-lab></gallery-lab>

```{{code-cell}} ipython3
from shrinkage.gallery_later import halve
print("the half is", halve(3.0))
```
"""


def resting_on_others():
    """Chapters to which another chapter's pages refer."""
    texts = {s: "".join(p.read_text("utf-8") for p in (paths.BOOK / s).glob("*.md")) for s in pages.chapters()}
    labels = {slug: {"".join(found) for found in places.LABEL.findall(text)} for slug, text in texts.items()}
    cited = {slug: {m["to"] or m["label"] for m in places.ROLE.finditer(text)} for slug, text in texts.items()}
    return {slug for slug in texts for other in texts if other != slug and labels[slug] & cited[other]}


class House:
    """A copy of the house, and what a terminal in it says."""

    def __init__(self, root):
        self.root = root
        for name in HOUSE:
            shutil.copytree(paths.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(paths.ROOT / name, root)
        (root / "node_modules").symlink_to(paths.ROOT / "node_modules")
        self.toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
        # Its commands' output is the longest part of a build, and no part of a chapter.
        authors = root / "book" / "authors" / "index.md"
        authors.write_text(WALK.sub("", authors.read_text(encoding="utf-8")), encoding="utf-8")

    def add_gallery(self):
        shutil.copytree(GALLERY / "book" / SLUG, self.root / "book" / SLUG)
        shutil.copy(GALLERY / "checks" / f"{SLUG}.py", self.root / "autograder" / "checks")
        for file in (GALLERY / "solutions" / "shrinkage").glob(f"{SLUG}*.py"):
            shutil.copy(file, self.root / "solutions" / "shrinkage")
        for kind in ("mutants", "variants"):
            shutil.copytree(GALLERY / "tests" / kind / SLUG, self.root / "tests" / kind / SLUG)
        (self.root / "solutions" / "shrinkage" / "gallery_later.py").write_text(LATER)
        (self.root / "book" / "_static" / "figures" / "gallery-lab.js").write_text("// a figure of this chapter\n")
        index = self.root / "book" / SLUG / "index.md"
        index.write_text(PAGE.format(text=index.read_text(encoding="utf-8")), encoding="utf-8")
        next(part for part in self.toc["parts"] if part.get("numbered"))["chapters"].append(LISTED)

    def borrow(self):
        """What the house has executed and drawn, so that only the gallery's is made here."""
        build = self.root / "build"
        if (paths.BUILD / "cases").is_dir():
            shutil.copytree(paths.BUILD / "cases", build / "cases")
        import fresh

        executed = paths.BUILD / "book" / "_build" / "executed" / fresh.fingerprint(paths.ROOT, fresh.OUTPUTS_REST_ON)
        mine = fresh.fingerprint(self.root, fresh.OUTPUTS_REST_ON)
        shutil.copytree(executed, build / "book" / "_build" / "executed" / mine)

    def list(self, *without):
        """Write `_toc.yml` with every chapter but some."""
        parts = [
            {**part, "chapters": kept}
            for part in self.toc["parts"]
            if (kept := [c for c in part["chapters"] if Path(c["file"]).parent.name not in without])
        ]
        (self.root / "_toc.yml").write_text(yaml.safe_dump({**self.toc, "parts": parts}, sort_keys=False))

    def says(self, *words, code=0):
        env = os.environ | {"PYTHONPATH": f"{self.root}:{self.root / 'solutions'}", "COLUMNS": "200", "NO_COLOR": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "autograder.cli", *words], cwd=self.root, env=env, capture_output=True, text=True
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def chapters(self):
        """As the last build read them."""
        return json.loads((self.root / "build" / "manifest.json").read_text(encoding="utf-8"))["chapters"]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Every chapter and the gallery, built; the gallery released in a course, one submission graded."""
    sys.path.append(str(paths.BOOK / "_ext"))
    build_site(paths.ROOT, Path(sys.executable))
    house = House(tmp_path_factory.mktemp("dropped") / "house")
    house.add_gallery()
    house.borrow()
    house.list()
    house.says("build")
    house.all = house.chapters()
    house.says("release", SLUG)
    (house.root / "course" / "offering.toml").write_text(f'timezone = "UTC"\n[{SLUG}]\ndue = 2099-01-01 12:00\n')
    notebook = json.loads((house.root / "course" / "release" / SLUG / f"{SLUG}.ipynb").read_text(encoding="utf-8"))
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}
    for cell in pages.exercise_cells(SLUG, GALLERY):
        if cell.task and cell.task.id in (f"{SLUG}.minimise", f"{SLUG}.iterates"):
            cells[ids.cell(cell.task.id)]["source"] = known.reference_cell(cell.task, GALLERY)
    handed = house.root / "handed" / "ada"
    handed.mkdir(parents=True)
    (handed / f"{SLUG}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    house.says("collect", SLUG, "handed", "--enrol")
    house.says("grade", SLUG, "--i-trust-this-code")
    return house


def kept(house):
    """What of a course nobody may lose: handed in, graded, and what the judge needs, by file."""
    course = house.root / "course"
    files = [f for name in ("submitted", "autograded", "attempts", f"judge/{SLUG}") for f in (course / name).rglob("*")]
    return {f: f.read_bytes() for f in files if f.is_file()}


@pytest.fixture(scope="module", params=[SLUG, *(s for s in pages.chapters() if s not in resting_on_others())])
def dropped(house, request):
    """The house built anew without one chapter, and what was kept in its course before."""
    before = kept(house)
    house.list(request.param)
    house.says("build")
    return house, request.param, before


def test_the_whole_house_hides_what_no_task_names_yet(house):
    page = (house.root / "build" / "site" / "book" / SLUG / "index.html").read_text(encoding="utf-8")
    assert "the half is 1.5" in page
    assert "gallery-lab.js" in page
    secret = leaks.secrets(house.root)
    assert 'return x - x / 2 + 0.0 * float("1")' in secret
    assert leaks.leaks(leaks.published(house.root / "build"), secret) == []
    assert not list((house.root / "build" / "bundle").rglob("gallery_later*"))


def test_no_page_entry_or_script_of_it_is_in_the_site(dropped):
    house, slug, _ = dropped
    site = house.root / "build" / "site"
    assert not (site / "book" / slug).exists()
    text = (site / "searchindex.js").read_text(encoding="utf-8")
    found = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert [name for name in found["docnames"] if f"/{slug}/" in name] == []
    every = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    assert [page for page, text in every.items() if re.search(rf'(?:href|src)="[^"]*\b{slug}/', text)] == []
    for file in (*site.glob("_static/figures/*"), *site.glob("_images/*")):
        assert any(file.name in text for text in every.values()), file


def test_no_task_case_or_notebook_of_it_is_built(dropped):
    house, slug, _ = dropped
    manifest, build = Manifest.load(house.root / "build" / "manifest.json"), house.root / "build"
    assert manifest.chapter(slug) is None
    assert [section for section in manifest.sections if section.page.startswith(f"{slug}/")] == []
    assert list(build.glob(f"cases/{slug}.*")) + list(build.glob(f"nbgrader/*/{slug}")) == []


def test_no_file_of_it_is_in_the_bundle(dropped, tmp_path):
    house, slug, _ = dropped
    with zipfile.ZipFile(house.root / "build" / "bundle" / "shrinkage-course.zip") as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / "shrinkage-course"
    names = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    module = slug.replace("-", "_")
    own = re.compile(rf"{slug}\.ipynb|autograder/(checks/{module}(_\w+)?\.py|cases/{slug}\..*)")
    assert [name for name in names if own.fullmatch(name)] == []
    tasks = {t["object"] for chapter in house.chapters() for t in chapter["tasks"] if t["object"]}
    package = {file.stem: file.read_text(encoding="utf-8") for file in (folder / "shrinkage").glob("[!_]*.py")}
    for name in package:
        importing = rf"^\s*(from shrinkage\.{name} |from shrinkage import .*\b{name}\b|import shrinkage\.{name}\b)"
        importing += rf"|\bRef\(\"{name}\."
        others = [text for other, text in package.items() if other != name]
        others += [(house.root / "book" / c["slug"] / "exercises.md").read_text("utf-8")
                   for c in house.chapters()]  # fmt: skip
        others += [file.read_text(encoding="utf-8") for file in (folder / "autograder" / "checks").glob("*.py")]
        needed = any(re.search(importing, text, re.MULTILINE) for text in others)
        assert needed or any(task.startswith(f"{name}.") for task in tasks), name
    for target in [t["object"] for c in house.all if c["slug"] == slug for t in c["tasks"] if t["object"]]:
        module, name = target.rsplit(".", 1)
        assert not re.search(rf"^(def|class) {name}\b", package.get(module, ""), re.MULTILINE), target
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "shrinkage"], cwd=folder, env=clean, capture_output=True, text=True, check=True
    )
    assert len(done.stdout.splitlines()) == 1 + len(tasks)
    assert slug not in done.stdout


def test_it_is_no_assignment_any_more_and_the_refusal_names_those_that_are(dropped):
    house, slug, _ = dropped
    said = house.says("release", slug, code=3)
    others = ", ".join(chapter["slug"] for chapter in house.all if chapter["slug"] != slug)
    assert said.strip().endswith(f"no assignment '{slug}'; the book lists: {others}")


@pytest.mark.parametrize("dropped", [SLUG], indirect=True)
def test_a_course_keeps_what_was_earned_and_its_part_of_the_offering(dropped):
    house, _, before = dropped
    course = house.root / "course"
    assert kept(house) == before
    assert {"submitted", "autograded", "attempts", "judge"} <= {f.relative_to(course).parts[0] for f in before}
    assert re.search(r"^ada\b.* 3 *$", house.says("report", SLUG), re.MULTILINE)
    house.says("doctor")
    house.says("export", SLUG)
    assert ",3,8," in (course / f"grades-{SLUG}.csv").read_text(encoding="utf-8")
    chapters = Manifest.load(house.root / "build" / "manifest.json").chapters
    assert set(offering.check_all(Course(course), chapters)) == {chapter.slug for chapter in chapters}

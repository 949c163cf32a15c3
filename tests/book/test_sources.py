"""Laws of the book's sources: every citation has its target, and nothing generated is tracked."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from sphinxcontrib import katex

from autograder import paths
from autograder.authoring import pages, wording

CITED = re.compile(r"\{(eq|ref|numref|prf:ref)\}`(?:[^`<]*<)?([^`>]+)>?`")
GENERATED = re.compile(
    r"\.(ipynb|pyc|npz|db|zip|whl|html)$|^(build|course|_build|node_modules|\.venv)/|(^|/)(_build|\.jupyter_cache)/"
)


@pytest.mark.parametrize("module", sorted((paths.SOLUTIONS / "shrinkage").rglob("*.py")), ids=lambda path: path.stem)
def test_a_label_cited_in_the_package_is_set_on_a_page(module):
    cited = {label for _, label in CITED.findall(module.read_text(encoding="utf-8"))}
    assert not cited - wording.labels()


def test_the_package_cites_the_book():
    texts = [module.read_text(encoding="utf-8") for module in (paths.SOLUTIONS / "shrinkage").rglob("*.py")]
    assert any(CITED.search(text) for text in texts)


def test_nothing_generated_is_tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    tracked = listed.stdout.splitlines()
    assert "_toc.yml" in tracked
    assert [name for name in tracked if GENERATED.search(name)] == []


def test_a_chapter_is_listed_whole_or_left_out_whole():
    """Pages of a chapter that is left out stay in its folder; any other page that is not listed was forgotten."""
    found = {path.relative_to(paths.BOOK).with_suffix("") for path in paths.BOOK.rglob("[!_]*.md")}
    listed = {Path(page) for page in pages.listed_pages()}
    lost = {page for page in found - listed if not page.parts[0].startswith("_")}
    assert listed <= found
    assert [page for page in sorted(lost) if page.parent in {Path(), *(p.parent for p in listed)}] == []
    assert {page.parent for page in lost} == {page.parent for page in lost if page.name == "index"}


def test_every_static_file_that_the_configuration_names_exists():
    config = yaml.safe_load((paths.ROOT / "_config.yml").read_text())["sphinx"]["config"]
    scripts = [script for script, _ in config["html_js_files"]]
    for name in [*config["html_css_files"], *scripts]:
        assert (paths.BOOK / "_static" / name).is_file(), name
    assert (paths.ROOT / config["html_favicon"]).is_file()


def test_the_fonts_are_of_the_version_that_sets_the_mathematics():
    package = json.loads((paths.ROOT / "package.json").read_text())
    lock = json.loads((paths.ROOT / "package-lock.json").read_text())
    assert package["dependencies"] == {"katex": katex.katex_version}
    assert lock["packages"]["node_modules/katex"]["version"] == katex.katex_version


def test_the_lock_file_names_no_private_host():
    text = (paths.ROOT / "package-lock.json").read_text()
    fetched = [entry.get("resolved", "") for entry in json.loads(text)["packages"].values()]
    assert all(address.startswith(("", "https://registry.npmjs.org/")[bool(address)]) for address in fetched)
    assert '"integrity"' in text

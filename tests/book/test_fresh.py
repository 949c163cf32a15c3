"""Laws of freshness: cells are executed again when what they import or read has changed."""

from types import SimpleNamespace

import fresh
import pytest

SOURCES = (
    "solutions/shrinkage/ridge.py",
    "book/_data/prostate.csv",
    "book/_static/figures/shrinkage.mplstyle",
    "requirements.txt",
)


@pytest.fixture
def clone(tmp_path):
    for name in SOURCES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("first\n")
    return tmp_path


def cache_of(clone):
    config = SimpleNamespace(nb_execution_cache_path="")
    fresh.choose_cache(SimpleNamespace(outdir=clone / "out" / "html", srcdir=clone), config)
    return config.nb_execution_cache_path


@pytest.mark.parametrize("name", SOURCES)
def test_changed_code_data_style_or_versions_forget_what_was_executed(clone, name):
    before = cache_of(clone)
    (clone / name).write_text("second\n")
    assert cache_of(clone) != before


def test_unchanged_code_keeps_what_was_executed(clone):
    before = cache_of(clone)
    (clone / "solutions/shrinkage/__pycache__").mkdir()
    (clone / "solutions/shrinkage/__pycache__/ridge.pyc").write_bytes(b"compiled")
    assert cache_of(clone) == before


def test_caches_of_older_code_are_dropped(clone):
    before = clone / cache_of(clone)
    before.mkdir(parents=True)
    (clone / "solutions/shrinkage/ridge.py").write_text("second\n")
    cache_of(clone)
    assert not before.exists()


def written(clone):
    app = SimpleNamespace(outdir=clone / "out" / "html", srcdir=clone)
    app.outdir.mkdir(parents=True, exist_ok=True)
    fresh.start_over(app)
    (app.outdir / "page.html").touch()
    return app


def test_a_changed_style_writes_every_page_anew(clone):
    fresh.leave_mark(written(clone), None)
    (clone / "book/_static/book.css").write_text("p {}")
    app = SimpleNamespace(outdir=clone / "out" / "html", srcdir=clone)
    fresh.start_over(app)
    assert list(app.outdir.iterdir()) == []


def test_unchanged_styles_keep_the_pages(clone):
    fresh.leave_mark(written(clone), None)
    assert (written(clone).outdir / "page.html").exists()
    fresh.start_over(SimpleNamespace(outdir=clone / "out" / "html", srcdir=clone))
    assert (clone / "out" / "html" / "page.html").exists()


def test_pages_of_a_build_that_failed_are_written_anew(clone):
    fresh.leave_mark(written(clone), ValueError())
    fresh.start_over(SimpleNamespace(outdir=clone / "out" / "html", srcdir=clone))
    assert not (clone / "out" / "html" / "page.html").exists()

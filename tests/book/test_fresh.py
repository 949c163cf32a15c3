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

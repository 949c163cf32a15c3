"""What costs much is made once, whichever of the workers asks first; the longest files begin."""

import os

import pytest

from autograder.lock import in_turn

# Each makes something dear before its first test; met last, one would keep a worker busy after the other has ended.
FIRST = (
    "tests/autograder/test_roundtrip.py",
    "tests/autograder/test_dropped_chapter.py",
    "tests/book/test_walk.py",
    "tests/shrinkage/estimators/test_scikit_learn_s_own_ridge.py",
    "tests/shrinkage/estimators/test_logistic_cv.py",
)


def pytest_collection_modifyitems(items):
    places = {path: place for place, path in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.split("::")[0], len(places)))


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """A function of a name and of what fills an empty folder: the folder, filled by one worker and read by all."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name, fill):
        folder, whole = shared / "once" / name, shared / "once" / f"{name}.whole"
        with in_turn(shared / "once" / f"{name}.lock"):
            if not whole.exists():
                folder.mkdir()
                fill(folder)
                whole.touch()
        return folder

    return made

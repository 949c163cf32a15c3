"""What the tests of the book share: its extensions on the path, and the built site."""

import sys
from pathlib import Path

import pytest

from autograder import paths
from autograder.authoring.site import build_site

sys.path.append(str(paths.BOOK / "_ext"))


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder ``build/site``, built where it is missing or older than its sources."""
    build_site(paths.ROOT, Path(sys.executable))
    return paths.BUILD / "site"

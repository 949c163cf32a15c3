"""Pages show what today's code prints, in today's clothes.

The execution cache knows a page by its own cells only.  So its folder is named after
everything else a cell's output rests on, the package and the data; the setting counts
as a change of configuration, which makes Sphinx read every page again as well.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

MARK = ".written-with"
OUTPUTS_REST_ON = ("solutions/shrinkage/**/*", "book/_data/**/*", "book/_static/**/*.mplstyle", "requirements.txt")
PAGES_REST_ON = ("book/_static/**/*", "book/_ext/*.py", "package-lock.json", "requirements.txt")


def fingerprint(root: Path, patterns: tuple[str, ...]) -> str:
    """A hash of the files that match."""
    total = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(f"{path.relative_to(root)}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def choose_cache(app: Sphinx, config: Config) -> None:
    """Name the cache's folder, and drop those of older code."""
    caches = Path(app.outdir).parent / "executed"
    mine = caches / fingerprint(Path(app.srcdir), OUTPUTS_REST_ON)
    for other in caches.glob("*"):
        if other != mine:
            shutil.rmtree(other)
    config.nb_execution_cache_path = str(mine)


def show_package(app: Sphinx, config: Config) -> None:
    """Let kernels, which start in their page's folder, import `shrinkage`."""
    parts = [str(Path(app.srcdir, "solutions")), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(part for part in parts if part))


def start_over(app: Sphinx) -> None:
    """Write every page anew when a style or a script changed; Sphinx looks at the pages' sources only.

    What was read and executed stays, so this costs seconds; and no file of an older style is left behind.
    """
    mark = Path(app.outdir, MARK)
    wanted = fingerprint(Path(app.srcdir), PAGES_REST_ON)
    if not mark.is_file() or mark.read_text() != wanted:
        shutil.rmtree(app.outdir)
        Path(app.outdir).mkdir()


def leave_mark(app: Sphinx, problem: Exception | None) -> None:
    """Only a build that ended well is built upon."""
    if problem is None:
        Path(app.outdir, MARK).write_text(fingerprint(Path(app.srcdir), PAGES_REST_ON))


def setup(app: Sphinx) -> dict[str, object]:
    app.connect("config-inited", choose_cache)
    app.connect("config-inited", show_package)
    # Before any extension has put a file there.
    app.connect("builder-inited", start_over, priority=1)
    app.connect("build-finished", leave_mark)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

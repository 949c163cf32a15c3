"""Pages show what today's code prints: kernels import the package from its source, and forget with it.

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

RESTS_ON = ("solutions/shrinkage/**/*", "book/_data/**/*", "book/_static/**/*.mplstyle", "requirements.txt")


def fingerprint(root: Path) -> str:
    """A hash of what executed cells rest on: package, data, the style of figures, versions of the libraries."""
    total = hashlib.sha256()
    for pattern in RESTS_ON:
        for path in sorted(root.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(root)}\0".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def choose_cache(app: Sphinx, config: Config) -> None:
    """Name the cache's folder, and drop those of older code."""
    caches = Path(app.outdir).parent / "executed"
    mine = caches / fingerprint(Path(app.srcdir))
    for other in caches.glob("*"):
        if other != mine:
            shutil.rmtree(other)
    config.nb_execution_cache_path = str(mine)


def show_package(app: Sphinx, config: Config) -> None:
    """Let kernels, which start in their page's folder, import `shrinkage`."""
    parts = [str(Path(app.srcdir, "solutions")), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(part for part in parts if part))


def setup(app: Sphinx) -> dict[str, object]:
    app.connect("config-inited", choose_cache)
    app.connect("config-inited", show_package)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

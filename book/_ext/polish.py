"""After the pages are written: mend what the theme leaves undone, and stop what must not be published."""

from __future__ import annotations

from html import escape
from pathlib import Path

from mends import mend
from offline import faults, pages
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError

# The site's own address leads to the book, also where a browser does not follow the refresh.
FRONT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={root}.html">
</head>
<body><p><a href="{root}.html">{title}</a></p></body>
</html>
"""


def finish(app: Sphinx, problem: Exception | None) -> None:
    if problem or app.builder.format != "html":
        return
    site = Path(app.outdir)
    (site / "index.html").write_text(FRONT.format(title=escape(app.config.html_title), root=app.config.root_doc))
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        mended = mend(text)
        if mended != text:
            page.write_text(mended, encoding="utf-8")
    if found := list(faults(site)):
        raise SphinxError("the pages must not be published as they are:\n  " + "\n  ".join(found))


def choose(app: Sphinx, config: Config) -> None:
    """Write no index of theorems, whose titles it does not know."""
    config.html_domain_indices = False


def setup(app: Sphinx) -> dict[str, object]:
    app.connect("config-inited", choose)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

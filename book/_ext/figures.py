"""A figure is an element of its own, `<ridge-lab>`: a page that holds one gets its script and its style, no other does.

They are `_static/figures/ridge-lab.js` and `.css`, after `lab.js` and `lab.css`, which all figures share.
So a new figure is its two files and its element on a page.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
FOLDER = "book/_static/figures"
SHARED = "lab"
# By the rules of HTML a hyphen tells an element that a script defines; in code on a page `<` is written `&lt;`.
ELEMENT = re.compile(r"<([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?=[\s/>])")


def load(app: Sphinx, pagename: str, templatename: str, context: dict[str, object], doctree: nodes.document) -> None:
    """Give the page what its figures need, and fail the build where a figure would stay empty."""
    wanted = []
    for name in sorted(set(ELEMENT.findall(str(context.get("body", ""))))):
        if Path(app.srcdir, FOLDER, f"{name}.js").is_file():
            wanted.append(name)
        else:
            LOGGER.warning("<%s> is empty without its script %s/%s.js", name, FOLDER, name, location=pagename)
    for name in [SHARED, *wanted] if wanted else []:
        if Path(app.srcdir, FOLDER, f"{name}.css").is_file():
            app.add_css_file(f"figures/{name}.css", priority=900)
        if Path(app.srcdir, FOLDER, f"{name}.js").is_file():
            app.add_js_file(f"figures/{name}.js", loading_method="defer", priority=900)


def setup(app: Sphinx) -> dict[str, object]:
    app.connect("html-page-context", load)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

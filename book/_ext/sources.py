"""The list of sources, keyed as the text cites: by authors and year."""

from __future__ import annotations

from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.config import Config

from autograder.authoring.places import author_and_year


class AuthorYear(BaseLabelStyle):
    """Labels such as “Hoerl and Kennard, 1970”."""

    def format_labels(self, entries):
        for entry in entries:
            yield author_and_year(entry)


class Sources(PlainStyle):
    default_label_style = AuthorYear


def choose(app: Sphinx, config: Config) -> None:
    config.bibtex_default_style = "sources"


def setup(app: Sphinx) -> dict[str, object]:
    register_plugin("pybtex.style.formatting", "sources", Sources)
    app.connect("config-inited", choose)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

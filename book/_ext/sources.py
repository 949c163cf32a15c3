"""The list of sources, keyed as the text cites: by authors and year."""

from __future__ import annotations

from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.config import Config


class AuthorYear(BaseLabelStyle):
    """Labels such as “Hoerl and Kennard, 1970”."""

    def format_labels(self, entries):
        for entry in entries:
            names = [" ".join([*person.prelast_names, *person.last_names]) for person in entry.persons["author"]]
            names = [name.replace("{", "").replace("}", "") for name in names]
            authors = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
            yield f"{authors}, {entry.fields['year']}"


class Sources(PlainStyle):
    default_label_style = AuthorYear


def choose(app: Sphinx, config: Config) -> None:
    config.bibtex_default_style = "sources"


def setup(app: Sphinx) -> dict[str, object]:
    register_plugin("pybtex.style.formatting", "sources", Sources)
    app.connect("config-inited", choose)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

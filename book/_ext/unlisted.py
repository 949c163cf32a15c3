"""A page may refer to a chapter that ``_toc.yml`` does not list: words stand where the link would be.

Glossary, notation and the like serve every chapter, and must not change when one is left out.
A label that no page sets at all, listed or not, is still a fault and fails the build.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from autograder.authoring import places


class Unlink(SphinxPostTransform):
    """Before anything looks for the targets, and only as a page is written: what was read is kept between builds."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        titles = self.app.shrinkage_unlisted
        for node in list(self.document.findall(pending_xref)):
            if node.get("reftarget") in titles:
                given = node.astext() if node.get("refexplicit") else ""
                words = titles[node["reftarget"]] if "%s" in given else given or titles[node["reftarget"]]
                self.put(words, node)

    @staticmethod
    def put(words: str, node: pending_xref) -> None:
        """The words in the place of a reference; where there are none, the space before it goes too."""
        before = node.parent[node.parent.index(node) - 1] if node.parent.index(node) else None
        if not words and isinstance(before, nodes.Text):
            node.parent.replace(before, nodes.Text(before.rstrip()))
        node.replace_self(nodes.Text(words))


def look_up(app: Sphinx) -> None:
    app.shrinkage_unlisted = places.unlisted(Path(app.srcdir))


def setup(app: Sphinx) -> dict[str, object]:
    app.connect("builder-inited", look_up)
    app.add_post_transform(Unlink)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

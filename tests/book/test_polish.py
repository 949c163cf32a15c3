"""Laws of the guard: a page that loads from elsewhere fails the build, a page that links there does not."""

import re
from types import SimpleNamespace

import mends
import offline
import polish
import pytest
from sphinx.errors import SphinxError

CONFIG = SimpleNamespace(html_title="Shrinkage", root_doc="book/index")


def app(folder):
    return SimpleNamespace(outdir=str(folder), builder=SimpleNamespace(format="html"), config=CONFIG)


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/a.js"></script>',
        "<script async src='//cdn.example/a.js'></script>",
        "<script>import('https://cdn.example/a.js')</script>",
        '<link rel="stylesheet" href="https://fonts.example/css">',
        '<link href="https://fonts.example" rel="preconnect">',
        '<img alt="" src="http://images.example/a.png">',
        '<img alt="" src="a.png" srcset="a.png 1x, https://images.example/b.png 2x">',
        '<iframe src="https://frame.example"></iframe>',
        '<object data="https://frame.example"></object>',
        '<svg><image href="https://images.example/a.png"/></svg>',
        '<p style="background: url(https://images.example/a.png)">a</p>',
        "<style>@import 'https://fonts.example/css';</style>",
    ],
)
def test_a_page_that_loads_from_another_host_fails_the_build(tmp_path, html):
    (tmp_path / "page.html").write_text(f"<html><body>{html}</body></html>")
    with pytest.raises(SphinxError, match=r"page\.html loads (https?:)?//\w+\.example"):
        polish.finish(app(tmp_path), None)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://doi.org/10.1080/00401706.1970.10488634">Hoerl and Kennard</a>',
        '<link rel="canonical" href="https://book.example/page.html">',
        '<script src="../_static/a.js"></script>',
        '<code>&lt;script src="https://cdn.example/a.js"&gt;</code>',
        '<img alt="" src="data:image/png;base64,//AA,//BB">',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ],
)
def test_a_page_that_names_another_host_passes(tmp_path, html):
    (tmp_path / "page.html").write_text(f"<html><body>{html}</body></html>")
    polish.finish(app(tmp_path), None)


def test_a_style_sheet_that_loads_from_another_host_fails_the_build(tmp_path):
    (tmp_path / "a.css").write_text("@font-face { src: url(https://fonts.example/a.woff2) }")
    with pytest.raises(SphinxError, match=r"a\.css loads https://fonts\.example"):
        polish.finish(app(tmp_path), None)


def test_a_formula_that_cannot_be_set_fails_the_build(tmp_path):
    error = '<span class="katex-error" title="ParseError: Undefined control sequence" style="color:#cc0000">x</span>'
    (tmp_path / "page.html").write_text(error)
    with pytest.raises(SphinxError, match="Undefined control sequence"):
        polish.finish(app(tmp_path), None)


def test_mending_twice_is_mending_once(site):
    for page in offline.pages(site):
        text = page.read_text(encoding="utf-8")
        assert mends.mend(text) == text, page


THEME = """
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="viewport" content="width=device-width, initial-scale=1" />
<link rel="preload" as="font" href="_static/vendor/fontawesome/6.5.2/webfonts/fa-solid-900.woff2" />
<script src="_static/vendor/fontawesome/6.5.2/js/all.min.js?digest=1"></script>
<link rel="preload" as="script" href="_static/vendor/fontawesome/6.5.2/js/all.min.js?digest=1" />
<div class="bd-sidebar-primary bd-sidebar">
<button class="btn search-button-field search-button__button" title="Search" aria-label="Search" data-bs-toggle="tooltip">Search</button>
<summary><span class="toctree-toggle" role="presentation"></span></summary></div>
<summary aria-label="Toggle hidden content"><p>Show code cell source</p></summary>
<div role="list" class="citation-list"><div class="citation" id="id1" role="doc-biblioentry">A book</div></div>
<section class="theorem-content" id="proof-content"></section><div class="proof admonition" id="proof"></div>
<div class="search-button__search-container"><form><input name="q" id="search-input"></form></div><input id="search-input">
<figure class="align-default" id="fig"><img alt="A picture" src="a.svg"></figure>
"""  # noqa: E501


@pytest.mark.parametrize(("name", "pattern"), [(name, pattern) for name, pattern, _ in mends.MENDS])
def test_every_mend_has_something_to_mend(name, pattern):
    assert pattern.search(THEME), name


def test_a_mended_page_has_one_viewport_and_no_dead_weight():
    mended = mends.mend(THEME)
    assert mended.count("viewport") == 1
    assert "all.min.js" not in mended
    assert 'rel="preload"' not in mended
    assert 'role="list"' not in mended
    assert "doc-biblioentry" not in mended
    assert '<div class="citation" id="id1">A book</div>' in mended
    assert 'id="proof' not in mended
    assert mended.count('id="search-input"') == 1
    assert '<div class="wide-picture"><img alt="A picture" src="a.svg"></div></figure>' in mended


FORMULA = '<span class="math"><span class="katex"><span>a</span></span></span>'


@pytest.mark.parametrize(
    ("before", "after", "rest"),
    [("", ",", " b"), ("(", ")", " b"), ("", "’s.", " b"), ("[", "", " b"), ("", ".", "</p>")],
)
def test_a_formula_is_held_together_with_the_punctuation_that_it_touches(before, after, rest):
    held = f'<span class="held">{before}{FORMULA}{after}</span>'
    assert mends.mend(f"<p>Of {before}{FORMULA}{after}{rest}") == f"<p>Of {held}{rest}"
    assert mends.mend(f"<p>Of {held}{rest}") == f"<p>Of {held}{rest}"


def test_a_formula_between_spaces_stays_as_it_is():
    assert mends.mend(f"<p>Of {FORMULA} and") == f"<p>Of {FORMULA} and"


def test_no_page_has_an_id_twice(site):
    for page in offline.pages(site):
        ids = re.findall(r'\sid="([^"]+)"', page.read_text(encoding="utf-8"))
        assert len(ids) == len(set(ids)), page.name


def test_the_theme_still_needs_each_mend(site):
    """Every trace that a mend leaves is found in the built pages, so none has lost its place."""
    chapter = (site / "book" / "ridge" / "index.html").read_text(encoding="utf-8")
    assert 'aria-label="Show or hide this part of the contents"' in chapter
    assert 'role="complementary" aria-label="Book"' in chapter
    assert 'class="btn search-button-field' in chapter
    assert "fontawesome" in chapter
    assert "fontawesome" not in "".join(part for part in chapter.split("<") if part.startswith("script"))

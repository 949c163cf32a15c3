"""What the theme leaves undone in a page: names and landmarks that screen readers need, dead weight, loose formulas."""

from __future__ import annotations

import re

# (what for, pattern, replacement); each must find its place in a built page, which a test proves.
MENDS = (
    (
        # 1.5 MB that draw the icons which the theme's style sheet and fonts draw already
        "FontAwesome's script",
        re.compile(r'\s*<script[^>]*fontawesome[^>]*\.js[^>]*></script>|\s*<link[^>]*fontawesome[^>]*\.js[^>]*/?>'),
        "",
    ),
    (
        # fonts are fetched when a page uses them; preloading fetches all of them for every page
        "preloaded fonts",
        re.compile(r'\s*<link[^>]*rel="preload"[^>]*as="font"[^>]*>'),
        "",
    ),
    (
        "name of the sidebar's disclosures",
        re.compile(r'<summary>(\s*<span class="toctree-toggle")'),
        r'<summary aria-label="Show or hide this part of the contents">\1',
    ),
    (
        # the button shows "Search" and its key; a name that says less than it shows fails WCAG 2.5.3
        "name of the search button",
        re.compile(r'(<button class="btn search-button-field[^>]*?) aria-label="Search"'),
        r"\1",
    ),
    (
        "landmark of the sidebar",
        re.compile(r'<div class="bd-sidebar-primary bd-sidebar'),
        '<div role="complementary" aria-label="Book" class="bd-sidebar-primary bd-sidebar',
    ),
    (
        # again a name that says less than what is shown: "Show code cell source"
        "name of folded cells",
        re.compile(r'<summary aria-label="Toggle hidden content">'),
        "<summary>",
    ),
    (
        # a deprecated role, inside a list that holds links between its items
        "roles of the bibliography",
        re.compile(r'<div\b[^>]*class="citation[^>]*>'),
        lambda tag: re.sub(r' role="(?:doc-biblioentry|list)"', "", tag[0]),
    ),
    (
        # every proof has these ids, which nothing refers to
        "ids of proofs",
        re.compile(r'(<(?:div|section) class="[^"]*\b(?:content|proof)\b[^"]*") id="proof(?:-content)?"'),
        r"\1",
    ),
    (
        # the search page has the theme's field twice
        "id of the hidden search field",
        re.compile(
            r'(<div class="search-button__search-container">(?:[^<]|<(?!/form))*?<input[^>]*?)\s+id="search-input"'
        ),
        r"\1",
    ),
    (
        # on a telephone the picture scrolls inside this, and the caption below it stays
        "pictures of figures",
        re.compile(r"(<figure\b[^>]*>\s*)(<img\b[^>]*>)"),
        r'\1<div class="wide-picture">\2</div>',
    ),
)
# Inline mathematics that text touches on either side.
FORMULA = re.compile(r'<span class="math">')
SPAN = re.compile(r"<(/?)span\b[^>]*>")
HELD = '<span class="held">'
VIEWPORT = re.compile(r'\s*<meta name="viewport" content="width=device-width, initial-scale=1(?:\.0)?"\s*/?>')


def mend(html: str) -> str:
    """The page with the theme's omissions made good; mending twice changes nothing more."""
    for _, pattern, replacement in MENDS:
        html = pattern.sub(replacement, html)
    html = hold(html)
    first = VIEWPORT.search(html)
    return html if first is None else html[: first.end()] + VIEWPORT.sub("", html[first.end() :])


def hold(html: str) -> str:
    """Keep brackets and punctuation with the formula that they touch: a line may break on either side of it.

    What is held is `(` before and everything up to the next space or tag after it; spaces are left to break.
    """
    parts, done = [], 0
    for formula in FORMULA.finditer(html):
        if formula.start() < done or html.endswith(HELD, 0, formula.start()):
            continue
        start, depth, end = formula.start(), 0, len(html)
        for tag in SPAN.finditer(html, start):
            depth += -1 if tag[1] else 1
            if depth == 0:
                end = tag.end()
                break
        after = re.compile(r"[^\s<]*").match(html, end)
        before = start - 1 if html[start - 1] in "([" else start
        held = HELD in html[max(0, before - len(HELD)) : start]
        if after and not held and (after[0] or before < start):
            parts += [html[done:before], HELD, html[before : after.end()], "</span>"]
            done = after.end()
    return "".join([*parts, html[done:]])

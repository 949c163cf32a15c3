"""What the theme leaves undone, mended after the pages are written.

- A page loads nothing from another host: the build fails where one would.
- A formula that KaTeX could not set fails the build too.
- Names and landmarks that screen readers need, and dead weight that nobody needs.
"""

from __future__ import annotations

import re
import shutil
import socket
import time
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from subprocess import PIPE, Popen

from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinxcontrib import katex

# Attributes by which an element makes a browser fetch something, other than <link href>.
FETCHES = {"src", "srcset", "data", "poster", "background", "xlink:href"}
# Elements that only name an address, or lead there when the reader asks for it.
LINKS = {"a", "area", "form", "base", "q", "blockquote"}
FETCHING_RELATIONS = {
    "stylesheet", "preload", "prefetch", "modulepreload", "icon", "apple-touch-icon", "preconnect",
    "dns-prefetch", "manifest",
}  # fmt: skip
CSS_URL = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""")
JS_URL = re.compile(r"""(?:import\s*\(?|importScripts\(|fetch\()\s*["'`]((?:https?:)?//[^"'`]+)""")

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
VIEWPORT = re.compile(r'\s*<meta name="viewport" content="width=device-width, initial-scale=1(?:\.0)?"\s*/?>')


class _Fetched(HTMLParser):
    """Collects the addresses that a page makes a browser fetch from another host."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in ("style", "script") else ""
        values = {name: value or "" for name, value in attrs}
        self.found += CSS_URL.findall(values.get("style", ""))
        if tag in LINKS:
            return
        relation = set(values.get("rel", "").lower().split())
        fetches = FETCHES | ({"href"} if tag != "link" or relation & FETCHING_RELATIONS else set())
        for name in fetches & values.keys():
            addresses = values[name].split(",") if name == "srcset" else [values[name]]
            self.found += [a.split()[0] for a in addresses if re.match(r"\s*(?:https?:)?//", a)]

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found += (CSS_URL if self.inside == "style" else JS_URL).findall(data)


def fetched(html: str) -> list[str]:
    """Addresses on other hosts that a browser would fetch to show `html`."""
    parser = _Fetched()
    parser.feed(html)
    return parser.found


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


def pages(site: Path) -> list[Path]:
    """Every page; templates that the theme leaves among its static files are none."""
    return [page for page in sorted(site.rglob("*.html")) if "_static" not in page.relative_to(site).parts]


def faults(site: Path) -> Iterator[str]:
    """What must not leave this machine: pages and styles that fetch from elsewhere, maths in red."""
    for page in pages(site):
        text, name = page.read_text(encoding="utf-8"), page.relative_to(site)
        yield from (f"{name} loads {address}" for address in fetched(text))
        yield from (f"{name} holds a formula KaTeX cannot set: {t}" for t in katex_errors(text))
    for style in sorted(site.rglob("*.css")):
        found = CSS_URL.findall(style.read_text(encoding="utf-8", errors="replace"))
        yield from (f"{style.relative_to(site)} loads {address}" for address in found)


def katex_errors(html: str) -> list[str]:
    """KaTeX's complaint for each formula that it could not set."""
    return re.findall(r'class="katex-error"[^>]*title="([^"]*)"', html)


def start_katex(rundir: Path, timeout: float) -> tuple[Popen[bytes], socket.socket]:
    """KaTeX's server on a unix socket, asked until it listens.

    The extension's own start connects once, at times before node listens; its network socket holds
    each formula back for 40 ms, because it goes out in two pieces.
    """
    path = rundir / "katex.sock"
    process = Popen(katex.KaTeXServer.build_command(socket=path), stdin=PIPE, stdout=PIPE, cwd=rundir)
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
        else:
            return process, connection
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


def copy_katex(app: Sphinx) -> None:
    """KaTeX's style and the fonts that browsers take of it; the scripts stay behind."""
    if app.builder.format != "html":
        return
    source = Path(app.srcdir, "node_modules", "katex", "dist")
    if not source.is_dir():
        raise SphinxError("KaTeX's fonts are missing; 'npm ci' in the project's folder brings them")
    target = Path(app.outdir, "_static", "vendor", "katex")
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    style = (source / "katex.min.css").read_text(encoding="utf-8")
    only_woff2 = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)', "", style)
    (target / "katex.min.css").write_text(only_woff2, encoding="utf-8")
    for font in (source / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts" / font.name)


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


class AuthorYear(BaseLabelStyle):
    """The list of sources is keyed as the text cites: by authors and year."""

    def format_labels(self, entries):
        for entry in entries:
            names = [" ".join([*person.prelast_names, *person.last_names]) for person in entry.persons["author"]]
            names = [name.replace("{", "").replace("}", "") for name in names]
            authors = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
            yield f"{authors}, {entry.fields['year']}"


class Sources(PlainStyle):
    default_label_style = AuthorYear


def choose(app: Sphinx, config: Config) -> None:
    """Key the sources by author and year; write no index of theorems, whose titles it does not know."""
    config.bibtex_default_style = "sources"
    config.html_domain_indices = False


def setup(app: Sphinx) -> dict[str, object]:
    # A loaded machine takes longer to start node than the extension's five seconds.
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KaTeXServer.start_server_process = start_katex
    register_plugin("pybtex.style.formatting", "sources", Sources)
    app.connect("config-inited", choose)
    app.connect("builder-inited", copy_katex)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

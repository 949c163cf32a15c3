"""The guard at the door: a page that loads from another host, or holds maths in red, must not leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

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

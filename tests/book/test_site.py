"""Laws of the built site: it is whole, loads nothing from elsewhere, and holds nothing that must not leave."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import offline
import pytest

from autograder import paths
from autograder.authoring import pages, slicing


def sources():
    return [path.read_text(encoding="utf-8") for path in sorted((paths.SOLUTIONS / "shrinkage").rglob("*.py"))]


def seen(path):
    """A file's text, and the same without its tags: highlighting cuts lines into pieces."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return text + html.unescape(re.sub(r"<[^>]*>", "", text))


class Anchors(HTMLParser):
    """Links and ids of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids.add(values.get("id"))
        if tag == "a" and values.get("href"):
            self.links.add(values["href"])
        self.links |= {values[name] for name in ("src",) if values.get(name)}


def test_every_listed_page_is_built(site):
    for page in pages.listed_pages():
        assert (site / "book" / f"{page}.html").is_file(), page
    assert (site / "index.html").is_file()


def test_no_page_loads_from_another_host_and_every_formula_is_set(site):
    assert list(offline.faults(site)) == []


def test_mathematics_is_set_without_a_script(site):
    chapter = (site / "book" / "ridge" / "index.html").read_text(encoding="utf-8")
    assert chapter.count('class="katex"') > 20
    assert "mathjax" not in chapter.lower()


def test_every_link_inside_the_site_leads_somewhere(site):
    parsed = {page: Anchors(page.read_text(encoding="utf-8")) for page in offline.pages(site)}
    dead = []
    for page, anchors in parsed.items():
        for link in anchors.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            anchors_there = parsed[target].ids if target in parsed else {unquote(parts.fragment)}
            if not target.is_file() or (parts.fragment and unquote(parts.fragment) not in anchors_there):
                dead.append(f"{page.name}: {link}")
    assert dead == []


def test_no_line_between_the_markers_is_in_the_site(site):
    secret = set().union(*(slicing.secrets(source) for source in sources()))
    assert secret
    leaks = [
        f"{path.relative_to(site)}: {line}"
        for path in sorted(site.rglob("*"))
        if path.suffix in {".html", ".js", ".txt", ".json", ".svg", ".css"}
        for text in [seen(path)]
        for line in secret
        if line in text
    ]
    assert leaks == []


def test_no_model_answer_is_in_the_site(site):
    answers = [path for path in (paths.SOLUTIONS / "answers").rglob("*") if path.suffix in {".md", ".py"}]
    lines = {line.strip() for path in answers for line in path.read_text(encoding="utf-8").splitlines()}
    secret = {line for line in lines if len(line) >= 40}
    assert secret
    texts = {path: seen(path) for path in offline.pages(site)}
    assert [f"{path.name}: {line}" for path, text in texts.items() for line in secret if line in text] == []


def test_only_what_a_browser_reads_is_in_the_site(site):
    allowed = {
        ".html", ".js", ".css", ".svg", ".png", ".jpg", ".woff2", ".woff", ".ttf", ".map", ".inv", ".json", ".mo",
        ".po", ".txt", ".gif", ".ico", ".eot",
    }  # fmt: skip
    assert {path.suffix for path in site.rglob("*") if path.is_file()} <= allowed
    assert not (site / "reports").exists()


@pytest.mark.parametrize("slug", pages.chapters())
def test_every_exercise_is_shown_with_its_stub(site, slug):
    text = seen(site / "book" / slug / "exercises.html")
    tasks = [cell.task for cell in pages.exercise_cells(slug) if cell.task]
    assert tasks
    for task in tasks:
        assert f'id="task-{slug}-{task.id.split(".")[1]}"' in text
        assert task.stub in text


def test_every_picture_has_a_text_in_its_place(site):
    """An empty text is allowed on ornaments only, and a page of the book holds none."""
    for page in offline.pages(site):
        article = page.read_text(encoding="utf-8").partition("<article")[2].partition("</article>")[0]
        for image in re.findall(r"<img\b[^>]*>", article):
            alt = re.search(r'\balt="([^"]*)"', image)
            assert alt, f"{page.name}: {image}"
            assert len(alt.group(1)) > 20, f"{page.name}: {image}"
            assert not alt.group(1).endswith((".png", ".svg")), f"{page.name}: {image}"

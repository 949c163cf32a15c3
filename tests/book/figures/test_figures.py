"""Laws of the figures' pipeline: a page loads what its figures need, and none stays empty unnoticed."""

import re
from types import SimpleNamespace

import figures
import offline
import pytest

LOADED = re.compile(r'(?:src|href)="[^"]*_static/figures/([\w-]+\.(?:js|css))')


@pytest.fixture
def app(tmp_path):
    """Sphinx, as far as the extension sees it, with one figure that has a style and one that has none."""
    folder = tmp_path / figures.FOLDER
    folder.mkdir(parents=True)
    for name in ("lab.js", "lab.css", "one-lab.js", "one-lab.css", "other-lab.js"):
        (folder / name).touch()
    added = []
    return SimpleNamespace(
        srcdir=tmp_path,
        added=added,
        add_css_file=lambda name, **_: added.append(name),
        add_js_file=lambda name, **_: added.append(name),
    )


def load(app, body):
    figures.load(app, "book/a", "page.html", {"body": body}, None)
    return [name.removeprefix("figures/") for name in app.added]


@pytest.mark.parametrize(
    ("body", "loaded"),
    [
        ("<p>None.</p>", []),
        ("<code>&lt;one-lab&gt;</code><a href='one-lab.html'>one-lab</a>", []),
        ("<one-lab></one-lab><one-lab\n></one-lab>", ["lab.css", "lab.js", "one-lab.css", "one-lab.js"]),
        ("<p><other-lab class='a'></other-lab></p>", ["lab.css", "lab.js", "other-lab.js"]),
    ],
)
def test_a_page_loads_the_files_of_its_figures_and_no_others(app, body, loaded):
    assert load(app, body) == loaded


def test_a_figure_without_a_script_fails_the_build_and_names_its_page(app, monkeypatch):
    said = []
    monkeypatch.setattr(figures.LOGGER, "warning", lambda *words, **place: said.append((words[0] % words[1:], place)))
    assert load(app, "<no-such-lab></no-such-lab>") == []
    [(text, place)] = said
    assert "no-such-lab.js" in text
    assert place == {"location": "book/a"}


def test_every_page_of_the_site_loads_the_files_of_its_figures_and_no_others(site):
    with_figures = 0
    for page in offline.pages(site):
        text = page.read_text(encoding="utf-8")
        names = set(figures.ELEMENT.findall(text))
        wanted = {f"{name}.{end}" for name in names | {"lab"} for end in ("js", "css")} if names else set()
        assert set(LOADED.findall(text)) == wanted, page
        with_figures += bool(names)
    assert with_figures

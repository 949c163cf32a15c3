"""Laws of the package's page: all that is public and nothing private, in words and links that a reader can follow."""

import html
import importlib
import inspect
import re

import api
import pytest

from autograder import paths

FOLDER = paths.SOLUTIONS / "shrinkage"


def offered():
    """Every public name of the package, written as its anchor on the page."""
    for module in api.modules(FOLDER):
        loaded = importlib.import_module(f"shrinkage.{module}")
        for name, value in vars(loaded).items():
            if name.startswith("_") or getattr(value, "__module__", "") != loaded.__name__ or not callable(value):
                continue
            yield f"{loaded.__name__}.{name}"
            methods = vars(value).items() if inspect.isclass(value) else ()
            for method, what in methods:
                if not method.startswith("_") and (inspect.isfunction(what) or isinstance(what, property)):
                    yield f"{loaded.__name__}.{name}.{method}"


@pytest.fixture(scope="module")
def article(site):
    page = (site / "book" / "api.html").read_text(encoding="utf-8")
    return page.partition("<article")[2].partition("</article>")[0]


def test_every_public_name_has_its_place_and_no_private_one(article):
    anchors = re.findall(r'<dt\b[^>]*\bid="(shrinkage\.[\w.]+)"', article)
    assert sorted(anchors) == sorted(offered())


def test_a_signature_is_that_of_the_source_without_module_or_annotations(article):
    said = [html.unescape(re.sub(r"<[^>]*>", "", dt)).split("#")[0].strip()
            for dt in re.findall(r"<dt\b[^>]*\bsig-object.*?</dt>", article, re.DOTALL)]  # fmt: skip
    # Numbers as the source writes them.
    assert any(signature.startswith("fit(X, y, loss,") and "max_iter=10_000" in signature for signature in said)
    assert "class ElasticNet(l1_ratio=1.0, factor=None, positive=False)" in said
    assert not any("shrinkage." in signature or ": " in signature for signature in said)


def test_no_markup_is_left_over(article):
    prose = re.sub(r'<div class="(?:doctest )?highlight.*?</div>', "", article, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]*>", "", prose))
    assert re.findall(r".{30}(?:\{[a-z:]+\}`|:[a-z]+:`|`|\\|----).{0,30}", text) == []


def test_what_a_docstring_cites_is_a_link_with_the_number_of_the_book(article):
    assert re.search(r'href="ridge/index\.html#equation-eq-ridge-objective">\(1\.1\)</a>', article)
    assert 'href="lam-and-alpha.html#sec-lam-and-alpha"' in article


def test_a_module_stands_before_those_that_it_imports(tmp_path):
    folder = tmp_path / "shrinkage"
    folder.mkdir()
    sources = {
        "a": "from shrinkage import d",
        "b": "",
        "c": "def f():\n    from shrinkage.a import g\n",
        "d": "import shrinkage.e",
        "e": "import numpy.linalg",
        "_hidden": "import c",
    }
    for name, text in sources.items():
        (folder / f"{name}.py").write_text(text)
    assert api.modules(folder) == ["c", "a", "d", "b", "e"]


@pytest.mark.parametrize(
    ("docstring", "written"),
    [
        ("Value at `w`, {eq}`eq-objective`.", "Value at `w`, :eq:`eq-objective`."),
        ("See {ref}`the page <sec-api>`.", "See :ref:`the page <sec-api>`."),
        ("Of {eq}`eq-not-yet`, {ref}`a page <ch-not-yet>`.", "Of equation eq-not-yet, a page."),
        ("Where |w| * 2 is ``|a| * b_``\nand `c_`, d_ is.", "Where \\|w\\| \\* 2 is ``|a| * b_``\nand `c_`, d\\_ is."),
        ("A sum over\n``|w_j| and\n|v_j|`` is.", "A sum over\n``|w_j| and\n|v_j|`` is."),
        ("It is\n\n    P(w) = |w|\n    + 1,\n\nor not.", "It is\n\n| P(w) = \\|w\\|\n| + 1,\n\nor not."),
        ("Parameters\n----------\nx_ : a | b\n    Of |x|.\n\n    And *y*.",
         "Parameters\n----------\nx_ : a | b\n    Of \\|x\\|.\n\n    And \\*y\\*."),
        ("Examples\n--------\n>>> a | b * c_\n'{eq}`x`'", "Examples\n--------\n>>> a | b * c_\n'{eq}`x`'"),
    ],
)  # fmt: skip
def test_prose_of_a_docstring_in_restructuredtext(docstring, written):
    assert "\n".join(api.translated(docstring.split("\n"))).strip() == written

"""Formulas become MathML, code and money stay, and no TeX becomes anything but mathematics."""

import re
from html.parser import HTMLParser

import pytest

from autograder import mathml
from autograder.feedback_page import safe_markdown


def test_formulas_become_mathml_and_code_does_not():
    shown = mathml.with_mathml("<p>$\\frac{1}{2n}$ and $$X^\\top y$$</p><pre>$x$</pre><code>$y$</code>")
    assert shown.count("<math") == 2
    assert 'display="block"' in shown
    assert "<pre>$x$</pre><code>$y$</code>" in shown


def test_a_formula_survives_markdown():
    shown = safe_markdown("Since $\\lVert w\\rVert_2^2 > 0$ and $a_i b_i < c$, it holds.")
    assert shown.count("<math") == 2
    assert "<em>" not in shown


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{<script>alert(1)</script>}",
        r"</math><script>alert(1)</script>",
        r"\style{background:url(x)}{x}",
        r'\color{red" onclick="alert(1)}{x}',
        r"\frac{1",
        "{" * 400 + "}" * 400,
    ],
)
def test_no_tex_becomes_anything_but_mathematics(tex):
    shown = safe_markdown(f"before ${tex}$ after")
    assert not re.search(r"<(script|a|img|svg|style)\b|\bon[a-z]+=\"|href=|style=", shown)
    assert "before" in shown
    assert "after" in shown


def test_what_cannot_be_converted_stays_tex():
    assert mathml.with_mathml("<p>$" + "x" * (mathml.LONGEST + 1) + "$</p>").count("$") == 2
    many = "<p>" + "$x$ " * (mathml.MOST + 5) + "</p>"
    assert mathml.with_mathml(many).count("<math") == mathml.MOST


@pytest.mark.parametrize(
    "text",
    [
        '<a title="$x$<img src=z onerror=alert(1)>">q</a>',
        '[q](http://e.org "$x$<img src=z onerror=alert(1)>")',
        "[q](http://e.org/$x$<img/src=z/onerror=alert(1)>)",
        '<ol start="$x$<script>alert(1)</script>"><li>q</ol>',
        '<div title="\n\n$x$<img src=z onerror=alert(1)>\n\n">q</div>',
        '<a href="http://e.org/" title=\'$x$"><img src=z onerror=alert(1)>\'>q</a>',
        '`<a title="`$x$`<img src=z onerror=alert(1)>`',
        "$x$<meta http-equiv=refresh content=0>$y$",
        r"$\unicode{x202e}$ and $\hspace{99999em}$",
    ],
)
def test_a_formula_in_an_attribute_opens_nothing(text):
    """What a browser's parser makes of the page, not what the text looks like."""
    met = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            met.append((tag, [name for name, _ in attributes]))

    shown = safe_markdown(f"before {text} after")
    Reader().feed(shown)
    assert not {tag for tag, _ in met} & {"img", "script", "meta", "style", "svg"}
    assert not [name for _, names in met for name in names if name.startswith("on") or name in ("style", "width")]
    assert "\u202e" not in shown

"""Formulas become MathML, code and money stay, and no TeX becomes anything but mathematics."""

import re

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

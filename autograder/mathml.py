"""TeX formulas in sanitised HTML as MathML, which every browser shows without a script.

The TeX is a student's: what the converter makes of it is rebuilt from a list of harmless
elements and attributes, and whatever cannot be converted stays as its TeX.
"""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree import ElementTree

from latex2mathml.converter import convert

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
ELEMENTS = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup"}
ELEMENTS |= {"msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"}
ATTRIBUTES = {"display", "accent", "stretchy", "width", "fence", "form", "separator", "mathvariant", "columnalign"}
MOST, LONGEST = 200, 1000
KEPT = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>)", re.DOTALL)
FORMULA = re.compile(r"\$\$([^$<>]+)\$\$|\$([^$<>]+)\$")


def with_mathml(html: str) -> str:
    """The page text with its formulas converted, except in code."""
    left = MOST

    def formula(match: re.Match[str]) -> str:
        nonlocal left
        tex = unescape(match[1] or match[2])
        left -= 1
        if left < 0 or len(tex) > LONGEST:
            return match[0]
        return _mathml(tex, "block" if match[1] else "inline") or match[0]

    parts = KEPT.split(html)
    # The pattern's group makes every second part a stretch of code.
    return "".join(part if i % 2 else FORMULA.sub(formula, part) for i, part in enumerate(parts))


def _mathml(tex: str, display: str) -> str:
    try:
        tree = ElementTree.fromstring(convert(tex, display=display))
        return _harmless(tree)
    except Exception:
        # The converter has errors of many kinds for TeX it does not know; the formula is then shown as TeX.
        return ""


def _harmless(node: ElementTree.Element) -> str:
    name = node.tag.removeprefix(NAMESPACE)
    if name not in ELEMENTS:
        raise ValueError(f"element {name}")
    attributes = "".join(f' {k}="{escape(v)}"' for k, v in node.attrib.items() if k in ATTRIBUTES)
    return f"<{name}{attributes}>{escape(node.text or '')}{''.join(map(_harmless, node))}</{name}>"

"""TeX formulas in sanitised HTML as MathML, which every browser shows without a script.

The TeX is a student's: what the converter makes of it is rebuilt from a list of harmless
elements and attributes (widths are not among them: they could move text about the page), and
whatever cannot be converted stays as its TeX.
"""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree import ElementTree

from latex2mathml.converter import convert

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
ELEMENTS = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup"}
ELEMENTS |= {"msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"}
ATTRIBUTES = {"display", "accent", "stretchy", "fence", "form", "separator", "mathvariant", "columnalign"}
MOST, LONGEST = 200, 1000
# A tag as a sanitiser writes it: values stand in double quotes, which are escaped inside, and may hold < and >.
TAG = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')
CODE = re.compile(r"<(/?)(?:pre|code)\b")
FORMULA = re.compile(r"\$\$([^$<>]+)\$\$|\$([^$<>]+)\$")
# Marks of direction and of no width, which TeX can name by number.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def with_mathml(html: str) -> str:
    """Sanitised HTML with the formulas of its text converted: never those in a tag, nor in code.

    The result has to be sanitised once more, with `ELEMENTS` and `ATTRIBUTES` allowed, so that a
    mistake in telling text from tags can make a page wrong and never alive.
    """
    left, inside_code = MOST, 0

    def formula(match: re.Match[str]) -> str:
        nonlocal left
        tex = unescape(match[1] or match[2])
        left -= 1
        if left < 0 or len(tex) > LONGEST:
            return match[0]
        return _mathml(tex, "block" if match[1] else "inline") or match[0]

    made = []
    for i, part in enumerate(TAG.split(html)):
        if i % 2:
            if code := CODE.match(part):
                inside_code += -1 if code[1] else 1
            made.append(part)
        else:
            made.append(part if inside_code > 0 else FORMULA.sub(formula, part))
    return "".join(made)


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
    text = UNSEEN.sub("\ufffd", node.text or "")
    return f"<{name}{attributes}>{escape(text)}{''.join(map(_harmless, node))}</{name}>"

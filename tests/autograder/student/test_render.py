"""Verdicts in words: whole, escaped, and readable on any background."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder import render
from autograder.manifest import Manifest
from autograder.verdict import CheckResult, Diagnosis, Verdict

SECTION = "sec-ridge-closed-form"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> & \"quoted\" 'so'"


def result(name: str, passed: bool, said: str = "an array of shape (3,)", gate: bool = False) -> CheckResult:
    return CheckResult(
        name, f"The law of {name}", passed, 1.0, gate, f"case of {name}", said, f"why {name}", SECTION, 0.0
    )


def failed(said: str = "an array of shape (3,)") -> Verdict:
    found = Diagnosis("lam-not-times-n", f"The penalty lacks its `n`. {said}", "sec-ridge-closed-form")
    results = (result("runs", True, gate=True), result("optimal", False, said), result("agrees", True))
    return Verdict("ridge.closed_form", 0.5, results, (found,), notes=(f"a note {said}",))


class Tags(HTMLParser):
    """Checks nesting, and gathers tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert not tags.open
    return tags


def test_what_student_code_said_is_escaped_wherever_it_stands(manifest: Manifest) -> None:
    said = [failed(HOSTILE), Verdict(HOSTILE, 0.0, refused=HOSTILE, notes=(HOSTILE,))]
    for html in [*(render.html(v, manifest, level=HOSTILE) for v in said), render.notice(HOSTILE)]:
        tags = parsed(html)
        assert not tags.seen & {"script", "img"}
        assert tags.attributes <= {"style", "aria-label", "role", "href"}
        assert "alert(1)" in tags.words


def test_the_diagnosis_stands_before_the_checks_and_the_failed_ones_before_the_passed(manifest: Manifest) -> None:
    for words in (parsed(render.html(failed(), manifest)).words, render.text(failed(), manifest)):
        words = " ".join(words.replace("|", " ").split())
        order = ["This looks like: The penalty lacks", "The law of optimal", "2 of 3 checks"]
        places = [words.index(part) for part in order]
        assert places == sorted(places)
        for part in ("case of optimal", "an array of shape (3,)", "why optimal", "The closed form", "1 of 2 points"):
            assert part in words


def test_each_kind_of_sentence_of_a_verdict_is_shown_in_both_forms(manifest: Manifest) -> None:
    verdict = Verdict("ridge.closed_form", 0.0, refused="line 3: a magic.", notes=("Mind this.",))
    for words in (
        parsed(render.html(verdict, manifest, level="A")).words,
        render.text(verdict, manifest, level="A"),
    ):
        for part in ("line 3: a magic.", "Mind this.", "jail level A", "2 hints", "not passed", "0 of 2 points"):
            assert part in words


def test_behind_a_failed_gate_the_other_failures_are_only_counted(manifest: Manifest) -> None:
    results = (result("runs", False, gate=True), result("shape", False, gate=True), result("optimal", False))
    verdict = Verdict("ridge.closed_form", 0.0, results)
    text = render.text(verdict, manifest)
    assert "case of runs" in text
    assert "case of optimal" not in text
    for words in (text, parsed(render.html(verdict, manifest)).words):
        assert "2 checks can be made once that one passes" in words


def test_what_waits_for_several_checks_is_not_said_to_wait_for_one(manifest: Manifest) -> None:
    waits = replace(result("agrees", False), waiting=True)
    for failed_ones, said in ((("optimal",), "once that one passes"), (("optimal", "stacked"), "once those pass")):
        verdict = Verdict("ridge.closed_form", 0.2, (*(result(name, False) for name in failed_ones), waits))
        for words in (render.text(verdict, manifest), parsed(render.html(verdict, manifest)).words):
            assert f"1 check can be made {said}" in words


def test_several_failures_of_one_named_cause_are_folded_and_stand_in_one_line_each(manifest: Manifest) -> None:
    several = replace(failed(), results=tuple(result(name, False) for name in ("optimal", "stacked", "shifted")))
    html, text = render.html(several, manifest), render.text(several, manifest)
    assert parsed(html[html.index("<details") : html.index("</details>") + len("</details>")]).words.startswith(
        "3 checks not passed"
    )
    assert "case of stacked" in html
    assert "case of optimal" in text
    assert "[not passed] The law of shifted" in text
    assert "case of shifted" not in text
    for unexplained in (replace(several, diagnoses=()), failed()):
        assert "not passed, with" not in render.html(unexplained, manifest)
    assert "case of shifted" in render.text(replace(several, diagnoses=()), manifest)


def test_behind_a_failed_law_the_comparison_is_only_counted(manifest: Manifest) -> None:
    alone = Verdict("ridge.closed_form", 0.2, (result("runs", True, gate=True), result("agrees", False)))
    behind = replace(alone, results=(*alone.results, result("optimal", False)))
    assert "case of agrees" in render.text(alone, manifest)
    assert "case of agrees" not in render.text(behind, manifest)
    assert "1 check can be made once that one passes" in render.text(behind, manifest)


def test_a_place_is_a_link_only_where_the_book_has_an_address(manifest: Manifest) -> None:
    assert "<a " not in render.html(failed(), manifest)
    assert "index.html" not in render.text(failed(), manifest)
    online = replace(manifest, book_url="https://example.org/book/")
    address = "https://example.org/book/ridge/index.html#sec-ridge-closed-form"
    assert f'<a href="{address}">' in render.html(failed(), online)
    assert address in render.text(failed(), online)
    hostile = replace(manifest, book_url="javascript:alert(1)//")
    assert "<a " not in render.html(failed(), hostile)


def test_points_of_a_judge_take_the_place_of_the_fraction(manifest: Manifest) -> None:
    assert "1.25 of 2 points" in render.text(failed(), manifest, points=1.25)
    assert "1.25 of 2 points" in parsed(render.html(failed(), manifest, points=1.25)).words


def test_almost_full_marks_do_not_look_like_full_marks(manifest: Manifest) -> None:
    assert "1.99 of 2 points" in render.text(Verdict("ridge.closed_form", 0.9999), manifest)
    assert "0.3 of 2 points" in render.text(Verdict("ridge.closed_form", 0.15), manifest)


def test_a_passed_verdict_is_brief_and_offers_no_hints(manifest: Manifest) -> None:
    text = render.text(Verdict("ridge.closed_form", 1.0, (result("optimal", True),)), manifest)
    assert len(text.splitlines()) == 3
    assert "hint" not in text


def test_colours_of_the_page_are_left_alone_but_where_both_are_set(manifest: Manifest) -> None:
    for style in re.findall(r'style="([^"]*)"', render.html(failed(), manifest)):
        properties = dict(part.split(":", 1) for part in style.split(";") if part)
        assert ("color" in properties) == ("background" in properties)


@pytest.mark.parametrize("colour", [render.GREEN, render.RED])
def test_white_on_the_labels_has_the_contrast_that_accessibility_asks_for(colour: str) -> None:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_text_keeps_to_its_width(manifest: Manifest) -> None:
    assert max(map(len, render.text(failed("word " * 100), manifest).splitlines())) <= render.WIDTH

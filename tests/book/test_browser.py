"""Laws of the site in a browser, opened as files: silent, at home, and usable by keyboard in light and dark."""

import re

import numpy as np
import pytest
from shrinkage import ridge

from autograder.authoring import pages

pytestmark = pytest.mark.browser


def open_page(page, site, name):
    page.goto((site / f"{name}.html").as_uri(), wait_until="load")


@pytest.mark.parametrize("name", [f"book/{name}" for name in pages.listed_pages()] + ["genindex", "search"])
def test_a_page_is_silent_and_asks_nothing_of_other_hosts(page, site, name):
    open_page(page, site, name)
    page.wait_for_timeout(100)
    assert page.complaints == []
    assert page.evaluate("document.documentElement.dataset.theme") == page.mode


def test_the_site_s_own_address_leads_to_the_book(page, site):
    open_page(page, site, "index")
    page.wait_for_url("**/book/index.html")
    assert page.complaints == []


@pytest.mark.parametrize("name", [f"book/{name}" for name in pages.listed_pages()])
def test_a_page_never_scrolls_sideways_on_a_telephone(page, site, name):
    page.set_viewport_size({"width": 390, "height": 800})
    open_page(page, site, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_figure_is_moved_by_keyboard_and_says_what_the_package_computes(page, site):
    open_page(page, site, "book/ridge/index")
    page.locator("ridge-lab input").first.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    said = page.locator("ridge-lab figcaption").inner_text()
    page.wait_for_function("document.querySelector('ridge-lab [role=status]').textContent !== ''")
    assert len(page.locator("ridge-lab [role=status]").inner_text()) < 60 < len(said)
    lam = 10 ** float(page.locator("ridge-lab input").first.input_value())
    data = page.evaluate("RidgeLab.data(Number(document.querySelectorAll('ridge-lab input')[1].value))")
    X, y = np.array(data["X"]), np.array(data["y"])
    w = ridge.closed_form(X, y, lam)
    kept = ridge.filter_factors(np.array(data["d"]), len(y), lam)
    for number in (*kept, *w, np.linalg.norm(w)):
        assert f"{number:.2f}".replace("-", "−") in said
    assert page.locator("ridge-lab input").first.get_attribute("aria-valuetext").startswith("λ = ")
    assert page.complaints == []


def test_a_figure_has_the_ground_of_its_page(page, site):
    open_page(page, site, "book/ridge/index")
    grounds = page.evaluate(
        "[...document.querySelectorAll('article .cell_output img')].map((i) => getComputedStyle(i).backgroundColor)"
    )
    assert grounds
    assert set(grounds) == {"rgba(0, 0, 0, 0)"}


def test_a_formula_wider_than_a_telephone_is_reached_by_keyboard(page, site):
    page.set_viewport_size({"width": 390, "height": 800})
    open_page(page, site, "book/ridge/index")
    page.wait_for_timeout(100)
    wide = page.evaluate(
        """[...document.querySelectorAll(".katex-display")]
             .filter((formula) => formula.scrollWidth > formula.clientWidth)
             .map((formula) => formula.getAttribute("tabindex"))"""
    )
    assert wide
    assert set(wide) == {"0"}


def test_a_hint_is_opened_by_keyboard(page, site):
    open_page(page, site, "book/ridge/exercises")
    hint = page.locator("details.task-hint").first
    assert hint.get_attribute("open") is None
    hint.locator("summary").focus()
    page.keyboard.press("Enter")
    assert hint.get_attribute("open") is not None


def test_search_finds_the_chapter(page, site):
    page.goto((site / "search.html").as_uri() + "?q=leverage")
    page.wait_for_selector("#search-results li a")
    assert any("ridge" in link.get_attribute("href") for link in page.locator("#search-results li a").all())
    assert page.complaints == []


def test_an_example_is_copied_without_prompts_and_answers(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, site, "book/api")
    example = page.locator("div.doctest", has_text="soft_threshold(").first
    assert example.inner_text().startswith(">>> soft_threshold(")
    example.locator("button.copybtn").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == "soft_threshold(np.array([3., 0.5, -2.]), 1.0)"


def test_text_and_its_background_differ(page, site):
    """Body text, code and links reach the contrast 4.5 of WCAG AA in both modes."""
    open_page(page, site, "book/ridge/exercises")
    for selector in ("article p", "article section.task a.reference", ".task-meta", "summary", ".highlight pre"):
        colours = page.evaluate(
            """(selector) => {
              const element = document.querySelector(selector);
              let behind = element;
              const ground = (e) => getComputedStyle(e).backgroundColor;
              while (behind.parentElement && ground(behind) === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
              return [getComputedStyle(element).color, ground(behind)];
            }""",
            selector,
        )
        assert contrast(*colours) >= 4.5, (selector, colours)


def contrast(text, background):
    """WCAG's ratio of relative luminances."""

    def luminance(colour):
        values = np.array([float(part) for part in re.findall(r"[\d.]+", colour)[:3]]) / 255
        linear = np.where(values <= 0.03928, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    light, dark = sorted([luminance(text), luminance(background)], reverse=True)
    return (light + 0.05) / (dark + 0.05)

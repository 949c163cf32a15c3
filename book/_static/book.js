/* A formula, a table, a picture or an example wider than its column scrolls by itself; give the keyboard a way into it, and only then. */
function reachWide() {
  for (const wide of document.querySelectorAll("div.math > .katex-display, .pst-scrollable-table-container, .wide-picture, .doctest pre")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute("tabindex");
  }
}
addEventListener("load", reachWide);
addEventListener("resize", reachWide);

/* A formula wider than its column scrolls by itself; give the keyboard a way into it, and only then. */
function reachFormulas() {
  for (const formula of document.querySelectorAll("div.math > .katex-display")) {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  }
}
addEventListener("load", reachFormulas);
addEventListener("resize", reachFormulas);

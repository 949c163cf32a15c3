/* What every figure shares: its frame, its sliders, how it writes numbers and when it speaks.
 *
 * A figure is a class of its own file: it calls `frame` once and has a method `draw`, which
 * leaves in `shown` what it shows.  A classic script without dependencies: it also works from
 * file://, and in node, where there are no elements.
 */
class Lab extends (globalThis.HTMLElement ?? Object) {
  /* Two significant digits: 0.0010, 0.16, 1.6, 100. */
  static number(x) {
    return x >= 10 ? x.toFixed(0) : x.toPrecision(2);
  }

  /* Two digits behind the point, or one that tells it from zero: only what is exactly zero is written 0. */
  static fixed(x) {
    const text = x === 0 ? "0" : Math.abs(x) < 0.005 ? x.toPrecision(1) : x.toFixed(2);
    return text.replace("-", "−");
  }

  static vector(v) {
    return `(${v.map(Lab.fixed).join(", ")})`;
  }

  /* The system whose rows are [A | b], by elimination with pivots; null where A is singular. */
  static solve(rows) {
    for (let j = 0; j < rows.length; j++) {
      let best = j;
      for (let i = j + 1; i < rows.length; i++) if (Math.abs(rows[i][j]) > Math.abs(rows[best][j])) best = i;
      [rows[j], rows[best]] = [rows[best], rows[j]];
      if (Math.abs(rows[j][j]) < 1e-10) return null;
      for (let i = 0; i < rows.length; i++) {
        const factor = i === j ? 0 : rows[i][j] / rows[j][j];
        for (let k = j; factor && k <= rows.length; k++) rows[i][k] -= factor * rows[j][k];
      }
    }
    return rows.map((row, j) => row[rows.length] / row[j]);
  }

  /* An SVG path through points. */
  static line(points) {
    return `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
  }

  /* The figure's elements.  A slider [name, label, min, max, step, value, words under it] becomes this[name];
   * a picture is the sentence that stands for it, its svg is in this.pictures; `more` goes below the pictures. */
  frame({ title, sliders, pictures, more = "" }) {
    const tag = this.localName, id = `${tag}-${(Lab.count = (Lab.count ?? 0) + 1)}`;
    const slider = ([name, label, min, max, step, value, words]) => `
      <label for="${id}-${name}">${label} <output for="${id}-${name}"></output></label>
      <div><input id="${id}-${name}" name="${name}" type="range" min="${min}" max="${max}" step="${step}" value="${value}">
      ${words ? `<div class="lab-ticks" aria-hidden="true">${words.map((word) => `<span>${word}</span>`).join("")}</div>` : ""}</div>`;
    this.innerHTML = `
      <figure class="lab ${tag}" aria-labelledby="${id}-title">
        <p class="lab-title" id="${id}-title">${title}</p>
        <div class="lab-controls">${sliders.map(slider).join("")}</div>
        <div class="lab-pictures">${pictures.map((said) => `<svg viewBox="0 0 320 320" role="img" aria-label="${said}"></svg>`).join("")}</div>
        ${more}
        <figcaption></figcaption>
        <p class="lab-said" role="status"></p>
      </figure>`;
    for (const input of this.querySelectorAll("input[type=range]")) this[input.name] = input;
    this.pictures = this.querySelectorAll(".lab-pictures svg");
    this.addEventListener("input", () => this.draw());
  }

  /* What a slider stands at, beside it and to a screen reader. */
  tell(input, text) {
    this.querySelector(`output[for=${input.id}]`).textContent = text;
    input.setAttribute("aria-valuetext", text);
  }

  /* The caption, at once; a screen reader is told the outcome once the hand rests, and not at the start. */
  say(caption, outcome) {
    this.querySelector("figcaption").textContent = caption;
    clearTimeout(this.resting);
    if (this.drawn) this.resting = setTimeout(() => { this.querySelector("[role=status]").textContent = outcome; }, 600);
    this.drawn = true;
  }
}

globalThis.Lab = Lab;

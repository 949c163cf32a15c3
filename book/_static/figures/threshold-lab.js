/* <threshold-lab>: what a penalty makes of one number z, and why.
 *
 * Left, the solution w of  min 1/2 (w - z)^2 + lam penalty(w)  against z, for the lasso, ridge and the
 * elastic net, with the hard threshold for contrast.  Right, the condition that it solves: z is in
 * w + lam times the subdifferential of the penalty, a graph with a vertical piece at 0; its
 * mirror image at the diagonal is the curve on the left.  It needs lab.js.
 */
class ThresholdLab extends Lab {
  static soft(z, t) { return Math.abs(z) <= t ? 0 : Math.sign(z) * (Math.abs(z) - t); }
  static ridge(z, lam) { return z / (1 + lam); }
  static net(z, lam, rho) { return ThresholdLab.soft(z, lam * rho) / (1 + lam * (1 - rho)); }
  /* No convex penalty has it: it keeps or drops. */
  static hard(z, lam) { return Math.abs(z) <= lam ? 0 : z; }

  /* The interval w + lam d(rho |w| + (1 - rho)/2 w^2); longer than a point only at w = 0. */
  static pulled(w, lam, rho) {
    const middle = w * (1 + lam * (1 - rho)), signs = w === 0 ? [-1, 1] : [Math.sign(w), Math.sign(w)];
    return signs.map((sign) => middle + lam * rho * sign);
  }

  static rules(z, lam, rho) {
    const L = ThresholdLab;
    return { lasso: L.soft(z, lam), ridge: L.ridge(z, lam), net: L.net(z, lam, rho), hard: L.hard(z, lam) };
  }

  connectedCallback() {
    const rows = [
      ["lasso", "Lasso: soft threshold at λ"], ["ridge", "Ridge: z over 1 + λ"],
      ["net", "Elastic net: soft threshold at λρ, over 1 + λ(1 − ρ)"], ["hard", "Hard threshold at λ: keeps or drops"],
    ];
    this.frame({
      title: "Drag z: which rules answer exactly zero, and which move what they keep?",
      sliders: [
        ["z", "Unpenalised answer", -3, 3, 0.05, 1.6],
        ["lam", "Penalty", 0, 2, 0.05, 1],
        ["mix", "Share of L1 in the mix", 0, 1, 0.05, 1, ["0 ridge", "elastic net", "lasso 1"]],
      ],
      pictures: [
        "Four curves from z to the answer: the lasso's is zero on an interval, ridge's is a line through the origin, the elastic net's is both, the hard threshold's jumps",
        "The graph of w plus lambda times the subdifferential of the penalty, with a vertical piece at zero, and its mirror image at the diagonal, the threshold curve",
      ],
      more: `<ul class="threshold-lab-rules">${rows.map(([name, text]) => `
        <li><svg viewBox="0 0 32 8" aria-hidden="true"><path class="${name}" d="M1 4H31"/></svg><span>${text}</span><b data-rule="${name}"></b></li>`).join("")}</ul>`,
    });
    this.draw();
  }

  draw() {
    const [z, lam, rho] = [this.z, this.lam, this.mix].map((input) => Number(input.value)), answers = ThresholdLab.rules(z, lam, rho);
    this.shown = { z, lam, rho, answers };
    this.firstElementChild.style.setProperty("--share", `${100 * rho}%`);
    this.tell(this.z, `z = ${Lab.fixed(z)}`);
    this.tell(this.lam, `λ = ${lam.toFixed(2)}`);
    this.tell(this.mix, `ρ = ${rho.toFixed(2)}`);
    for (const cell of this.querySelectorAll("[data-rule]")) cell.textContent = Lab.fixed(answers[cell.dataset.rule]);
    this.pictures[0].innerHTML = ThresholdLab.curves(this.shown);
    this.pictures[1].innerHTML = ThresholdLab.mirror(this.shown);
    const w = Lab.fixed(answers.net), hold = Lab.fixed(lam * rho);
    const held = answers.net === 0 && lam * rho > 0
      ? `the level z = ${Lab.fixed(z)} meets the graph on its vertical piece, which all z from −${hold} to ${hold} meet: w is exactly zero`
      : `the level z = ${Lab.fixed(z)} meets the graph at w = ${w}, where z − w = ${Lab.fixed(z - answers.net)} is the pull of the penalty`;
    this.say(
      `On the right, at ρ = ${rho.toFixed(2)}, ${held}. Its mirror image exchanges the axes, so that z goes in and w comes out.`,
      `z = ${Lab.fixed(z)}: lasso ${Lab.fixed(answers.lasso)}, ridge ${Lab.fixed(answers.ridge)}, elastic net ${w}, hard ${Lab.fixed(answers.hard)}`,
    );
  }

  /* From -3.2 to 3.2 on both axes of both pictures. */
  static px(v) { return 160 + v * 48; }
  static py(v) { return 160 - v * 48; }
  static shape(points) { return Lab.line(points.map(([a, b]) => [ThresholdLab.px(a), ThresholdLab.py(b)])); }

  static axes(across, up) {
    const { px, py } = ThresholdLab, ticks = [-2, -1, 1, 2];
    return `<path class="axis" d="M6 160H314M160 6V314"/>
      ${ticks.map((v) => `<text x="${px(v)}" y="176" text-anchor="middle">${String(v).replace("-", "−")}</text><text x="152" y="${py(v) + 4}" text-anchor="end">${String(v).replace("-", "−")}</text>`).join("")}
      <text x="312" y="152" text-anchor="end">${across}</text><text x="168" y="16">${up}</text>`;
  }

  static curves({ z, lam, rho, answers }) {
    const { px, py, shape } = ThresholdLab;
    const kinks = { lasso: lam, ridge: 0, net: lam * rho, hard: lam };
    const curve = (name) => {
      const at = (v) => [v, ThresholdLab.rules(v, lam, rho)[name]], kink = kinks[name];
      const pieces = [[-3.2, -kink - 1e-9], [-kink, kink], [kink + 1e-9, 3.2]].map((piece) => piece.map(at));
      return (name === "hard" ? pieces.map(shape) : [shape(pieces.flat())]).map((d) => `<path class="${name}" d="${d}"/>`).join("");
    };
    return `${ThresholdLab.axes("z", "w")}
      <path class="diagonal" d="${shape([[-3.2, -3.2], [3.2, 3.2]])}"/>
      ${["hard", "ridge", "net", "lasso"].map(curve).join("")}
      <path class="now" d="M${px(z)} 6V314"/>
      ${Object.entries(answers).map(([name, w]) => `<circle class="dot ${name}" cx="${px(z)}" cy="${py(w)}" r="5"/>`).join("")}`;
  }

  /* The graph with (w, z) on it, and both mirrored to (z, w). */
  static mirror({ z, lam, rho, answers }) {
    const { px, py, shape, pulled } = ThresholdLab, far = 3.2, w = answers.net;
    const graph = [-far, 0, far].flatMap((v) => pulled(v, lam, rho).map((z) => [v, z])), other = graph.map(([a, b]) => [b, a]);
    return `${ThresholdLab.axes("w", "z")}
      <path class="diagonal" d="${shape([[-far, -far], [far, far]])}"/>
      <path class="now" d="M6 ${py(z)}H314"/>
      <path class="image" d="${shape(other)}"/>
      <path class="graph" d="${shape(graph)}"/>
      <path class="link" d="${shape([[w, z], [z, w]])}"/>
      <circle class="dot image" cx="${px(z)}" cy="${py(w)}" r="5"/>
      <circle class="dot graph" cx="${px(w)}" cy="${py(z)}" r="6"/>
      <path class="graph" d="M12 22H34"/><text x="40" y="26">${rho === 1 ? "w + λ ∂|w|" : "w + λ ∂penalty(w)"}</text>
      <path class="image" d="M12 42H34"/><text x="40" y="46">its mirror image</text>`;
  }
}

globalThis.ThresholdLab = ThresholdLab;
globalThis.customElements?.define("threshold-lab", ThresholdLab);

/* <lasso-lab>: two coefficients under the L1 penalty, the squared L2 penalty or a mix.
 *
 * Left, the contours of the least-squares objective, the ball { penalty(v) <= penalty(w) } through
 * the solution w, and the path of solutions; the least-squares point is moved by hand.  Right, both
 * coefficients against lambda.  It minimises, as the book does,
 *
 *     P(w) = 1/(2n) ||y - Xw||^2 + lam (rho ||w||_1 + (1 - rho)/2 ||w||_2^2).
 *
 * The data are four centred rows whose columns have mean square 1 and correlation r, and
 * y = X t + a fixed error that neither column sees: t is the least-squares point.  It needs lab.js.
 */
class LassoLab extends Lab {
  static data(r, t) {
    const wide = Math.sqrt((1 + r) / 2), narrow = Math.sqrt((1 - r) / 2);
    const X = [[1, 1], [-1, 1], [1, -1], [-1, -1]].map(([a, b]) => [wide * a + narrow * b, wide * a - narrow * b]);
    return { X, y: X.map((x, i) => x[0] * t[0] + x[1] * t[1] + [0.4, -0.4, -0.4, 0.4][i]) };
  }

  /* X'(y - Xw)/n: how strongly each column still pulls. */
  static pulls(X, y, w) {
    const residual = X.map((x, i) => y[i] - x.reduce((s, xj, j) => s + xj * w[j], 0));
    return X[0].map((_, j) => X.reduce((s, x, i) => s + x[j] * residual[i], 0) / X.length);
  }

  /* The corners of the set of minimisers, exactly: each choice of signs (-1, 0, 1) is one linear system, and its
   * answer minimises if it has these signs and no column outside pulls more than lam rho.  One, if unique. */
  static solutions(X, y, lam, rho) {
    const p = X[0].length, found = [], pulls = LassoLab.pulls(X, y, Array(p).fill(0));
    const gram = pulls.map((_, j) => pulls.map((_, k) => X.reduce((s, x) => s + x[j] * x[k], 0) / X.length));
    const tolerance = 1e-12 * (1 + Math.max(...pulls.map(Math.abs)));
    for (const signs of LassoLab.signs(p)) {
      const on = signs.flatMap((sign, j) => (sign ? [j] : []));
      const part = Lab.solve(on.map((j) => [
        ...on.map((k) => gram[j][k] + (j === k ? lam * (1 - rho) : 0)),
        pulls[j] - lam * rho * signs[j],
      ]));
      if (!part || part.some((v, i) => v * signs[on[i]] <= 0)) continue;
      const w = signs.map((sign) => (sign ? part.shift() : 0));
      const rest = (j) => Math.abs(pulls[j] - w.reduce((s, v, k) => s + gram[j][k] * v, 0));
      const minimises = signs.every((sign, j) => sign || rest(j) <= lam * rho + tolerance);
      // Rounding can find one minimiser twice; the one with more zeros came first.
      if (minimises && found.every((other) => other.some((v, j) => Math.abs(v - w[j]) > 1e-9))) found.push(w);
    }
    return found;
  }

  /* All choices of p signs, those with fewer signs first. */
  static signs(p) {
    const choice = (code) => Array.from({ length: p }, (_, j) => (Math.floor(code / 3 ** j) % 3) - 1);
    const size = (signs) => signs.filter(Boolean).length;
    return ((LassoLab.known ??= {})[p] ??= Array.from({ length: 3 ** p }, (_, code) => choice(code)).sort((a, b) => size(a) - size(b)));
  }

  static penalty(w, rho) {
    return w.reduce((s, v) => s + rho * Math.abs(v) + ((1 - rho) / 2) * v * v, 0);
  }

  /* The border of { penalty(v) <= height }: along each direction a quadratic equation. */
  static ball(height, rho) {
    return Array.from({ length: 129 }, (_, k) => {
      const u = [0, 1].map((j) => (k % 32 === 0 ? [1, 0, -1, 0][(k / 32 + 3 * j) % 4] : [Math.cos, Math.sin][j]((k * Math.PI) / 64)));
      const b = rho * (Math.abs(u[0]) + Math.abs(u[1]));
      const radius = height === 0 ? 0 : (2 * height) / (b + Math.sqrt(b * b + 2 * (1 - rho) * height));
      return [radius * u[0], radius * u[1]];
    });
  }

  /* The least-squares points from which coefficient j (0 or 1) is exactly zero, as a polygon: a band along the axis of
   * the other one, for ridge a line.  At r = 1 those from which every minimiser has it zero. */
  static region(j, r, lam, rho) {
    const kink = lam * rho, far = 40;
    if (r === 1) return [[kink, 1], [kink, -1], [-kink, -1], [-kink, 1]].map(([sum, way]) => [sum / 2 + far * way, sum / 2 - far * way]);
    const border = (side) => [-far, -kink, kink, far].map((pull) => {
      const mine = (r * Math.sign(pull) * Math.max(Math.abs(pull) - kink, 0)) / (1 + lam * (1 - rho)) + side * kink;
      const t = [(pull - r * mine) / (1 - r * r), (mine - r * pull) / (1 - r * r)];
      return j === 1 ? t : t.reverse();
    });
    return [...border(1), ...border(-1).reverse()];
  }

  /* Where on that band its name stands: in its middle, near the picture's edge. */
  static middle(j, r, lam, rho) {
    const kink = lam * rho, share = (r * r) / (1 + lam * (1 - rho)), along = j === 1 ? 2.15 : 1.95;
    const pull = Math.max(kink, (along * (1 - r * r) - share * kink) / (1 - share));
    const mine = (r * (pull - kink)) / (1 + lam * (1 - rho));
    const t = [(pull - r * mine) / (1 - r * r), (mine - r * pull) / (1 - r * r)];
    return j === 1 ? t : t.reverse();
  }

  connectedCallback() {
    this.frame({
      title: "Move the least-squares point, the penalty and the mix: where do ellipse and ball touch?",
      sliders: [
        ["mix", "Share of L1", 0, 1, 0.05, 1, ["0 ridge", "elastic net", "lasso 1"]],
        ["lam", "Penalty", 0.05, 3, 0.05, 1],
        ["cor", "Correlation of the columns", 0, 1, 0.05, 0.5],
      ],
      pictures: [
        "Contours of the least-squares objective, the ball of the penalty through the solution, and the path of all solutions",
        "The two coefficients against lambda",
      ],
      more: `<label class="lasso-lab-regions"><input type="checkbox" name="regions"> Shade the least-squares points from which a coefficient becomes exactly zero</label>`,
    });
    this.regions = this.querySelector("[name=regions]");
    // The handle stays while the rest is drawn anew, so it keeps the focus.
    const plane = this.pictures[0];
    plane.setAttribute("role", "group");
    plane.innerHTML = `<g aria-hidden="true"></g><g class="handle" tabindex="0" role="slider" aria-label="Least-squares point, moved by the four arrow keys"
      aria-valuemin="-1.5" aria-valuemax="2.5"><circle class="reach" r="24"/><circle class="ring" r="12"/><circle class="start" r="6"/></g>`;
    [this.drawing, this.handle] = plane.children;
    this.target = [1.6, 0.5];
    this.handle.addEventListener("pointerdown", (event) => { this.handle.setPointerCapture(event.pointerId); event.preventDefault(); this.handle.focus(); });
    this.handle.addEventListener("pointermove", (event) => {
      if (!this.handle.hasPointerCapture(event.pointerId)) return;
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(plane.getScreenCTM().inverse());
      this.move(LassoLab.unit(point.x), LassoLab.unit(320 - point.y));
    });
    this.handle.addEventListener("keydown", (event) => {
      const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!way) return;
      event.preventDefault();
      const step = event.shiftKey ? 0.5 : 0.05;
      this.move(this.target[0] + step * way[0], this.target[1] + step * way[1]);
    });
    this.draw();
  }

  move(...target) {
    this.target = target.map((v) => Math.round(Math.min(2.5, Math.max(-1.5, v)) * 100) / 100);
    this.draw();
  }

  draw() {
    const [rho, lam, r] = [this.mix, this.lam, this.cor].map((input) => Number(input.value)), { target } = this;
    const { X, y } = LassoLab.data(r, target), solutions = LassoLab.solutions(X, y, lam, rho), w = solutions[0];
    const pulls = LassoLab.pulls(X, y, w), slack = pulls.map((pull, j) => (w[j] === 0 ? lam * rho - Math.abs(pull) : null));
    this.shown = { rho, lam, r, target, X, y, solutions, solution: w, pulls, slack };
    const name = rho === 1 ? "the lasso" : rho === 0 ? "ridge" : "the elastic net";
    this.firstElementChild.dataset.mix = rho === 1 ? "l1" : rho === 0 ? "l2" : "both";
    this.tell(this.mix, `ρ = ${rho.toFixed(2)}`);
    this.tell(this.lam, `λ = ${lam.toFixed(2)}`);
    this.tell(this.cor, r.toFixed(2));
    this.handle.setAttribute("transform", `translate(${LassoLab.at(target[0])} ${320 - LassoLab.at(target[1])})`);
    this.handle.setAttribute("aria-valuenow", target[0]);
    this.handle.setAttribute("aria-valuetext", `w₁ ${Lab.fixed(target[0])}, w₂ ${Lab.fixed(target[1])}`);
    this.drawing.innerHTML = LassoLab.plane(this.shown, this.regions.checked);
    this.pictures[1].innerHTML = LassoLab.paths(this.shown);
    const ends = solutions.map(Lab.vector), least = Lab.vector(target);
    const what = ends.length > 1
      ? `The columns are equal: least squares is the whole line through ${least}, and every point from ${ends[0]} to ${ends[1]} is a lasso solution, ` +
        `with the same fit and the same L1 norm, ${Lab.fixed(LassoLab.penalty(w, 1))}. That an end is zero says nothing about its column.`
      : `Least squares is ${r === 1 ? "the whole line through" : "at"} ${least}. ` +
        `At λ = ${lam.toFixed(2)} ${name} gives ${ends[0]}: ${LassoLab.zeros(w, slack, pulls, lam * rho)}`;
    this.say(what, `${name}, λ = ${lam.toFixed(2)}: ${ends.length > 1 ? `all from ${ends[0]} to ${ends[1]}` : ends[0]}`);
  }

  /* Which coefficients are exactly zero, and by how much. */
  static zeros(w, slack, pulls, hold) {
    const said = w.flatMap((v, j) => (v !== 0 ? [] : slack[j] < 1e-9
      ? [`w${"₁₂"[j]} is zero by coincidence, and leaves zero as soon as anything moves`]
      : [`w${"₁₂"[j]} is exactly zero, for its column pulls with ${Math.abs(pulls[j]).toFixed(2)} and λρ = ${hold.toFixed(2)} holds it, slack ${slack[j].toFixed(2)}`]));
    return said.length ? `${said.join("; ")}.` : "no coefficient is exactly zero.";
  }

  /* From the plane's units to the picture's and back. */
  static at(v) { return 20 + (v + 1.5) * 70; }
  static unit(x) { return (x - 20) / 70 - 1.5; }

  static plane({ rho, lam, r, target, X, y, solutions, solution }, regions) {
    const px = LassoLab.at, py = (v) => 320 - LassoLab.at(v), shape = (points) => Lab.line(points.map(([a, b]) => [px(a), py(b)]));
    const level = (v) => {
      const s = (v[0] - target[0] + v[1] - target[1]) ** 2, t = (v[0] - target[0] - v[1] + target[1]) ** 2;
      return ((1 + r) * s + (1 - r) * t) / 4;
    };
    // At r = 1 the ellipses are pairs of lines; ones far longer than the picture look the same.
    const ellipse = (height, name) =>
      `<ellipse class="${name}" cx="${px(target[0])}" cy="${py(target[1])}" rx="${70 * Math.sqrt((2 * height) / (1 + r))}"` +
      ` ry="${70 * Math.sqrt((2 * height) / Math.max(1 - r, 1e-4))}" transform="rotate(-45 ${px(target[0])} ${py(target[1])})"/>`;
    const steps = Array.from({ length: 141 }, (_, k) => LassoLab.solutions(X, y, 10 ** (k / 20 - 4), rho));
    const band = (j) => `<path class="region" d="${shape(LassoLab.region(j, r, lam, rho))}Z"/>`;
    const right = target[0] < 1.2, above = target[1] < 2.2, names = regions && r < 1 ? [0, 1].map((j) => LassoLab.middle(j, r, lam, rho)) : [];
    return `
      ${regions ? band(0) + band(1) : ""}
      <path class="axis" d="M15 ${py(0)}H315M${px(0)} 5V305"/>
      <path class="ball" d="${shape(LassoLab.ball(LassoLab.penalty(solution, rho), rho))}Z"/>
      ${[0.05, 0.2, 0.45, 0.8, 1.25].map((height) => ellipse(height, "contour")).join("")}
      ${ellipse(level(solution), "touching")}
      ${[0, -1].map((end) => `<path class="path" d="${shape(steps.map((ends) => ends.at(end)))}"/>`).join("")}
      ${solutions.length > 1 ? `<path class="segment" d="${shape(solutions)}"/>` : ""}
      ${solutions.map((w) => `<circle class="solution" cx="${px(w[0])}" cy="${py(w[1])}" r="6"/>`).join("")}
      <text x="${px(target[0]) + (right ? 12 : -12)}" y="${py(target[1]) + (above ? -12 : 22)}" text-anchor="${right ? "start" : "end"}">least squares</text>
      ${names.map(([a, b], j) => `<text x="${px(a)}" y="${py(b) + 4}" text-anchor="middle">w${"₁₂"[j]} = 0</text>`).join("")}
      <text x="300" y="${py(0) + 16}">w₁</text><text x="${px(0) + 6}" y="16">w₂</text>`;
  }

  /* Both coefficients against lambda; where the minimiser is not unique, its two ends. */
  static paths({ rho, lam, X, y, solutions }) {
    const px = (l) => 40 + (l / 3) * 265, py = (v) => 320 - LassoLab.at(v), grid = Array.from({ length: 121 }, (_, k) => 0.001 + k * 0.025);
    const ends = grid.map((l) => LassoLab.solutions(X, y, l, rho));
    const curve = (j, end) => `<path class="${["first", "second"][j]}" d="${Lab.line(ends.map((w, k) => [px(grid[k]), py(w.at(end)[j])]))}"/>`;
    const between = ends.map((w, k) => [px(grid[k]), py(w.at(0)[0])]).concat(ends.map((w, k) => [px(grid[k]), py(w.at(-1)[0])]).reverse());
    return `
      <path class="axis" d="M40 ${py(0)}H305M40 5V305"/>
      <path class="now" d="M${px(lam)} 5V305"/>
      <path class="between" d="${Lab.line(between)}Z"/>
      ${[0, 1].map((j) => curve(j, 0) + curve(j, -1)).join("")}
      ${solutions.map((w) => w.map((v) => `<circle class="solution" cx="${px(lam)}" cy="${py(v)}" r="5"/>`).join("")).join("")}
      ${[-1, 0, 1, 2].map((v) => `<text x="34" y="${py(v) + 4}" text-anchor="end">${String(v).replace("-", "−")}</text>`).join("")}
      ${[1, 2, 3].map((l) => `<text x="${px(l)}" y="${py(0) + 16}" text-anchor="middle">${l}</text>`).join("")}
      <text x="${px(2.5)}" y="${py(0) + 18}" text-anchor="middle">λ</text>
      <path class="first" d="M196 26H218"/><text x="224" y="30">w₁</text>
      <path class="second" d="M196 46H218"/><text x="224" y="50">w₂</text>`;
  }
}

globalThis.LassoLab = LassoLab;
globalThis.customElements?.define("lasso-lab", LassoLab);

/* <ridge-lab>: ridge in two coefficients, to be touched.
 *
 * Left, the contours of the least-squares objective, the path of ridge solutions and the disc
 * through the current one.  Right, what ridge keeps of each singular direction.  The data are
 * four centred rows built from their singular value decomposition, so that the correlation of
 * the two columns is what the second slider says:
 *
 *     X = sqrt(n) (sqrt(1 + r) u1 v1' + sqrt(1 - r) u2 v2'),   y = X (1, 0.6) + a fixed error.
 *
 * It needs lab.js.
 */
class RidgeLab extends Lab {
  /* The solution of (X'X + n lam I) w = X'y; X is an array of rows. */
  static solve(X, y, lam) {
    const n = X.length;
    return Lab.solve(X[0].map((_, j) => [
      ...X[0].map((_, k) => X.reduce((s, x) => s + x[j] * x[k], j === k ? n * lam : 0)),
      X.reduce((s, x, i) => s + x[j] * y[i], 0),
    ]));
  }

  /* What ridge keeps of each singular direction: d^2 / (d^2 + n lam), and 0 where d = 0. */
  static filterFactors(d, n, lam) {
    return d.map((dk) => (dk === 0 ? 0 : (dk * dk) / (dk * dk + n * lam)));
  }

  /* Data whose columns have unit mean square and correlation r. */
  static data(r) {
    const u = [[1, 1], [-1, 1], [1, -1], [-1, -1]].map(([a, b]) => [a / 2, b / 2]);
    const wide = Math.sqrt(4 * (1 + r)), narrow = Math.sqrt(4 * (1 - r)), h = Math.SQRT1_2;
    const X = u.map(([a, b]) => [h * (wide * a + narrow * b), h * (wide * a - narrow * b)]);
    const y = X.map((x, i) => x[0] + 0.6 * x[1] + 0.2 * u[i][0] + 0.5 * u[i][1]);
    return { X, y, d: [wide, narrow] };
  }

  connectedCallback() {
    this.frame({
      title: "Drag λ: the solution walks, the disc shrinks",
      sliders: [["lam", "Penalty", -3, 2, 0.05, -1], ["cor", "Correlation of the columns", 0, 0.95, 0.05, 0.9]],
      pictures: [
        "Contours of the least-squares objective, the disc through the ridge solution, and the path of all ridge solutions",
        "Filter factors of the two singular directions against lambda",
      ],
    });
    this.draw();
  }

  draw() {
    const lam = 10 ** Number(this.lam.value), r = Number(this.cor.value);
    const { X, y, d } = RidgeLab.data(r), n = X.length;
    const kept = RidgeLab.filterFactors(d, n, lam);
    const w = RidgeLab.solve(X, y, lam), start = RidgeLab.solve(X, y, 0);
    const [plane, factors] = this.pictures;
    this.tell(this.lam, `λ = ${Lab.number(lam)}`);
    this.tell(this.cor, r.toFixed(2));
    plane.innerHTML = RidgeLab.plane(X, y, r, w, start);
    factors.innerHTML = RidgeLab.factors(d, n, lam, kept);
    this.shown = { lam, r, X, y, kept, start, solution: w };
    this.say(
      `At λ = ${Lab.number(lam)} ridge keeps ${kept[0].toFixed(2)} of least squares in the direction in which the data vary most ` +
      `(the ellipses' short axis) and ${kept[1].toFixed(2)} in the one in which they vary least (the long axis). ` +
      `Least squares gives ${Lab.vector(start)}, of length ${Math.hypot(...start).toFixed(2)}; ` +
      `ridge gives ${Lab.vector(w)}, of length ${Math.hypot(...w).toFixed(2)}: its length is never zero.`,
      `λ = ${Lab.number(lam)}: kept ${kept[0].toFixed(2)} and ${kept[1].toFixed(2)}, length ${Math.hypot(...w).toFixed(2)}`,
    );
  }

  /* The plane of the two coefficients, from -1.5 to 2.5 on both axes. */
  static plane(X, y, r, w, start) {
    const scale = 75, at = (v) => 20 + (v + 1.5) * scale - 5, px = at, py = (v) => 320 - at(v);
    // half the squared distance in the metric of X'X / n, whose eigenvectors are the diagonals
    const level = (v) => {
      const s = (v[0] - start[0] + v[1] - start[1]) ** 2, t = (v[0] - start[0] - v[1] + start[1]) ** 2;
      return ((1 + r) * s + (1 - r) * t) / 4;
    };
    const ellipse = (height, name) =>
      `<ellipse class="${name}" cx="${px(start[0])}" cy="${py(start[1])}" rx="${scale * Math.sqrt((2 * height) / (1 + r))}"` +
      ` ry="${scale * Math.sqrt((2 * height) / (1 - r))}" transform="rotate(-45 ${px(start[0])} ${py(start[1])})"/>`;
    const path = [];
    for (let k = -4; k <= 3.001; k += 0.1) {
      const v = RidgeLab.solve(X, y, 10 ** k);
      path.push([px(v[0]), py(v[1])]);
    }
    const right = start[0] < 1.2;
    return `
      <path class="axis" d="M15 ${py(0)}H315M${px(0)} 5V305"/>
      <circle class="disc" cx="${px(0)}" cy="${py(0)}" r="${scale * Math.hypot(...w)}"/>
      ${[0.05, 0.2, 0.45, 0.8, 1.25].map((height) => ellipse(height, "contour")).join("")}
      ${ellipse(level(w), "touching")}
      <path class="path" d="${Lab.line(path)}"/>
      <circle class="start" cx="${px(start[0])}" cy="${py(start[1])}" r="4.5"/>
      <circle class="solution" cx="${px(w[0])}" cy="${py(w[1])}" r="6"/>
      <text x="${px(start[0]) + (right ? 9 : -9)}" y="${py(start[1]) + 24}" text-anchor="${right ? "start" : "end"}">least squares</text>
      <text x="300" y="${py(0) + 16}">w₁</text><text x="${px(0) + 6}" y="16">w₂</text>`;
  }

  /* d^2 / (d^2 + n lam) against lambda on a logarithmic axis, one curve a direction. */
  static factors(d, n, lam, kept) {
    const px = (k) => 40 + ((k + 3) / 5) * 265, py = (f) => 275 - f * 245, now = px(Math.log10(lam));
    const curve = (dk, name) => {
      const points = [];
      for (let k = -3; k <= 2.001; k += 0.05) {
        points.push([px(k), py(RidgeLab.filterFactors([dk], n, 10 ** k)[0])]);
      }
      return `<path class="${name}" d="${Lab.line(points)}"/>`;
    };
    const ticks = [["-3", "0.001"], ["-1", "0.1"], ["0", "1"], ["2", "100"]];
    return `
      <path class="axis" d="M40 ${py(0)}H305M40 ${py(1)}V${py(0)}"/>
      ${ticks.map(([k, text]) => `<text x="${px(Number(k))}" y="292" text-anchor="middle">${text}</text>`).join("")}
      <text x="34" y="${py(0) + 4}" text-anchor="end">0</text><text x="34" y="${py(1) + 4}" text-anchor="end">1</text>
      <text x="172" y="312" text-anchor="middle">λ</text><text x="46" y="18">kept: d² / (d² + nλ)</text>
      <path class="now" d="M${now} ${py(1)}V${py(0)}"/>
      ${curve(d[0], "wide")}${curve(d[1], "narrow")}
      <circle class="solution" cx="${now}" cy="${py(kept[0])}" r="5"/>
      <circle class="solution" cx="${now}" cy="${py(kept[1])}" r="5"/>
      <path class="wide" d="M196 46H218"/><text x="224" y="50">varies most</text>
      <path class="narrow" d="M196 66H218"/><text x="224" y="70">varies least</text>`;
  }
}

globalThis.RidgeLab = RidgeLab;
globalThis.customElements?.define("ridge-lab", RidgeLab);

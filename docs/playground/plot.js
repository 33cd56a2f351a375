/** Axes on a canvas. Sizes follow the root's font size, so that the projector enlarges them. */

/**
 * @typedef {object} Axis
 * @property {number} min
 * @property {number} max
 * @property {boolean} [log] its min and max are then exponents of ten
 * @property {number[]} ticks
 * @property {(value: number) => string} label
 * @property {string} [title]
 */

/** @typedef {Record<"ink" | "soft" | "line" | "paper" | "blue" | "vermillion" | "green" | "purple" | "faint" | "vermillionText" | "greenText", string>} Inks */

/**
 * Read the colours of the style sheet, which differ between light and dark.
 * @returns {Inks}
 */
export function inks() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read("ink"), soft: read("soft"), line: read("line"), paper: read("paper"),
    blue: read("blue"), vermillion: read("vermillion"), green: read("green"),
    purple: read("purple"), faint: read("faint"),
    vermillionText: read("vermillion-text"), greenText: read("green-text"),
  };
}

/**
 * Mix two colours, written #rrggbb.
 * @param {string} from
 * @param {string} to
 * @param {number} share of `to`, 0 to 1
 */
export function mixed(from, to, share) {
  const parts = [1, 3, 5].map((i) => {
    const [a, b] = [from, to].map((colour) => Number.parseInt(colour.slice(i, i + 2), 16));
    return Math.round(a + (b - a) * share);
  });
  return `rgb(${parts.join(" ")})`;
}

export class Plot {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} redraw called when the canvas has got another size
   */
  constructor(canvas, redraw) {
    this.canvas = canvas;
    this.wide = this.high = 0; // of the canvas, told after layout: asking for it would force one
    this.em = 12;
    this.family = "sans-serif";
    new ResizeObserver(([{ contentRect }]) => {
      [this.wide, this.high] = [contentRect.width, contentRect.height];
      const style = getComputedStyle(canvas);
      [this.em, this.family] = [Number.parseFloat(style.fontSize), style.fontFamily];
      redraw();
    }).observe(canvas);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    this.context = context;
    this.left = this.top = this.width = this.height = 0;
    /** @type {Axis} */
    this.x = { min: 0, max: 1, ticks: [], label: String };
    /** @type {Axis} */
    this.y = this.x;
  }

  /**
   * Clear the canvas and draw axes.
   * @param {Axis} x
   * @param {Axis} y
   * @param {Inks} ink
   * @param {number} [margin] left of the axes, in ems
   */
  begin(x, y, ink, margin = 3.2) {
    const { canvas, context, wide, high } = this;
    const ratio = Math.min(window.devicePixelRatio, 3);
    const [w, h] = [Math.round(wide * ratio), Math.round(high * ratio)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, wide, high);
    context.font = `${this.em}px ${this.family}`;
    context.lineJoin = "round";
    [this.x, this.y] = [x, y];
    this.left = margin * this.em;
    this.top = 0.7 * this.em;
    this.width = wide - this.left - 1.5 * this.em;
    this.height = high - this.top - (x.title ? 2.9 : 1.7) * this.em;

    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const tick of y.ticks) {
      const at = Math.round(this.py(y.log ? 10 ** tick : tick)) + 0.5;
      this.rule(this.left, at, this.left + this.width, at, ink.line);
      context.fillStyle = ink.soft;
      context.fillText(y.label(tick), this.left - 0.6 * this.em, at);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    const base = this.top + this.height;
    for (const tick of x.ticks) {
      context.fillStyle = ink.soft;
      context.fillText(x.label(tick), this.px(tick), base + 0.5 * this.em);
    }
    if (x.title) {
      context.fillText(x.title, this.left + this.width / 2, base + 1.75 * this.em);
    }
  }

  /** @param {number} value */
  px(value) {
    return this.left + ((value - this.x.min) / (this.x.max - this.x.min)) * this.width;
  }

  /** @param {number} value */
  py(value) {
    const at = this.y.log ? Math.log10(value) : value;
    return this.top + (1 - (at - this.y.min) / (this.y.max - this.y.min)) * this.height;
  }

  /**
   * Draw only inside the axes.
   * @param {() => void} draw
   */
  inside(draw) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(this.left - 3, this.top - 3, this.width + 6, this.height + 6);
    context.clip();
    draw();
    context.restore();
  }

  /**
   * A straight line, in pixels.
   * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
   * @param {string} colour
   * @param {number[]} [dash]
   */
  rule(x0, y0, x1, y1, colour, dash = []) {
    const { context } = this;
    context.strokeStyle = colour;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * A line through points; where a y is not finite, or not positive on a log axis, it breaks.
   * @param {ArrayLike<number>} xs
   * @param {ArrayLike<number>} ys
   * @param {string} colour
   * @param {number} width
   * @param {number[]} [dash]
   */
  line(xs, ys, colour, width, dash = []) {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = width * (this.em / 12);
    context.setLineDash(dash);
    context.beginPath();
    let pen = false;
    for (let i = 0; i < xs.length; i++) {
      const drawn = Number.isFinite(ys[i]) && (!this.y.log || ys[i] > 0);
      if (drawn && pen) context.lineTo(this.px(xs[i]), this.py(ys[i]));
      else if (drawn) context.moveTo(this.px(xs[i]), this.py(ys[i]));
      pen = drawn;
    }
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 1;
  }

  /**
   * @param {[number, number][]} points
   * @param {number} radius in twelfths of an em
   * @param {string} colour
   */
  dots(points, radius, colour) {
    const { context } = this;
    const r = (radius * this.em) / 12;
    context.fillStyle = colour;
    context.beginPath();
    for (const [x, y] of points) {
      const at = this.px(x);
      context.moveTo(at, this.py(y));
      context.arc(at, this.py(y), r, 0, 2 * Math.PI);
    }
    context.fill();
  }

  /**
   * Words at a place in pixels, with a margin in the colour of the paper.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {string} colour
   * @param {string} paper
   * @param {CanvasTextAlign} align
   */
  words(text, x, y, colour, paper, align) {
    const { context } = this;
    context.textAlign = align;
    context.textBaseline = "middle";
    context.strokeStyle = paper;
    context.lineWidth = 4;
    context.strokeText(text, x, y);
    context.lineWidth = 1;
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
}

/**
 * About `wanted` round numbers between two limits.
 * @param {number} low
 * @param {number} high
 * @param {number} wanted
 */
export function roundTicks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough) ?? 10 * power;
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9; k++) ticks.push(k * step);
  return ticks;
}

/**
 * A whole number in small raised digits.
 * @param {number} n
 */
export const superscript = (n) =>
  Array.from(String(n), (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");

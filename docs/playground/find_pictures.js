/** The pictures of the first stage. */

import { mixed, roundTicks, superscript } from "./plot.js";
import { binMiddle, SEEDS } from "./signals.js";
import { LIMITS } from "./state.js";

/**
 * @typedef {import("./plot.js").Plot} Plot
 * @typedef {import("./plot.js").Inks} Inks
 * @typedef {import("./words/en.js").Words} Words
 *
 * @typedef {object} Look what the first stage shows
 * @property {number} gain
 * @property {number} depth
 * @property {number[]} stds
 * @property {Float64Array[]} shapes
 * @property {number[] | null} expected the sizes that theory expects, once it may be seen
 *
 * @typedef {{gain: number, factor: number, current: boolean}} Visit
 */

const TALLEST = 1.5;
const THINNEST = 0.012; // of a distribution's greatest width
const NEEDS_DIGITS = 640; // pixels of width

/**
 * Layers to label, the first among them.
 * @param {number} depth
 * @param {number} wanted
 */
export const layerTicks = (depth, wanted) => [
  1,
  ...roundTicks(0, depth, wanted).filter((l) => l > 1 && Number.isInteger(l)),
];

/**
 * The colour of a signal: blue as it is, pale where it has faded, through purple to vermillion where
 * it has grown.
 * @param {number} ratio to the size in layer 1
 * @param {Inks} ink
 */
function colourOf(ratio, ink) {
  const decades = Math.log10(Math.max(ratio, 1e-12));
  const heat = Math.min(Math.max(decades - 0.15, 0) / 1.5, 1);
  if (decades < 0) return mixed(ink.blue, ink.faint, Math.min(-decades / 2.5, 1));
  if (heat < 0.5) return mixed(ink.blue, ink.purple, 2 * heat);
  return mixed(ink.purple, ink.vermillion, 2 * heat - 1);
}

/**
 * The distribution of z in every layer, upright and symmetric.
 * @param {Plot} plot
 * @param {Look} look
 * @param {Inks} ink
 * @param {Words} words
 * @param {HTMLCanvasElement | null} digits
 */
export function drawSignal(plot, { depth, stds, shapes }, ink, words, digits) {
  const wide = plot.wide > NEEDS_DIGITS && digits;
  const side = 28 * Math.max(1, Math.floor((plot.high - 45) / 150)); // whole pixels a pixel
  plot.begin(
    { min: 0.4, max: depth + 0.6, ticks: layerTicks(depth, 5), label: String, title: words.axisLayer },
    { min: -TALLEST, max: TALLEST, ticks: [-1, 0, 1], label: (z) => `${z}`.replace("-", "−") },
    ink,
    wide ? side / plot.em + 5 : 2.4,
  );
  const { context } = plot;
  if (wide) {
    context.imageSmoothingEnabled = false;
    const gap = side * 1.25;
    const first = plot.top + plot.height / 2 - 2 * gap;
    for (let k = 0; k < 4; k++) {
      context.drawImage(digits, 0, 14 * k, 14, 14, 0.3 * plot.em, first + k * gap, side, side);
    }
    context.fillStyle = ink.soft;
    context.textAlign = "center";
    context.font = context.font.replace(/^[\d.]+/, String(1.6 * plot.em));
    context.fillText("→", side + 1.9 * plot.em, plot.top + plot.height / 2 - 0.8 * plot.em);
  }
  const half = 0.46 * (plot.width / (depth + 0.2));
  plot.inside(() => {
    for (let l = 0; l < depth; l++) {
      const middle = plot.px(l + 1);
      const widths = shapes[l];
      const bins = Array.from(widths.keys()).filter((k) => widths[k] > THINNEST);
      const colour = colourOf(stds[l] / stds[0], ink);
      context.fillStyle = colour;
      context.strokeStyle = colour;
      context.lineWidth = 1.2;
      context.beginPath();
      for (const reach of [half, -half]) {
        for (const k of bins) context.lineTo(middle + reach * widths[k], plot.py(stds[l] * binMiddle(k)));
        bins.reverse();
      }
      context.closePath();
      context.globalAlpha = 0.85;
      context.fill();
      context.globalAlpha = 1;
      context.stroke();
    }
  });
}

/**
 * An axis of powers of ten for sizes in every layer, which only depth changes.
 * @param {number} depth
 * @param {number} middle the exponent near which a signal stays that neither fades nor explodes
 * @returns {import("./plot.js").Axis}
 */
export function sizeAxis(depth, middle) {
  const min = Math.floor(middle - 1 - 0.28 * (depth - 1));
  const max = Math.ceil(middle + 0.5 + 0.2 * (depth - 1));
  const every = Math.ceil((max - min) / 5);
  const ticks = [];
  for (let t = every * Math.ceil(min / every); t <= max; t += every) ticks.push(t);
  return { min, max, log: true, ticks, label: powerOfTen };
}

/**
 * The size of the signal in every layer.
 * @param {Plot} plot
 * @param {Look} look
 * @param {Inks} ink
 * @param {Words} words
 */
export function drawSizes(plot, { depth, stds, expected }, ink, words) {
  plot.begin(
    { min: 0.4, max: depth + 0.6, ticks: layerTicks(depth, 5), label: String, title: words.axisLayer },
    sizeAxis(depth, 0),
    ink,
    3.4,
  );
  const layers = stds.map((_, l) => l + 1);
  plot.inside(() => {
    if (expected) plot.line(layers, expected, ink.green, 2, [6, 4]);
    plot.line(layers, stds, mixed(ink.blue, ink.paper, 0.5), 1.2);
    stds.forEach((s, l) => plot.dots([[l + 1, s]], depth > 30 ? 2.4 : 3.2, colourOf(s / stds[0], ink)));
  });
  if (expected) {
    const end = plot.py(expected[depth - 1]);
    plot.words(words.theory, plot.left + plot.width - 0.4 * plot.em,
      end + (end > plot.top + plot.height / 2 ? -1 : 1) * 1.6 * plot.em, ink.greenText, ink.paper, "right");
  }
}

/**
 * Factor per layer against gain: the places visited, thirty seeds, and theory if it may be seen.
 * @param {Plot} plot
 * @param {Look} look
 * @param {object} found
 * @param {Visit[]} found.visits
 * @param {number} found.factor
 * @param {number[]} found.levels the gains at which seeds have factor 1
 * @param {{said: number, critical: number, curve: [number, number][]} | null} found.theory
 * @param {Inks} ink
 * @param {Words} words
 * @param {(x: number) => string} label
 */
export function drawFactor(plot, { gain }, { visits, factor, levels, theory }, ink, words, label) {
  const [low, high] = LIMITS.gain;
  plot.begin(
    { min: low, max: high, ticks: [0.5, 1, 1.5, 2, 2.5, 3], label, title: words.axisGain },
    { min: 0, max: 2.2, ticks: [0, 0.5, 1, 1.5, 2], label },
    ink,
    2.6,
  );
  const level = plot.py(1);
  const { left, width, top, height, em } = plot;
  plot.rule(left, level, left + width, level, ink.soft, [2, 3]);
  plot.inside(() => {
    /** @param {boolean} current @returns {[number, number][]} */
    const places = (current) =>
      visits.filter((visit) => visit.current === current).map((visit) => [visit.gain, visit.factor]);
    plot.dots(places(false), 2.6, mixed(ink.vermillion, ink.paper, 0.6));
    plot.dots(places(true), 2.6, ink.vermillion);
    if (theory) {
      plot.line(theory.curve.map(([g]) => g), theory.curve.map(([, rho]) => rho), ink.green, 2);
      const at = plot.px(theory.critical);
      plot.rule(at, level, at, top + height, ink.green, [6, 4]);
      const mine = plot.px(theory.said);
      plot.rule(mine, top, mine, top + height, ink.ink);
    }
    const median = middleOf(levels);
    if (levels.length === SEEDS) plot.rule(plot.px(median), level, plot.px(median), top + height, ink.purple);
    plot.context.fillStyle = ink.purple;
    stacked(levels).forEach(([g, place]) => {
      plot.context.beginPath();
      plot.context.arc(plot.px(g), top + height - (place + 0.5) * 0.55 * em, 0.25 * em, 0, 2 * Math.PI);
      plot.context.fill();
    });
  });
  if (Number.isFinite(factor)) {
    plot.context.strokeStyle = ink.blue;
    plot.context.lineWidth = 2.5;
    plot.context.beginPath();
    plot.context.arc(plot.px(gain), plot.py(Math.min(factor, 2.2)), 0.55 * em, 0, 2 * Math.PI);
    plot.context.stroke();
  }
  if (theory) {
    const leftward = theory.said > (low + high) / 2;
    plot.words(words.you, plot.px(theory.said) + (leftward ? -0.5 : 0.5) * em, top + 0.8 * em,
      ink.ink, ink.paper, leftward ? "right" : "left");
    plot.words(words.theory, plot.px(high) - 0.5 * em, plot.py(theory.curve[theory.curve.length - 1][1]) + 1.6 * em,
      ink.greenText, ink.paper, "right");
  }
}

/**
 * The median.
 * @param {number[]} values
 */
export function middleOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half - 0.5)] + sorted[Math.ceil(half - 0.5)]) / 2;
}

/**
 * Places for dots: those at nearly the same gain stand on each other.
 * @param {number[]} values
 * @returns {[number, number][]} value, and the number of dots below it
 */
function stacked(values) {
  /** @type {Map<number, number>} */
  const seen = new Map();
  return values.map((value) => {
    const bin = Math.round(value * 25);
    const k = seen.get(bin) ?? 0;
    seen.set(bin, k + 1);
    return [value, k];
  });
}

/**
 * 10 to a power; 1 as it is.
 * @param {number} exponent
 */
export const powerOfTen = (exponent) => (exponent === 0 ? "1" : `10${superscript(exponent)}`);

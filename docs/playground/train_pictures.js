/** The pictures of the second stage. */

import { layerTicks, sizeAxis } from "./find_pictures.js";
import { mixed } from "./plot.js";
import { GUESSING, STEPS } from "./training.js";

/**
 * @typedef {import("./plot.js").Plot} Plot
 * @typedef {import("./plot.js").Inks} Inks
 * @typedef {import("./words/en.js").Words} Words
 *
 * @typedef {object} Curves what is known of a run
 * @property {number[]} losses before the first step, and after each
 * @property {{step: number, accuracy: number}[]} looks
 *
 * @typedef {{start: number[], now: number[]}} Sizes std in each layer, at the start of a run and now
 */

/** Colour and dashes of the runs kept, the oldest first. */
export const KEPT = /** @type {const} */ ([
  ["vermillion", [7, 3]],
  ["green", [7, 3, 1.5, 3]],
  ["purple", [1.5, 2.5]],
]);
const TOP = 4;
const WINDOW = 20;

/**
 * Mean of the last WINDOW losses, at each step.
 * @param {number[]} losses
 */
export function smoothed(losses) {
  let sum = 0;
  return losses.map((loss, i) => {
    sum += loss - (i >= WINDOW ? losses[i - WINDOW] : 0);
    return sum / Math.min(i + 1, WINDOW);
  });
}

/**
 * @param {Plot} plot
 * @param {Curves} run
 * @param {Curves[]} kept
 * @param {Inks} ink
 * @param {Words} words
 */
export function drawLoss(plot, run, kept, ink, words) {
  beginSteps(plot, { min: 0, max: TOP, ticks: [0, 1, 2, 3, 4], label: String }, ink, words);
  const guess = plot.py(GUESSING);
  plot.rule(plot.left, guess, plot.left + plot.width, guess, ink.soft, [2, 3]);
  plot.words(words.guessing, plot.left + plot.width, guess - 0.8 * plot.em, ink.soft, ink.paper, "right");
  const steps = run.losses.map((_, i) => i);
  plot.inside(() => {
    plot.line(steps, run.losses, mixed(ink.blue, ink.paper, 0.72), 1);
    kept.forEach((old, k) => curve(plot, old.losses, ink[KEPT[k][0]], [...KEPT[k][1]]));
    curve(plot, run.losses, ink.blue, []);
  });
  [...kept, run].forEach((each, k) => {
    const step = each.losses.length - 1;
    if (step < 0 || Number.isFinite(each.losses[step])) return;
    const colour = k < kept.length ? ink[KEPT[k][0]] : ink.vermillionText;
    const at = plot.px(step);
    plot.rule(at, plot.top, at, plot.top + plot.height, colour, [3, 3]);
    const rightward = at < plot.left + plot.width / 2;
    plot.words(`✕ ${words.divergedMark}`, at + (rightward ? 0.5 : -0.5) * plot.em,
      plot.top + (0.9 + 1.3 * k) * plot.em, colour, ink.paper, rightward ? "left" : "right");
  });
}

/**
 * A run's loss; triangles at the top where it is above the picture.
 * @param {Plot} plot
 * @param {number[]} losses
 * @param {string} colour
 * @param {number[]} dash
 */
function curve(plot, losses, colour, dash) {
  const means = smoothed(losses);
  plot.line(means.map((_, i) => i), means, colour, 2.2, dash);
  const { context, em } = plot;
  context.fillStyle = colour;
  means.forEach((mean, i) => {
    if (mean <= TOP || Number.isNaN(mean) || i % 24 !== 0) return;
    const x = plot.px(i);
    const y = plot.top;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - 0.35 * em, y + 0.6 * em);
    context.lineTo(x + 0.35 * em, y + 0.6 * em);
    context.fill();
  });
}

/**
 * @param {Plot} plot
 * @param {Curves} run
 * @param {Curves[]} kept
 * @param {Inks} ink
 * @param {Words} words
 */
export function drawAccuracy(plot, run, kept, ink, words) {
  beginSteps(plot, { min: 0, max: 100, ticks: [0, 25, 50, 75, 100], label: String }, ink, words);
  const guess = plot.py(10);
  plot.rule(plot.left, guess, plot.left + plot.width, guess, ink.soft, [2, 3]);
  plot.inside(() => {
    [...kept, run].forEach(({ looks }, k) => {
      const [name, dash] = k < kept.length ? KEPT[k] : /** @type {const} */ (["blue", []]);
      const steps = looks.map((look) => look.step);
      plot.line(steps, looks.map((look) => 100 * look.accuracy), ink[name], 2.2, [...dash]);
    });
    const last = run.looks.at(-1);
    if (last) plot.dots([[last.step, 100 * last.accuracy]], 4, ink.blue);
  });
}

/**
 * @param {Plot} plot
 * @param {import("./plot.js").Axis} y
 * @param {Inks} ink
 * @param {Words} words
 */
function beginSteps(plot, y, ink, words) {
  const ticks = [0, 256, 512, 768, STEPS];
  plot.begin({ min: 0, max: STEPS, ticks, label: String, title: words.axisStep }, y, ink, 2.6);
}

/**
 * A size in every layer, at the start (dotted) and now, beside that of the runs kept.
 * @param {Plot} plot
 * @param {Sizes} sizes
 * @param {number[][]} kept
 * @param {number} middle exponent of ten, about which the axis lies
 * @param {Inks} ink
 * @param {Words} words
 */
export function drawLayers(plot, { start, now }, kept, middle, ink, words) {
  const depth = Math.max(start.length, 1);
  plot.begin(
    { min: 0.4, max: depth + 0.6, ticks: layerTicks(depth, 5), label: String, title: words.axisLayer },
    sizeAxis(depth, middle),
    ink,
    3.4,
  );
  const layers = Array.from({ length: depth }, (_, l) => l + 1);
  plot.inside(() => {
    kept.forEach((sizes, k) => {
      const [name, dash] = KEPT[k];
      plot.line(layers, sizes.slice(0, depth), ink[name], 2.2, [...dash]);
    });
    plot.line(layers, start, ink.soft, 1.6, [2, 3]);
    plot.line(layers, now, ink.blue, 1.6);
    /** @type {[number, number][]} */
    const places = now.map((s, l) => [l + 1, s]);
    plot.dots(places.filter(([, s]) => s > 0 && Number.isFinite(s)), 3.2, ink.blue);
  });
}

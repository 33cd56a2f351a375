/** What a network of random weights makes of its signal, and what theory expects of it. */

import { ACTIVATIONS } from "./activations.js";

/** How many networks a class measures: seeds 1 to 30. */
export const SEEDS = 30;

/** Bins of a distribution, over 4 sizes on either side of 0. */
export const BINS = 64;
const REACH = 4;

/**
 * The std of some numbers.
 * @param {Float64Array} z
 */
export function std(z) {
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += z[i];
  const mean = sum / z.length;
  let squares = 0;
  for (let i = 0; i < z.length; i++) squares += (z[i] - mean) ** 2;
  return Math.sqrt(squares / z.length);
}

/**
 * The distribution of z in units of its own size s: the share in each bin, the fullest being 1.
 * @param {Float64Array} z
 * @param {number} s
 */
export function shape(z, s) {
  const counts = new Float64Array(BINS);
  const scale = s > 0 ? BINS / (2 * REACH * s) : 0;
  for (let i = 0; i < z.length; i++) {
    const bin = Math.floor(z[i] * scale + BINS / 2);
    if (bin >= 0 && bin < BINS) counts[bin] += 1;
  }
  const smooth = counts.map(
    (c, k) => ((counts[k - 1] ?? 0) + 2 * c + (counts[k + 1] ?? 0)) / 4,
  );
  const most = Math.max(...smooth, 1);
  return smooth.map((c) => c / most);
}

/**
 * Where the middle of bin k lies, in units of the size.
 * @param {number} k
 */
export const binMiddle = (k) => ((k + 0.5) / BINS - 0.5) * 2 * REACH;

/**
 * The factor per layer ρ: the geometric mean of the ratios of each layer's size to the one before.
 * @param {ArrayLike<number>} stds
 * @returns {number} NaN if there is a single layer, or no signal
 */
export function factorPerLayer(stds) {
  const last = stds.length - 1;
  return last > 0 && stds[0] > 0 ? (stds[last] / stds[0]) ** (1 / last) : NaN;
}

/**
 * The sizes at gain g of layers that had these sizes at gain 1, if f(cz) = c f(z): g^l times as large.
 * @param {ArrayLike<number>} stds
 * @param {number} gain
 */
export const rescaled = (stds, gain) => Array.from(stds, (s, l) => s * gain ** (l + 1));

const STEP = 0.4;
const NODES = Float64Array.from({ length: 31 }, (_, i) => STEP * (i - 15));
const WEIGHTS = NODES.map((z) => (STEP * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));

/**
 * E[f(z)²] for a normal z with mean 0 and variance q.
 * @param {import("./activations.js").ActivationName} name
 * @param {number} q
 */
function meanSquareOf(name, q) {
  const a = ACTIVATIONS[name].f(NODES.map((z) => Math.sqrt(q) * z));
  return a.reduce((sum, x, i) => sum + WEIGHTS[i] * x * x, 0);
}

/**
 * The size of z that theory expects in each of some very wide layers: z is normal with variance q,
 * and the next layer has g² E[f(z)²] (Poole et al., arXiv 1606.05340).
 * @param {import("./activations.js").ActivationName} name
 * @param {number} gain
 * @param {number} depth
 * @param {number} meanSquare of the pixels
 */
export function expectedSizes(name, gain, depth, meanSquare) {
  const { homogeneous } = ACTIVATIONS[name];
  const share = homogeneous ? meanSquareOf(name, 1) : NaN; // what f leaves of any mean square
  const sizes = [];
  let q = gain * gain * meanSquare;
  for (let l = 0; l < depth; l++) {
    sizes.push(Math.sqrt(q));
    q = gain * gain * (homogeneous ? share * q : meanSquareOf(name, q));
  }
  return sizes;
}

/**
 * The gain at which theory expects all layers to have the size of the first: at any depth, that at
 * which f leaves of layer 1 the mean square of the pixels.
 * @param {import("./activations.js").ActivationName} name
 * @param {number} meanSquare of the pixels
 */
export const criticalGain = (name, meanSquare) =>
  solve((gain) => meanSquareOf(name, gain * gain * meanSquare) / meanSquare, 1e-4);

/**
 * Where a rising factor reaches 1, between the gains 0.5 and 2, by bisection.
 * @param {(gain: number) => number} factor
 * @param {number} tolerance
 */
export function solve(factor, tolerance) {
  let [low, high] = [0.5, 2];
  while (high - low > tolerance) {
    const middle = (low + high) / 2;
    if (factor(middle) < 1) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

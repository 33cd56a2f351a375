/** The first stage: the signal in fresh networks. */

import { ACTIVATIONS } from "./activations.js";
import { PIXELS } from "./data.js";
import { affine, gainParams } from "./network.js";
import { normal, uniform } from "./random.js";
import { factorPerLayer, shape, solve, std } from "./signals.js";

/** @typedef {import("./activations.js").ActivationName} ActivationName */

export const WIDTH = 100;

/**
 * Return a function that draws the hidden layers of a seed, one more at each call, at gain 1.
 * @param {number} seed
 */
function layersOf(seed) {
  const draw = normal(uniform(seed, 0));
  let nIn = PIXELS;
  return () => {
    const [layer] = gainParams([nIn, WIDTH, 0], draw, 1);
    nIn = WIDTH;
    return layer;
  };
}

/**
 * Return a function that gives the pre-activations of a network's hidden layers, for images X.
 *
 * The last network is kept, and whatever of its signal the next question leaves as it is: with an
 * activation for which f(cz) = c f(z), the z at gain 1 serve every gain.
 * @param {Float64Array} X (n, PIXELS)
 * @param {number} n
 */
export function signalsOf(X, n) {
  let asked = { seed: NaN, name: "", gain: NaN };
  let next = layersOf(0);
  /** @type {import("./network.js").Layer[]} */
  let layers = [];
  /** @type {Float64Array[]} */
  let z = [];

  /**
   * @param {number} seed
   * @param {ActivationName} name
   * @param {number} depth
   * @param {number} gain
   */
  return (seed, name, depth, gain) => {
    const { f } = ACTIVATIONS[name];
    if (seed !== asked.seed) {
      next = layersOf(seed);
      layers = [];
    }
    if (seed !== asked.seed || name !== asked.name || gain !== asked.gain) z = [];
    asked = { seed, name, gain };
    while (layers.length < depth) layers.push(next());
    for (let l = z.length; l < depth; l++) {
      const a = l > 0 ? f(z[l - 1]) : X;
      z.push(affine(layers[l], a, n).map((x) => gain * x));
    }
    return z.slice(0, depth);
  };
}

/**
 * What is drawn of the signal: its size in each layer, and its distribution in units of that size.
 * @param {Float64Array[]} z
 */
export function summary(z) {
  const stds = z.map(std);
  return { stds, shapes: z.map((layer, l) => shape(layer, stds[l])) };
}

/**
 * The gain at which a network's factor per layer is 1.
 * @param {ReturnType<typeof signalsOf>} signals
 * @param {number} seed
 * @param {ActivationName} name
 * @param {number} depth
 */
export function levelGain(signals, seed, name, depth) {
  /** @param {number} gain */
  const factor = (gain) => factorPerLayer(signals(seed, name, depth, gain).map(std));
  if (ACTIVATIONS[name].homogeneous) return 1 / factor(1);
  return solve(factor, 0.005);
}

/** The second stage: a narrower network learns. */

import { ACTIVATIONS } from "./activations.js";
import { images, PIXELS, TRAINING, VALIDATION } from "./data.js";
import { accuracy, backward, crossEntropy, forward, gainParams, sgd } from "./network.js";
import { normal, permutation, uniform } from "./random.js";

export const UNITS = 32;
export const BATCH = 32;
export const STEPS = 1024;
export const MOST_LAYERS = 20;
export const GUESSING = Math.log(10);

/**
 * @typedef {object} Start where a run starts, and at which rate it learns
 * @property {number} seed
 * @property {number} depth
 * @property {number} gain
 * @property {import("./activations.js").ActivationName} activation
 * @property {number} lr
 */

/** @typedef {{pixels: Uint8Array, labels: Uint8Array}} Digits */

/**
 * Look at a fresh network, and then at each call of next take one step of gradient descent, STEPS at
 * most. What is yielded of a network is seen on the minibatch that it learns from next.
 * @param {Digits} digits
 * @param {Start} start
 */
export function* training({ pixels, labels }, { seed, depth, gain, activation, lr }) {
  const f = ACTIVATIONS[activation];
  const sizes = [PIXELS, ...Array.from({ length: depth }, () => UNITS), 10];
  const params = gainParams(sizes, normal(uniform(seed, 0)), gain);
  const deal = uniform(seed, 1);
  let order = permutation(TRAINING, deal);
  for (let step = 0; step <= STEPS; step++) {
    const first = (step * BATCH) % TRAINING;
    if (step > 0 && first === 0) order = permutation(TRAINING, deal);
    const rows = order.subarray(first, first + BATCH);
    const cache = forward(params, images(pixels, rows), BATCH, f);
    const y = Uint8Array.from(rows, (row) => labels[row]);
    const { loss, dz } = crossEntropy(cache.z[depth], y);
    const grads = backward(params, cache, dz, BATCH, f);
    yield { step, loss, params, z: cache.z.slice(0, depth), dz: grads.slice(0, depth) };
    if (!Number.isFinite(loss)) return;
    sgd(params, grads, lr);
  }
}

/**
 * Look at a network with images that it does not learn from: its accuracy, and the largest share of
 * units in a hidden layer that are 0 for all of them.
 * @param {Digits} digits
 * @param {import("./network.js").Layer[]} params
 * @param {import("./activations.js").ActivationName} activation
 */
export function validate({ pixels, labels }, params, activation) {
  const rows = Array.from({ length: VALIDATION }, (_, i) => TRAINING + i);
  const { a, z } = forward(params, images(pixels, rows), VALIDATION, ACTIVATIONS[activation]);
  const silent = a.slice(1).map((layer) => {
    let units = 0;
    for (let u = 0; u < UNITS; u++) {
      let i = u;
      while (i < layer.length && layer[i] === 0) i += UNITS;
      units += i >= layer.length ? 1 : 0;
    }
    return units / UNITS;
  });
  return { accuracy: accuracy(z[z.length - 1], labels.subarray(TRAINING)), silent: Math.max(...silent) };
}

/**
 * What is wrong with a run, or "".
 * @param {number} step
 * @param {number} loss its recent mean
 * @param {number} silent as from `validate`
 * @returns {"" | "diverged" | "dead" | "stalled"}
 */
export function diagnose(step, loss, silent) {
  if (!Number.isFinite(loss)) return "diverged";
  if (loss < GUESSING / 2) return "";
  if (silent >= 0.9) return "dead";
  return step > 100 && loss > 0.99 * GUESSING ? "stalled" : "";
}

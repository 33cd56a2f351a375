/** Activation functions and their derivatives, both of the pre-activation z, as in mnist_edu. */

/**
 * @typedef {object} Activation
 * @property {(z: Float64Array) => Float64Array} f
 * @property {(z: Float64Array) => Float64Array} grad
 * @property {boolean} homogeneous f(cz) = c f(z) for c > 0
 */

/** @typedef {"relu" | "leaky_relu" | "tanh"} ActivationName */

/** The page's leaky ReLU multiplies negative z by this. */
export const LEAK = 0.5;

/**
 * Leaky ReLU with slope alpha below 0; alpha 0 is ReLU. The derivative at 0 is alpha.
 * @param {number} alpha
 * @returns {Activation}
 */
export const leakyRelu = (alpha) => ({
  f: (z) => z.map((x) => (x > 0 ? x : alpha * x)),
  grad: (z) => z.map((x) => (x > 0 ? 1 : alpha)),
  homogeneous: true,
});

/** @type {Activation} */
const tanh = {
  f: (z) => z.map(Math.tanh),
  grad: (z) => z.map((x) => 1 - Math.tanh(x) ** 2),
  homogeneous: false,
};

/** @type {Record<ActivationName, Activation>} */
export const ACTIVATIONS = { relu: leakyRelu(0), leaky_relu: leakyRelu(LEAK), tanh };

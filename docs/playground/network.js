/**
 * The network of mnist_edu: what it computes, the gradient of its loss, one step of descent.
 *
 * Rows are examples. Layer l computes z = a @ W + b; its activations are f(z). The last z are the
 * logits. Everything is float64, as whatever the notebooks print.
 */

import { times, timesTranspose, transposeTimes } from "./matrix.js";

/**
 * @typedef {object} Layer
 * @property {Float64Array} W (nIn, nOut)
 * @property {Float64Array} b (nOut)
 * @property {number} nIn
 * @property {number} nOut
 */

/**
 * Draw W ~ N(0, g²/nIn) for the hidden layers, N(0, 1/nIn) for the last; biases are 0.
 * @param {number[]} sizes
 * @param {() => number} draw from the standard normal distribution
 * @param {number} gain
 * @returns {Layer[]}
 */
export function gainParams(sizes, draw, gain) {
  return sizes.slice(1).map((nOut, l) => {
    const nIn = sizes[l];
    const std = (l < sizes.length - 2 ? gain : 1) / Math.sqrt(nIn);
    const W = Float64Array.from({ length: nIn * nOut }, () => std * draw());
    return { W, b: new Float64Array(nOut), nIn, nOut };
  });
}

/**
 * z = a @ W + b
 * @param {Layer} layer
 * @param {Float64Array} a (n, nIn)
 * @param {number} n
 * @returns {Float64Array} (n, nOut)
 */
export function affine({ W, b, nIn, nOut }, a, n) {
  const z = times(a, W, n, nIn, nOut);
  for (let i = 0; i < z.length; i++) z[i] += b[i % nOut];
  return z;
}

/**
 * Compute all z, the logits last, and the activations a that entered each layer.
 * @param {Layer[]} params
 * @param {Float64Array} X (n, inputs)
 * @param {number} n
 * @param {import("./activations.js").Activation} activation
 */
export function forward(params, X, n, activation) {
  /** @type {Float64Array[]} */
  const a = [];
  /** @type {Float64Array[]} */
  const z = [];
  params.forEach((layer, l) => {
    a.push(l > 0 ? activation.f(z[l - 1]) : X);
    z.push(affine(layer, a[l], n));
  });
  return { a, z };
}

/**
 * Mean cross-entropy of a batch, by log-sum-exp, and its gradient (softmax - one-hot) / n.
 * @param {Float64Array} logits (n, K)
 * @param {ArrayLike<number>} y n labels
 * @returns {{loss: number, dz: Float64Array}}
 */
export function crossEntropy(logits, y) {
  const n = y.length;
  const K = logits.length / n;
  const dz = new Float64Array(logits.length);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * K, (i + 1) * K);
    const largest = Math.max(...row);
    let sum = 0;
    for (let k = 0; k < K; k++) sum += Math.exp(row[k] - largest);
    loss += (Math.log(sum) - (row[y[i]] - largest)) / n;
    for (let k = 0; k < K; k++) {
      const o = Math.exp(row[k] - largest) / sum;
      dz[i * K + k] = (o - (k === y[i] ? 1 : 0)) / n;
    }
  }
  return { loss, dz };
}

/**
 * Send a gradient with respect to the logits back through all layers.
 * @param {Layer[]} params
 * @param {{a: Float64Array[], z: Float64Array[]}} cache what `forward` returned
 * @param {Float64Array} dzLast (n, K)
 * @param {number} n
 * @param {import("./activations.js").Activation} activation
 * @returns {{dW: Float64Array, db: Float64Array, dz: Float64Array}[]} of each layer
 */
export function backward(params, cache, dzLast, n, activation) {
  const grads = [];
  let dz = dzLast;
  for (let l = params.length - 1; l >= 0; l--) {
    const { W, nIn, nOut } = params[l];
    const db = new Float64Array(nOut);
    for (let i = 0; i < dz.length; i++) db[i % nOut] += dz[i];
    grads.push({ dW: transposeTimes(cache.a[l], dz, n, nIn, nOut), db, dz });
    if (l > 0) {
      const da = timesTranspose(dz, W, n, nIn, nOut);
      const slope = activation.grad(cache.z[l - 1]);
      dz = da.map((d, i) => d * slope[i]);
    }
  }
  return grads.reverse();
}

/**
 * One step of gradient descent, in place: W -= lr dW, b -= lr db.
 * @param {Layer[]} params
 * @param {{dW: Float64Array, db: Float64Array}[]} grads
 * @param {number} lr
 */
export function sgd(params, grads, lr) {
  params.forEach(({ W, b }, l) => {
    const { dW, db } = grads[l];
    for (let i = 0; i < W.length; i++) W[i] -= lr * dW[i];
    for (let i = 0; i < b.length; i++) b[i] -= lr * db[i];
  });
}

/**
 * The share of rows whose largest logit is the label's.
 * @param {Float64Array} logits (n, K)
 * @param {ArrayLike<number>} y n labels
 */
export function accuracy(logits, y) {
  const K = logits.length / y.length;
  let right = 0;
  for (let i = 0; i < y.length; i++) {
    const row = logits.subarray(i * K, (i + 1) * K);
    right += row.indexOf(Math.max(...row)) === y[i] ? 1 : 0;
  }
  return right / y.length;
}

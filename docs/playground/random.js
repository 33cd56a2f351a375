/** Random numbers from a seed. They are not NumPy's: a seed here is another network there. */

/**
 * Mix an integer into 32 well-spread bits (the finalizer of MurmurHash3, Appleby).
 * @param {number} h
 * @returns {number}
 */
function mix(h) {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Return a function that draws uniform numbers in [0, 1) (sfc32, Doty-Humphrey, of PractRand).
 * @param {number} seed
 * @param {number} stream Independent numbers of the same seed: 0 for weights, 1 for minibatches.
 * @returns {() => number}
 */
export function uniform(seed, stream) {
  let a = mix(seed + 1);
  let b = mix(a ^ 0x9e3779b9);
  let c = mix(stream + 0x632be5ab);
  let counter = 1;
  const next = () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let k = 0; k < 15; k++) next();
  return next;
}

/**
 * Return a function that draws from the standard normal distribution (Marsaglia's polar method).
 * @param {() => number} next
 * @returns {() => number}
 */
export function normal(next) {
  let spare = NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const z = spare;
      spare = NaN;
      return z;
    }
    let u, v, s;
    do {
      u = 2 * next() - 1;
      v = 2 * next() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    spare = v * scale;
    return u * scale;
  };
}

/**
 * Return 0 .. n - 1 in random order (Fisher and Yates).
 * @param {number} n
 * @param {() => number} next
 * @returns {Int32Array}
 */
export function permutation(n, next) {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

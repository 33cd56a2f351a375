/** What the reader chose: kept in the page's address, so that a link shows the same network. */

/** @typedef {import("./activations.js").ActivationName} ActivationName */

/**
 * @typedef {object} State
 * @property {"find" | "train"} stage
 * @property {number} gain
 * @property {number} depth
 * @property {number} seed
 * @property {ActivationName} activation
 * @property {number} lr
 * @property {"en" | "de"} lang
 * @property {boolean} projector
 */

export const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
export const LIMITS = { gain: [0.5, 3], depth: [1, 50], seed: [1, 99] };

/**
 * Read an address; what it does not say, or says wrongly, is as in `defaults`.
 * @param {string} search such as "?seed=17&depth=20&g=1.41"
 * @param {State} defaults
 * @returns {State}
 */
export function parse(search, defaults) {
  const asked = new URLSearchParams(search);
  /**
   * @param {string} name
   * @param {number} otherwise
   * @param {number[]} limits
   * @param {number} decimals
   */
  const number = (name, otherwise, [low, high], decimals) => {
    const value = Number.parseFloat(asked.get(name) ?? "");
    if (!Number.isFinite(value)) return otherwise;
    return Number(Math.min(high, Math.max(low, value)).toFixed(decimals));
  };
  /**
   * @template {string | number} T
   * @param {string} name
   * @param {readonly T[]} known
   * @param {T} otherwise
   */
  const choice = (name, known, otherwise) =>
    known.find((value) => String(value) === asked.get(name)) ?? otherwise;

  return {
    stage: choice("stage", /** @type {const} */ (["find", "train"]), defaults.stage),
    gain: number("g", defaults.gain, LIMITS.gain, 2),
    depth: number("depth", defaults.depth, LIMITS.depth, 0),
    seed: number("seed", defaults.seed, LIMITS.seed, 0),
    activation: choice(
      "activation", /** @type {const} */ (["relu", "leaky_relu", "tanh"]), defaults.activation),
    lr: choice("lr", RATES, defaults.lr),
    lang: choice("lang", /** @type {const} */ (["en", "de"]), defaults.lang),
    projector: asked.has("projector") ? asked.get("projector") === "1" : defaults.projector,
  };
}

/**
 * Write an address: always seed, depth and gain, and what else differs from `defaults`.
 * @param {State} state
 * @param {State} defaults
 */
export function format(state, defaults) {
  const said = new URLSearchParams({
    seed: String(state.seed), depth: String(state.depth), g: state.gain.toFixed(2),
  });
  for (const name of /** @type {const} */ (["activation", "lr", "stage", "lang"])) {
    if (state[name] !== defaults[name]) said.set(name, String(state[name]));
  }
  if (state.projector) said.set("projector", "1");
  return `?${said}`;
}

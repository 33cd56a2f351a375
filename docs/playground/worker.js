/** Everything that takes more than a few milliseconds, away from the page's own thread. */

import { images, unpackDigits } from "./data.js";
import { levelGain, signalsOf, summary } from "./measuring.js";
import { SEEDS, std } from "./signals.js";
import { training, validate } from "./training.js";

/**
 * @typedef {import("./activations.js").ActivationName} ActivationName
 * @typedef {import("./training.js").Start} Start
 *
 * @typedef {{kind: "digits", base64: string}
 *   | {kind: "measure", seed: number, activation: ActivationName, depth: number, gain: number}
 *   | {kind: "spread", activation: ActivationName, depth: number}
 *   | {kind: "train", run: number, start: Start, steps: number}} Question
 *
 * @typedef {object} Measured
 * @property {"measured"} kind
 * @property {number} seed
 * @property {ActivationName} activation
 * @property {number} depth
 * @property {number} gain
 * @property {number[]} stds
 * @property {Float64Array[]} shapes
 *
 * @typedef {object} Trained
 * @property {"trained"} kind
 * @property {number} run
 * @property {number[]} losses before the first step, and after each
 * @property {number[]} forward std of z in each hidden layer, on the last minibatch
 * @property {number[]} back std of ∂L/∂z there
 * @property {{step: number, accuracy: number, silent: number}[]} looks
 *
 * @typedef {Measured | Trained
 *   | {kind: "ready", meanSquare: number, digits: Float64Array}
 *   | {kind: "level", activation: ActivationName, depth: number, seed: number, gain: number}
 *   } Answer
 */

const PROBES = 100;
const SHOWN = 4;
const LOOK_EVERY = 32;
const SLICE = 12; // milliseconds

/** @param {Answer} found */
const say = (found) => self.postMessage(found);

/** @type {import("./training.js").Digits} */
let digits;
/** @type {Float64Array} */
let probes = new Float64Array(0);
let signals = signalsOf(probes, 0);
let spread = 0;
/** @type {{run: number, steps: ReturnType<typeof training>} | null} */
let running = null;

/** @param {Question} question */
async function answer(question) {
  if (question.kind === "digits") {
    digits = await unpackDigits(question.base64);
    probes = images(digits.pixels, Array.from({ length: PROBES }, (_, i) => i));
    signals = signalsOf(probes, PROBES);
    const meanSquare = probes.reduce((sum, x) => sum + x * x, 0) / probes.length;
    say({ kind: "ready", meanSquare, digits: images(digits.pixels, Array.from({ length: SHOWN }, (_, i) => i)) });
  } else if (question.kind === "measure") {
    const { seed, activation, depth, gain } = question;
    say({ ...question, kind: "measured", ...summary(signals(seed, activation, depth, gain)) });
  } else if (question.kind === "spread") {
    measureAll(question.activation, question.depth);
  } else {
    train(question.run, question.start, question.steps);
  }
}

/**
 * Find the level gain of seeds 1 to 30, letting other questions in between.
 * @param {ActivationName} activation
 * @param {number} depth
 */
function measureAll(activation, depth) {
  const mine = ++spread;
  const others = signalsOf(probes, PROBES);
  let seed = 0;
  const next = () => {
    if (mine !== spread || seed === SEEDS) return;
    seed += 1;
    say({ kind: "level", activation, depth, seed, gain: levelGain(others, seed, activation, depth) });
    setTimeout(next);
  };
  next();
}

/**
 * Take some steps, fewer if they take long, and say what became of the network. A run that is new
 * first tells how it starts.
 * @param {number} run
 * @param {Start} start
 * @param {number} most
 */
function train(run, start, most) {
  const until = performance.now() + SLICE;
  if (running?.run !== run) {
    running = { run, steps: training(digits, start) };
    most += 1;
  }
  const losses = [];
  const looks = [];
  let last;
  do {
    const next = running.steps.next();
    if (next.done) break;
    last = next.value;
    losses.push(last.loss);
    if (last.step % LOOK_EVERY === 0 && Number.isFinite(last.loss)) {
      looks.push({ step: last.step, ...validate(digits, last.params, start.activation) });
    }
  } while (losses.length < most && performance.now() < until);
  if (!last) return;
  const forward = last.z.map(std);
  const back = last.dz.map((layer) => std(layer.dz));
  say({ kind: "trained", run, losses, forward, back, looks });
}

self.onmessage = (event) => answer(event.data);

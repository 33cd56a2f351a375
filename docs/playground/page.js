/** The page: what its controls do, and when its pictures are drawn. */

import { ACTIVATIONS } from "./activations.js";
import { drawFactor, drawSignal, drawSizes, middleOf } from "./find_pictures.js";
import { MapGrid } from "./map.js";
import { inks, Plot, superscript } from "./plot.js";
import { criticalGain, expectedSizes, factorPerLayer, rescaled, SEEDS } from "./signals.js";
import { format, LIMITS, parse, RATES } from "./state.js";
import { drawAccuracy, drawLayers, drawLoss, KEPT } from "./train_pictures.js";
import { diagnose, MOST_LAYERS, STEPS } from "./training.js";
import { de } from "./words/de.js";
import { en } from "./words/en.js";

/**
 * @typedef {import("./activations.js").ActivationName} ActivationName
 * @typedef {import("./state.js").State} State
 * @typedef {import("./worker.js").Answer} Answer
 * @typedef {import("./worker.js").Measured} Measured
 * @typedef {import("./worker.js").Question} Question
 */

const WORDS = { en, de };
const REST = 400; // milliseconds without a change: then words and address follow
const STEPS_A_FRAME = 4;
const LEVEL = 0.005; // how far from 1 a factor may be called 1
const BACK = -2.5; // about the exponent of ten of ∂L/∂z in the last layers
const LITTLE = 2; // up to this ratio of last to first a signal grows, and does not explode
const MOST_ABOVE = 21; // of 30 seeds: so many on one side are seldom luck (4 %, two-sided)

/** @type {State} */
const DEFAULTS = {
  stage: "find",
  gain: 1,
  depth: 20,
  seed: 7,
  activation: "relu",
  lr: 0.03,
  lang: navigator.language.startsWith("de") ? "de" : "en",
  projector: false,
};

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
function $(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no #${id}`);
  return /** @type {T} */ (element);
}

/** @param {string} id */
const input = (id) => /** @type {HTMLInputElement} */ ($(id));
/** @param {string} id */
const button = (id) => /** @type {HTMLButtonElement} */ ($(id));

/**
 * Put words in place, unless they are there: what does not change need not be laid out.
 * @param {string} id
 * @param {string} text
 */
function setText(id, text) {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text;
}

let state = parse(location.search, DEFAULTS);
let words = WORDS[state.lang];
let ink = inks();

// Numbers as the reader's language writes them.

/** @param {string} digits */
const written = (digits) => digits.replace(".", words.decimalPoint);

/** @param {number} x @param {number} decimals */
const fixed = (x, decimals) => written(x.toFixed(decimals));

/**
 * As few decimals as a number needs, three at most.
 * @param {number} x
 */
const brief = (x) => written(String(Number(x.toFixed(3))));

/**
 * Two digits of a number of any size.
 * @param {number} x
 */
function rough(x) {
  if (x === 0 || (x >= 1e-4 && x < 1e6)) {
    return written(String(Number(x.toPrecision(2))));
  }
  const power = Math.floor(Math.log10(x));
  return `${fixed(x / 10 ** power, 1)} · 10${superscript(power)}`;
}

// The worker, which is asked one question about the first stage at a time.

const worker = new Worker(
  URL.createObjectURL(new Blob([$("worker").textContent ?? ""], { type: "text/javascript" })),
);
/** @param {Question} question */
const ask = (question) => worker.postMessage(question);

/** @type {Measured | null} */
let measured = null;
let asking = false;
let meanSquare = 0;
/** @type {HTMLCanvasElement | null} */
let digits = null;
/** @type {Float64Array | null} */
let digitPixels = null;

const homogeneous = () => ACTIVATIONS[state.activation].homogeneous;

/** Whether what was measured last is what the controls ask for. */
function isCurrent() {
  return (
    measured !== null &&
    measured.seed === state.seed &&
    measured.activation === state.activation &&
    measured.depth >= state.depth &&
    (homogeneous() || measured.gain === state.gain)
  );
}

function measure() {
  if (asking || meanSquare === 0 || isCurrent()) return;
  asking = true;
  const { seed, activation, depth } = state;
  ask({ kind: "measure", seed, activation, depth, gain: homogeneous() ? 1 : state.gain });
}

/** @param {MessageEvent<Answer>} event */
worker.onmessage = ({ data }) => {
  if (data.kind === "ready") {
    meanSquare = data.meanSquare;
    digitPixels = data.digits;
    paintDigits();
    measure();
    enableButtons();
    if (state.stage === "train") resetRun();
  } else if (data.kind === "measured") {
    asking = false;
    measured = data;
    draw();
    measure();
    rest();
  } else if (data.kind === "level") {
    if (data.activation !== spread.activation || data.depth !== spread.depth) return;
    spread.gains.push(data.gain);
    tellSpread();
    draw();
  } else {
    trained(data);
  }
};

function paintDigits() {
  if (!digitPixels) return;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [14, digitPixels.length / 14];
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(canvas.width, canvas.height);
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(ink.ink.slice(i, i + 2), 16));
  digitPixels.forEach((x, i) => image.data.set([r, g, b, 255 * x], 4 * i));
  context.putImageData(image, 0, 0);
  digits = canvas;
}

// The first stage.

/** @param {string} id */
const plotOn = (id) => new Plot(/** @type {HTMLCanvasElement} */ ($(id)), draw);
const plots = {
  signal: plotOn("signal"),
  sizes: plotOn("sizes"),
  factors: plotOn("factors"),
  loss: plotOn("loss"),
  accuracy: plotOn("accuracy"),
  forward: plotOn("forward"),
  back: plotOn("back"),
};

/** What the reader predicted, for each activation. @type {Map<ActivationName, number>} */
const predictions = new Map();
/** @type {{gain: number, factor: number, of: string}[]} */
let visits = [];
/** @type {{activation: ActivationName | "", depth: number, gains: number[]}} */
let spread = { activation: "", depth: 0, gains: [] };
/** @type {{key: string, critical: number, points: [number, number][]}} */
let expected = { key: "", critical: NaN, points: [] };

/** What is known of the network that the controls ask for, or of the last one. */
function seen() {
  if (!measured) return null;
  const depth = Math.min(state.depth, measured.depth);
  const scaled = ACTIVATIONS[measured.activation].homogeneous;
  const gain = scaled ? state.gain : measured.gain;
  const stds = measured.stds.slice(0, depth);
  return {
    gain,
    depth,
    stds: scaled ? rescaled(stds, gain) : stds,
    shapes: measured.shapes,
    expected: predictions.has(state.activation)
      ? expectedSizes(state.activation, gain, depth, meanSquare)
      : null,
  };
}

/** Theory's critical gain, and its factor per layer at other gains: a line, unless f bends it. */
function theory() {
  const key = `${state.activation} ${state.depth}`;
  if (expected.key !== key) {
    const [low, high] = LIMITS.gain;
    const count = homogeneous() ? 1 : 20;
    const gains = Array.from({ length: count + 1 }, (_, k) => low + (k / count) * (high - low));
    const points = gains.map((g) => {
      const sizes = expectedSizes(state.activation, g, state.depth, meanSquare);
      return /** @type {[number, number]} */ ([g, factorPerLayer(sizes)]);
    });
    expected = { key, critical: criticalGain(state.activation, meanSquare), points };
  }
  return expected;
}

function drawFind() {
  const look = seen();
  if (!look || !measured) return;
  const factor = factorPerLayer(look.stds);
  const network = `${measured.activation} ${measured.seed} ${look.depth}`;
  const known = visits.some((visit) => visit.of === network && visit.gain === look.gain);
  if (Number.isFinite(factor) && !known) visits.push({ gain: look.gain, factor, of: network });
  if (visits.length > 400) visits.shift();

  const kind = kindOf(look);
  setText("factor", Number.isFinite(factor) ? `× ${fixed(factor, 2)}` : "");
  setText("verdict", kind === "oneLayer" ? words.oneLayer : words[kind]);
  $("find").dataset.kind = kind;

  drawSignal(plots.signal, look, ink, words, digits);
  drawSizes(plots.sizes, look, ink, words);
  const said = predictions.get(state.activation);
  const found = {
    visits: visits.map((visit) => ({ ...visit, current: visit.of === network })),
    factor,
    levels: spread.gains,
    theory:
      said === undefined
        ? null
        : { said, critical: theory().critical, curve: theory().points },
  };
  drawFactor(plots.factors, look, found, ink, words, brief);
}

/**
 * @param {{gain: number, stds: number[]}} look
 * @returns {"fades" | "shrinks" | "explodes" | "grows" | "level" | "settles" | "oneLayer"}
 */
function kindOf({ gain, stds }) {
  const factor = factorPerLayer(stds);
  if (!Number.isFinite(factor)) return "oneLayer";
  if (Math.abs(factor - 1) <= LEVEL) return "level";
  if (!homogeneous() && gain > 1) return "settles";
  const ratio = stds[stds.length - 1] / stds[0];
  if (factor < 1) return ratio * LITTLE >= 1 ? "shrinks" : "fades";
  return ratio <= LITTLE ? "grows" : "explodes";
}

function finding() {
  const look = seen();
  if (!look) return "";
  const factor = factorPerLayer(look.stds);
  const [g, n] = [fixed(look.gain, 2), String(look.depth)];
  const ratio = rough(look.stds[look.depth - 1] / look.stds[0]);
  const kind = kindOf(look);
  if (kind === "oneLayer") return words.foundOneLayer(g);
  if (kind === "level") return words.foundLevel(g, n, ratio);
  if (kind === "settles") return words.foundSettles(g, n, ratio);
  return words.found(g, words[kind], fixed(factor, kind === "fades" || kind === "explodes" ? 2 : 3), n, ratio);
}

/** @param {SubmitEvent} event */
$("predict").onsubmit = (event) => {
  event.preventDefault();
  const said = Number.parseFloat(input("said").value.replace(",", "."));
  const [low, high] = LIMITS.gain;
  if (!(said >= low && said <= high)) {
    setText("answer", words.predictBad);
    return;
  }
  predictions.set(state.activation, said);
  tellPrediction();
  draw();
};

/** Say what theory says, if the reader has given a number for this activation. */
function tellPrediction() {
  const { activation } = state;
  const said = predictions.get(activation);
  const open = said !== undefined;
  if (open) {
    const { critical } = theory();
    const off = said / critical - 1;
    const percent = fixed(100 * Math.abs(off), 0);
    let distance = words.exact;
    if (Math.abs(off) >= 0.005) distance = off > 0 ? words.above(percent) : words.below(percent);
    setText("answer", activation === "tanh"
      ? words.verdictTanh(fixed(critical, 2), fixed(said, 2))
      : words.verdict(words[`theory_${activation}`], fixed(said, 2), distance));
    setText("why", words[`why_${activation}`]);
  } else {
    setText("answer", words.predictGate);
    setText("why", "");
  }
  $("answer").classList.toggle("given", open);
  if (open) input("said").value = fixed(said, 2);
  button("spread").disabled = !open || state.depth === 1;
  tellSpread();
  tellMap();
}

button("spread").onclick = () => {
  spread = { activation: state.activation, depth: state.depth, gains: [] };
  ask({ kind: "spread", activation: state.activation, depth: state.depth });
  tellSpread();
  $("spread-answer").scrollIntoView({ block: "nearest" });
};

function tellSpread() {
  const { gains } = spread;
  /** @param {string} text */
  const tell = (text) => setText("spread-answer", text);
  if (button("spread").disabled) tell(words.spreadGate);
  else if (!spread.activation) tell("");
  else if (gains.length < SEEDS) tell(words.spreadBusy(String(gains.length)));
  else {
    const [median, low, high] = [middleOf(gains), Math.min(...gains), Math.max(...gains)];
    const done = words.spreadDone(fixed(median, 2), fixed(low, 2), fixed(high, 2));
    const above = gains.filter((gain) => gain > theory().critical).length;
    tell(homogeneous() && above >= MOST_ABOVE ? `${done} ${words.spreadWhy}` : done);
  }
}

// The second stage.

/**
 * @typedef {"ready" | "running" | "paused" | "done" | "diverged"} Phase
 * @typedef {import("./train_pictures.js").Curves & {forward: number[], back: number[], name: string}} Kept
 */

let runs = 0; // 0: the controls have moved since, or there was none yet
let lastRun = 0;
let awaited = false;
let owed = 0; // steps that were asked for, one by one
/** @type {Phase} */
let phase = "ready";
/** @type {import("./train_pictures.js").Curves & {forward: number[], back: number[], startForward: number[], startBack: number[], silent: number}} */
let run = emptyRun();
/** @type {Kept[]} */
let kept = [];

function emptyRun() {
  return { losses: [], looks: [], forward: [], back: [], startForward: [], startBack: [], silent: 0 };
}

const trainingDepth = () => Math.min(state.depth, MOST_LAYERS);

function resetRun() {
  runs = ++lastRun;
  phase = "ready";
  const { forward, back, startForward, startBack } = run; // drawn until the new ones are known
  run = { ...emptyRun(), forward, back, startForward, startBack };
  train();
  tellTraining();
  draw();
}

/** Ask for steps of the run, unless an answer is still awaited: it will ask then. */
function train() {
  if (awaited) return;
  awaited = true;
  const { seed, gain, activation, lr } = state;
  const steps = phase === "running" ? STEPS_A_FRAME : owed;
  owed = 0;
  const start = { seed, depth: trainingDepth(), gain, activation, lr };
  ask({ kind: "train", run: runs, start, steps });
}

/** @param {import("./worker.js").Trained} data */
function trained(data) {
  awaited = false;
  if (data.run !== runs) {
    if (runs !== 0) train();
    return;
  }
  if (run.losses.length === 0) [run.startForward, run.startBack] = [data.forward, data.back];
  [run.forward, run.back] = [data.forward, data.back];
  run.losses.push(...data.losses);
  run.looks.push(...data.looks);
  run.silent = data.looks.at(-1)?.silent ?? run.silent;
  enableButtons();
  if (!Number.isFinite(run.losses.at(-1))) phase = "diverged";
  else if (stepsTaken() >= STEPS) phase = "done";
  if (phase !== "running") tellTraining();
  draw();
  if (phase === "running") requestAnimationFrame(() => phase === "running" && train());
  else if (phase === "paused" && owed > 0) train();
}

button("start").onclick = () => {
  if (phase === "running") phase = "paused";
  else {
    if (phase === "done" || phase === "diverged") resetRun();
    phase = "running";
    train();
  }
  tellTraining();
};

button("step").onclick = () => {
  if (phase === "done" || phase === "diverged") resetRun();
  phase = "paused";
  owed = 1;
  train();
  tellTraining();
};

button("reset").onclick = resetRun;

button("keep").onclick = () => {
  const { gain, activation, lr, seed } = state;
  const name = words.runName(
    fixed(gain, 2), String(trainingDepth()), words[activation], brief(lr), String(seed));
  const { losses, looks, forward, back } = run;
  kept = [...kept, { losses, looks, forward, back, name }].slice(-KEPT.length);
  listKept();
  draw();
};

function listKept() {
  $("kept").replaceChildren(
    ...kept.map(({ name }, k) => {
      const item = document.createElement("li");
      item.dataset.ink = KEPT[k][0];
      const text = document.createElement("span");
      text.textContent = name;
      const forget = document.createElement("button");
      forget.type = "button";
      forget.textContent = "×";
      forget.setAttribute("aria-label", `${words.forget}: ${name}`);
      forget.onclick = () => {
        kept = kept.filter((_, other) => other !== k);
        listKept();
        draw();
      };
      item.append(text, forget);
      return item;
    }),
  );
}

/** Put the state of the run into words, and give Start the name of what it does now. */
function tellTraining() {
  const step = String(stepsTaken());
  const loss = lossText();
  const accuracy = fixed(100 * (run.looks.at(-1)?.accuracy ?? 0.1), 0);
  let text = {
    ready: () => words.trainReady,
    running: () => words.trainRunning,
    paused: () => words.trainPaused(step),
    diverged: () => words.diverged(step),
    done: () => words.trainDone(step, loss, accuracy),
  }[phase]();
  const wrong = diagnose(stepsTaken(), recentLoss(), run.silent);
  if (wrong === "stalled" || wrong === "dead") text += ` ${words[wrong]}`;
  const before = kept.at(-1);
  if (before && (phase === "done" || phase === "diverged")) {
    text += ` ${words.against(before.name, fixed(100 * (before.looks.at(-1)?.accuracy ?? 0.1), 0))}`;
  }
  if (state.depth > MOST_LAYERS) text += ` ${words.tooDeep}`;
  setText("training", text);
  for (const id of /** @type {const} */ (["loss", "accuracy", "forward", "back"])) {
    $(id).setAttribute("aria-label", `${nameOf(id)}. ${text}`);
  }
  setText("start", phase === "running" ? words.pause : phase === "paused" ? words.resume : words.start);
  enableButtons();
}

function enableButtons() {
  for (const id of ["keep", "reset"]) button(id).disabled = stepsTaken() === 0;
  for (const id of ["start", "step"]) button(id).disabled = meanSquare === 0;
}

const stepsTaken = () => Math.max(0, run.losses.length - 1);

function recentLoss() {
  const recent = run.losses.slice(-20);
  return recent.reduce((sum, loss) => sum + loss, 0) / Math.max(recent.length, 1);
}

function lossText() {
  const loss = recentLoss();
  if (!Number.isFinite(loss)) return String(loss).replace("Infinity", "∞");
  return loss < 1000 ? fixed(loss, 2) : rough(loss);
}

function drawTrain() {
  const accuracy = run.looks.at(-1)?.accuracy;
  setText("at-step", String(stepsTaken()));
  setText("at-loss", run.losses.length ? lossText() : "–");
  setText("at-accuracy", accuracy === undefined ? "–" : `${fixed(100 * accuracy, 0)} %`);
  drawLoss(plots.loss, run, kept, ink, words);
  drawAccuracy(plots.accuracy, run, kept, ink, words);
  const forward = { start: run.startForward, now: run.forward };
  const back = { start: run.startBack, now: run.back };
  drawLayers(plots.forward, forward, kept.map((old) => old.forward), 0, ink, words);
  drawLayers(plots.back, back, kept.map((old) => old.back), BACK, ink, words);
}

// The map.

const stored = /** @type {import("./map.js").StoredMap} */ (
  JSON.parse($("stored-map").textContent ?? "")
);
let mapAsked = false;
let mapShows = ""; // activation and language
/** @type {MapGrid | null} */
let grid = null; // until it is first seen
const makeGrid = () =>
  new MapGrid(
    $("map"),
    stored,
    (depth, gain, lr) => change({ depth, gain: Math.round(100 * gain) / 100, lr }),
    (depth, gain, accuracy, rate) =>
      words.cell(String(depth), fixed(gain, 2), fixed(accuracy, 0), brief(rate)),
    (gain) => fixed(gain, 2),
  );
button("map-show").onclick = () => {
  mapAsked = true;
  tellMap();
};

function tellMap() {
  if (state.stage !== "train") return;
  const known = state.activation in stored.activations;
  const open = known && (mapAsked || predictions.has(state.activation));
  $("map-open").hidden = !open;
  $("map-gate").hidden = open;
  button("map-show").hidden = !known;
  setText("map-gate-words", known ? words.mapGate : words.mapLeaky);
  if (open) setTimeout(showMap); // a task of its own, for it has many cells
}

function showMap() {
  grid ??= makeGrid();
  const wanted = `${state.activation} ${state.lang}`;
  if (mapShows !== wanted) grid.colour(state.activation);
  mapShows = wanted;
  markMap();
}

function markMap() {
  if (grid && !$("map-open").hidden) setText("map-cell", grid.mark(state.depth, state.gain));
}

// Both stages.

let drawn = false;
/** Draw before the next frame, once however often it is asked for. */
function draw() {
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => {
    drawn = false;
    if (state.stage === "find") drawFind();
    else drawTrain();
  });
}

let resting = 0;
/** When the hand has rested: say in words what is seen, and write the address. */
function rest() {
  clearTimeout(resting);
  resting = setTimeout(() => {
    const text = finding();
    setText("found", text);
    for (const id of /** @type {const} */ (["signal", "sizes", "factors"])) {
      $(id).setAttribute("aria-label", `${nameOf(id)}. ${text}`);
    }
    try {
      history.replaceState(null, "", format(state, DEFAULTS) + location.hash);
    } catch {
      // A page from a file may not change its address in every browser.
    }
  }, REST);
}

/** @param {keyof typeof plots} id of a picture */
function nameOf(id) {
  return {
    signal: words.signalTitle, sizes: words.sizeTitle, factors: words.factorTitle,
    loss: words.lossTitle, accuracy: words.accuracyTitle,
    forward: words.forwardTitle, back: words.backTitle,
  }[id];
}

/** Lay the map's many cells out after the rest: all at once would hold a slow phone up. */
function mapLater() {
  $("map").hidden = true;
  requestAnimationFrame(() => setTimeout(() => ($("map").hidden = false)));
}

/** @param {Partial<State>} part what the reader has just chosen */
function change(part) {
  const before = state;
  state = { ...state, ...part };
  const { stage } = state;
  if (state.activation !== before.activation) {
    visits = [];
    input("said").value = "";
  }
  if (state.activation !== before.activation || state.depth !== before.depth) {
    spread = { activation: "", depth: 0, gains: [] };
    tellPrediction();
  }
  if (state.stage !== before.stage) {
    mapLater();
    tellMap();
  } else markMap();
  showState();
  measure();
  draw();
  rest();
  const same = /** @type {const} */ (["gain", "seed", "activation", "lr"]).every(
    (name) => state[name] === before[name],
  );
  if (!same || trainingDepth() !== Math.min(before.depth, MOST_LAYERS)) runs = 0;
  if (stage === "train" && runs === 0) resetRun();
  else tellTraining();
}

/** Make the controls show the state. */
function showState() {
  const { gain, depth, seed, lr, stage, activation } = state;
  const shown = { gain: fixed(gain, 2), depth: String(depth), seed: String(seed), lr: brief(lr) };
  const places = { gain, depth, seed, lr: RATES.indexOf(lr) };
  for (const name of /** @type {const} */ (["gain", "depth", "seed", "lr"])) {
    const slider = input(name);
    slider.value = String(places[name]);
    slider.setAttribute("aria-valuetext", shown[name]);
    const [low, high] = [Number(slider.min), Number(slider.max)];
    slider.style.setProperty("--filled", String((places[name] - low) / (high - low)));
    setText(`${name}-value`, shown[name]);
  }
  for (const choice of document.querySelectorAll('input[name="activation"]')) {
    const radio = /** @type {HTMLInputElement} */ (choice);
    radio.checked = radio.value === activation;
  }
  for (const name of /** @type {const} */ (["find", "train"])) {
    $(name).hidden = name !== stage;
    $(`tab-${name}`).setAttribute("aria-selected", String(name === stage));
    $(`tab-${name}`).tabIndex = name === stage ? 0 : -1;
  }
  document.body.dataset.stage = stage;
  setText("lead", stage === "find" ? words.leadFind : words.leadTrain);
  document.documentElement.classList.toggle("projector", state.projector);
  button("projector").setAttribute("aria-pressed", String(state.projector));
}

/** Put all words in place. */
function showWords() {
  words = WORDS[state.lang];
  document.documentElement.lang = state.lang;
  document.title = words.title;
  for (const element of document.querySelectorAll("[data-words]")) {
    const key = /** @type {HTMLElement} */ (element).dataset.words;
    element.textContent = /** @type {Record<string, any>} */ (words)[key ?? ""];
  }
  $("language").lang = state.lang === "en" ? "de" : "en";
  $("less").setAttribute("aria-label", words.less);
  $("more").setAttribute("aria-label", words.more);
  $("controls").setAttribute("aria-label", words.controls);
  $("map").setAttribute("aria-label", words.mapLabel);
  $("kept").setAttribute("aria-label", words.kept);
  $("keep").title = words.keepTitle;
  document.querySelector(".stages")?.setAttribute("aria-label", words.stages);
  showState();
  tellPrediction();
  listKept();
  tellTraining();
  draw();
  rest();
}

for (const name of /** @type {const} */ (["gain", "depth", "seed"])) {
  input(name).oninput = () => change({ [name]: Number(input(name).value) });
}
input("lr").oninput = () => change({ lr: RATES[Number(input("lr").value)] });
/** @param {number} by */
const nudge = (by) => {
  const [low, high] = LIMITS.gain;
  change({ gain: Math.min(high, Math.max(low, Math.round(100 * (state.gain + by)) / 100)) });
};
button("less").onclick = () => nudge(-0.01);
button("more").onclick = () => nudge(0.01);
for (const choice of document.querySelectorAll('input[name="activation"]')) {
  const radio = /** @type {HTMLInputElement} */ (choice);
  radio.onchange = () => change({ activation: /** @type {ActivationName} */ (radio.value) });
}
for (const stage of /** @type {const} */ (["find", "train"])) {
  const tab = $(`tab-${stage}`);
  tab.onclick = () => change({ stage });
  tab.onkeydown = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = stage === "find" ? "train" : "find";
    change({ stage: other });
    $(`tab-${other}`).focus();
  };
}
button("projector").onclick = () => {
  state.projector = !state.projector;
  mapLater();
  showState();
  rest();
};
button("language").onclick = () => {
  state.lang = state.lang === "en" ? "de" : "en";
  mapLater();
  showWords();
};

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  ink = inks();
  paintDigits();
  draw();
});

// Not now: the browser lays the page out as soon as this script has run.
setTimeout(() => {
  showWords();
  ask({ kind: "digits", base64: $("digits").textContent ?? "" });
});

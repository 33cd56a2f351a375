/** Every word of the page, in English. A translation is one such file, and a line in page.js. */

export const en = {
  title: "Find the gain",
  decimalPoint: ".",
  otherLanguage: "Deutsch",
  projector: "Projector",
  stages: "Stages",
  stageFind: "Find it",
  stageTrain: "Train it",
  leadFind: "The gain sets how large a network’s random weights are. Drag it until the signal neither fades nor explodes on its way through the layers. Then say your number.",
  leadTrain: "Start a network at the gain you found and keep its curves. Then start one at gain 1.00.",

  controls: "Controls",
  gain: "gain",
  depth: "hidden layers",
  seed: "seed",
  lr: "learning rate",
  activation: "activation",
  relu: "ReLU",
  leaky_relu: "leaky ReLU",
  tanh: "tanh",
  less: "a little less gain",
  more: "a little more gain",

  perLayer: "per layer",
  fades: "the signal fades",
  explodes: "the signal explodes",
  shrinks: "the signal shrinks a little",
  grows: "the signal grows a little",
  level: "the signal keeps its size",
  settles: "the signal settles",
  oneLayer: "one layer only: nothing to compare",
  signalTitle: "The signal, layer by layer",
  signalNote: "Each shape: the distribution of z, a unit’s value before its activation function, over 100 units and 100 digits.",
  sizeTitle: "Its size in each layer",
  sizeNote: "std of z",
  factorTitle: "Factor per layer, against the gain",
  factorNote: "dots: where you have been",
  axisLayer: "hidden layer",
  axisGain: "gain g",
  axisStep: "step",
  theory: "theory",
  you: "you",
  /** @param {string} g @param {string} what @param {string} rho @param {string} n @param {string} ratio */
  found: (g, what, rho, n, ratio) =>
    `At gain ${g} ${what}: on average each layer multiplies its size by ${rho}. In layer ${n} it is ${ratio} times what it was in layer 1.`,
  /** @param {string} g @param {string} n @param {string} ratio */
  foundLevel: (g, n, ratio) =>
    `At gain ${g} the signal keeps its size through ${n} layers: in the last it is ${ratio} times what it was in the first.`,
  /** @param {string} g @param {string} n @param {string} ratio */
  foundSettles: (g, n, ratio) =>
    `At gain ${g} the signal settles: tanh holds it at a size of its own. In layer ${n} it is ${ratio} times what it was in layer 1.`,
  /** @param {string} g */
  foundOneLayer: (g) => `At gain ${g}, with one hidden layer, there is no second one to compare it with.`,

  predictAsk: "At which gain does the signal keep its size?",
  predictLabel: "my critical gain",
  predictButton: "Compare",
  predictGate: "Theory stays hidden until you say a number.",
  predictBad: "Please give a number between 0.5 and 3.",
  /** @param {string} theory @param {string} said @param {string} distance */
  verdict: (theory, said, distance) => `Theory says ${theory}. You said ${said}: ${distance}.`,
  /** @param {string} level @param {string} said */
  verdictTanh: (level, said) =>
    `Theory says that signals live above 1, and that with these digits the size is level at ${level}. You said ${said}.`,
  exact: "less than half a percent off",
  /** @param {string} percent */
  above: (percent) => `${percent}\u00a0% above`,
  /** @param {string} percent */
  below: (percent) => `${percent}\u00a0% below`,
  why_relu: "ReLU sets every negative z to 0, and random weights make z and −z equally likely. So half of the mean square is lost in each layer, and its root, the size, becomes 1/√2 = 0.71 of what it was. Weights √2 times as large make up for that: a standard deviation of √(2/n), He initialization.",
  why_leaky_relu: "Here a negative z keeps half its size, so a quarter of its square. Of the mean square (1 + ¼) / 2 = ⅝ is left in each layer, and √(8/5) gives it back.",
  why_tanh: "Below 1 every signal dies out. Above 1 tanh holds it back: it settles at a size that depends on the gain; where the size is level, that happens to be the size in layer 1. So a level signal says little about tanh. Look at what comes back, in stage 2.",
  theory_relu: "√2 = 1.414",
  theory_leaky_relu: "√(8/5) = 1.265",
  spreadButton: "Thirty seeds",
  spreadAsk: "One network is one draw. What do thirty say?",
  spreadGate: "Thirty networks answer when you have said a number.",
  /** @param {string} done */
  spreadBusy: (done) => `${done} of 30 networks measured.`,
  /** @param {string} median @param {string} low @param {string} high */
  spreadDone: (median, low, high) =>
    `Thirty seeds: the signal keeps its size at gains from ${low} to ${high}, median ${median}.`,
  spreadWhy: "A little above theory: theory is about the mean square, which a few networks with large signals pull up, so the typical one needs slightly more. The wider the layers, the less.",

  start: "Start",
  pause: "Pause",
  resume: "Go on",
  step: "Step",
  reset: "Reset",
  keep: "Keep",
  lossTitle: "Loss",
  lossNote: "thin: each minibatch; thick: mean of the last 20",
  accuracyTitle: "Accuracy",
  accuracyNote: "% of 512 digits it does not learn from",
  forwardTitle: "What goes forward",
  forwardNote: "std of z; dotted: at the start of the run",
  backTitle: "What comes back",
  backNote: "std of ∂L/∂z; dotted: at the start of the run",
  guessing: "guessing",
  kept: "Kept runs",
  keepTitle: "Leave this run’s curves in the pictures, for comparison",
  forget: "forget",
  /** @param {string} g @param {string} n @param {string} f @param {string} lr @param {string} seed */
  runName: (g, n, f, lr, seed) => `gain ${g}, ${n} × ${f}, rate ${lr}, seed ${seed}`,
  tooDeep: "At most 20 layers train here; this run takes 20.",
  trainReady: "A network of 32 units per layer is ready. Press Start.",
  trainRunning: "Training.",
  /** @param {string} step */
  trainPaused: (step) => `Paused at step ${step}.`,
  /** @param {string} step @param {string} loss @param {string} accuracy */
  trainDone: (step, loss, accuracy) => `After ${step} steps: loss ${loss}, accuracy ${accuracy} %.`,
  /** @param {string} name @param {string} accuracy */
  against: (name, accuracy) => `The run kept last (${name}): ${accuracy} %.`,
  /** @param {string} step */
  diverged: (step) => `Diverged: at step ${step} the loss is no longer a finite number. Try a smaller gain or rate.`,
  divergedMark: "diverged",
  stalled: "Stalled: it is hardly better than guessing.",
  dead: "Dead: in one layer nearly all units are 0 for every digit.",

  mapTitle: "The map",
  mapNote: "Accuracy after 400 steps of networks with 100 units per layer, from notebook 7: mean of three seeds, at the best of four rates. Neighbouring cells differ by chance as well, and the best of a row need not be the critical gain. Press a cell to take its depth, gain and rate.",
  mapGate: "The map hints at the answer. Say your number first, in stage 1.",
  mapShow: "Show it all the same",
  mapLeaky: "The map knows ReLU and tanh.",
  mapRows: "hidden layers ↑",
  mapColumns: "gain g →",
  mapLabel: "map of depth and gain",
  /** @param {string} n @param {string} g @param {string} accuracy @param {string} rate */
  cell: (n, g, accuracy, rate) => `${n} hidden layers, gain ${g}: ${accuracy} % at rate ${rate}`,

  about: "What is computed here",
  about1: "Weights are drawn from a normal distribution with mean 0 and standard deviation g / √n, where n is the number of inputs of a unit; biases start at 0; the last layer has gain 1. Leaky ReLU has slope ½ below 0. The digits are MNIST's, averaged to 14 × 14 pixels.",
  about2: "Everything is computed on your machine, in double precision, and nothing is sent anywhere. For the same weights the page computes what the notebooks' package, mnist_edu, computes: a test compares them. Its seeds are not NumPy's, so seed 7 here is another network there.",
  about3: "A series of notebooks derives all of it: notebook 6 the gain, notebook 7 this laboratory. The argument is that of He, Zhang, Ren and Sun, Delving Deep into Rectifiers (2015), arXiv 1502.01852, who look at the way back as well.",
};

/** @typedef {typeof en} Words */

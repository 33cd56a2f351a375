/** The stored map of depth and gain, as buttons: arrow keys move in it, pressing takes a cell. */

import { mixed } from "./plot.js";

/**
 * @typedef {object} StoredMap
 * @property {number[]} depths
 * @property {number[]} gains
 * @property {Record<string, {accuracy: number[][], rate: number[][]}>} activations
 */

/** Ten colours of viridis (Smith and van der Walt). */
const VIRIDIS = [
  "#440154", "#482878", "#3e4989", "#31688e", "#26828e",
  "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725",
];

export class MapGrid {
  /**
   * @param {HTMLElement} place
   * @param {StoredMap} map
   * @param {(depth: number, gain: number, rate: number) => void} take is told of the cell pressed
   * @param {(depth: number, gain: number, accuracy: number, rate: number) => string} describe
   * @param {(gain: number) => string} write
   */
  constructor(place, map, take, describe, write) {
    this.map = map;
    this.describe = describe;
    this.write = write;
    this.shown = ""; // the activation
    /** @type {HTMLButtonElement | undefined} */
    this.here = undefined;
    const columns = map.gains.length;
    place.style.setProperty("--columns", String(columns));
    /** @type {HTMLButtonElement[][]} */
    this.rows = [];
    for (const depth of [...map.depths].reverse()) {
      place.append(label(String(depth), "row"));
      const row = map.gains.map((gain, column) => {
        const cell = document.createElement("button");
        cell.type = "button";
        cell.tabIndex = -1;
        cell.addEventListener("click", () =>
          take(depth, gain, map.activations[this.shown].rate[map.depths.indexOf(depth)][column]));
        place.append(cell);
        return cell;
      });
      this.rows.unshift(row);
    }
    place.append(label("", "row"));
    this.columns = map.gains.map(() => label("", "column"));
    place.append(...this.columns);
    place.addEventListener("keydown", (event) => this.move(event));
    this.focused = [0, 0];
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const by = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const row = Math.min(this.rows.length - 1, Math.max(0, this.focused[0] + by[0]));
    const column = Math.min(this.map.gains.length - 1, Math.max(0, this.focused[1] + by[1]));
    this.focus(row, column);
    this.rows[row][column].focus();
  }

  /**
   * Make a cell the one that Tab reaches.
   * @param {number} row
   * @param {number} column
   */
  focus(row, column) {
    this.rows[this.focused[0]][this.focused[1]].tabIndex = -1;
    this.rows[row][column].tabIndex = 0;
    this.focused = [row, column];
  }

  /**
   * Colour and name the cells for an activation, in the language of the moment.
   * @param {string} name
   */
  colour(name) {
    this.shown = name;
    const { accuracy, rate } = this.map.activations[name];
    this.map.gains.forEach((gain, k) => {
      if (k % 4 === 0) this.columns[k].textContent = this.write(gain);
    });
    this.map.depths.forEach((d, r) =>
      this.map.gains.forEach((g, c) => {
        const cell = this.rows[r][c];
        cell.style.background = viridis((accuracy[r][c] - 10) / 82);
        cell.title = this.describe(d, g, accuracy[r][c], rate[r][c]);
      }),
    );
  }

  /**
   * Mark the cell nearest to depth and gain, and return its words.
   * @param {number} depth
   * @param {number} gain
   */
  mark(depth, gain) {
    this.here?.classList.remove("here");
    const row = nearest(this.map.depths, depth);
    const column = nearest(this.map.gains, gain);
    this.here = this.rows[row][column];
    this.here.classList.add("here");
    this.focus(row, column);
    return this.here.title;
  }
}

/**
 * @param {string} text
 * @param {string} kind
 */
function label(text, kind) {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = text;
  return span;
}

/**
 * The place of the value nearest to another, by ratio.
 * @param {number[]} values
 * @param {number} wanted
 */
function nearest(values, wanted) {
  const apart = values.map((value) => Math.abs(Math.log(value / wanted)));
  return apart.indexOf(Math.min(...apart));
}

/** @param {number} share 0 to 1 */
function viridis(share) {
  const place = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const k = Math.min(Math.floor(place), VIRIDIS.length - 2);
  return mixed(VIRIDIS[k], VIRIDIS[k + 1], place - k);
}

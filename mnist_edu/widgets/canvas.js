const STEPS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-1, -1], PageUp: [1, -1], End: [-1, 1], PageDown: [1, 1],
};
function render({ model, el }) {
  const side = model.get("side"), size = 2 * side, unit = size / 28;
  const id = "keys-" + Math.random().toString(36).slice(2);
  el.classList.add("mnist-drawing");
  el.innerHTML = `
    <div class="mnist-paper">
      <canvas width="${size}" height="${size}" tabindex="0" role="application"
        aria-describedby="${id}" data-lm-suppress-shortcuts="true"></canvas>
      <span class="mnist-pen" hidden></span>
    </div>
    <div class="mnist-buttons">
      <button type="button" class="jupyter-button widget-button"
        title="Blank paper">Clear</button>
      <button type="button" class="jupyter-button widget-button" aria-pressed="false"
        title="Drag the drawing, or shift it by the arrow keys">Move</button>
      <span role="status"></span>
    </div>
    <p id="${id}">Keys: arrows move the pen (Home, End, Page Up, Page Down: slantwise),
      Space puts it down or lifts it, Delete clears.</p>`;
  const [canvas, cursor, status] = ["canvas", ".mnist-pen", "[role=status]"]
    .map(name => el.querySelector(name));
  const [clear, move] = el.querySelectorAll("button");
  canvas.setAttribute("aria-label", model.get("description"));
  canvas.title = model.get("tooltip") ?? "";

  const context = canvas.getContext("2d");  // ink is black on nothing: its alpha is the ink
  const small = document.createElement("canvas");
  small.width = small.height = side;
  const reader = small.getContext("2d", { willReadFrequently: true });
  let told = null, frame = 0;

  function tell() {  // the kernel, once a frame
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      reader.clearRect(0, 0, side, side);
      reader.drawImage(canvas, 0, 0, side, side);
      told = new DataView(alpha(reader, side).buffer);
      model.set("value", told);
      model.save_changes();
    });
  }
  function hear() {  // the kernel, or another view of this paper
    const value = model.get("value");
    if (value === told) return;
    const picture = reader.createImageData(side, side);
    for (let i = 0; i < side * side; i++) picture.data[4 * i + 3] = value.getUint8(i);
    reader.putImageData(picture, 0, 0);
    context.clearRect(0, 0, size, size);
    context.drawImage(small, 0, 0, size, size);
  }
  function line(from, to) {
    const width = model.get("pen") * unit;
    Object.assign(context, { lineWidth: width, lineCap: "round" });
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    context.beginPath();  // for a dot
    context.arc(...to, width / 2, 0, 2 * Math.PI);
    context.fill();
    tell();
  }

  function hold() {  // a copy of the drawing, and how far it can go before it leaves the paper
    const copy = document.createElement("canvas");
    copy.width = copy.height = size;
    copy.getContext("2d").drawImage(canvas, 0, 0);
    const ink = alpha(context, size);
    let [left, top, right, bottom] = [size, size, -1, -1];
    ink.forEach((value, i) => {
      if (value === 0) return;
      const x = i % size, y = (i - x) / size;
      left = Math.min(left, x); right = Math.max(right, x);
      top = Math.min(top, y); bottom = Math.max(bottom, y);
    });
    return { copy, least: [-left, -top], most: [size - 1 - right, size - 1 - bottom] };
  }
  function shift({ copy, least, most }, by) {
    if (most[0] >= size) return;  // blank
    const to = by.map((d, k) => Math.round(Math.min(Math.max(d, least[k]), most[k])));
    context.clearRect(0, 0, size, size);
    context.drawImage(copy, ...to);
    tell();
  }

  let moving = false, pointer = null, from, held;  // by mouse, pen or finger
  let at = [size / 2, size / 2], down = false;  // by keys
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * size / box.width,
            (event.clientY - box.top) * size / box.height];
  }
  canvas.addEventListener("pointerdown", event => {
    if (event.button !== 0 || pointer !== null) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    from = place(event);
    cursor.hidden = true;
    status.textContent = "";
    if (moving) held = hold();
    else line(from, from);
  });
  canvas.addEventListener("pointermove", event => {
    if (event.pointerId !== pointer) return;
    if (moving) return shift(held, place(event).map((d, k) => d - from[k]));
    const all = event.getCoalescedEvents?.() ?? [];
    for (const to of (all.length ? all : [event]).map(place)) {
      line(from, to);
      from = to;
    }
  });
  for (const end of ["pointerup", "pointercancel"])
    canvas.addEventListener(end, event => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      if (!moving) at = from.map(d => Math.min(Math.max(d, 0), size));
    });

  function say(words) {
    cursor.style.left = `${100 * at[0] / size}%`;
    cursor.style.top = `${100 * at[1] / size}%`;
    cursor.classList.toggle("mnist-down", down);
    status.textContent = words ??
      `Pen ${down ? "down" : "up"}, row ${Math.round(at[1] / unit)}, ` +
      `column ${Math.round(at[0] / unit)}`;
  }
  function wipe() {
    context.clearRect(0, 0, size, size);
    at = [size / 2, size / 2];
    down = false;
    say("Blank");
    tell();
  }
  canvas.addEventListener("keydown", event => {
    const step = STEPS[event.key]?.map(d => d * unit);
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Delete" || event.key === "Backspace") wipe();
    else if (step && moving) shift(hold(), step);
    else if (step) {
      const to = at.map((d, k) => Math.min(Math.max(d + step[k], 0), size));
      if (down || event.shiftKey) line(at, to);
      at = to;
      say();
    } else if (event.key === " ") {
      down = !down && !moving;
      if (down) line(at, at);
      say();
    } else return;
    cursor.hidden = moving;
    event.preventDefault();
    event.stopPropagation();
  });
  canvas.addEventListener("blur", () => { cursor.hidden = true; });
  clear.addEventListener("click", wipe);
  move.addEventListener("click", () => {
    moving = !moving;
    down = false;
    move.setAttribute("aria-pressed", moving);
    move.classList.toggle("mod-active", moving);
    canvas.classList.toggle("mnist-moving", moving);
    say(moving ? "Drag, or press arrows" : "");
  });

  hear();
  model.on("change:value", hear);
  return () => {
    cancelAnimationFrame(frame);
    model.off("change:value", hear);
  };
}
function alpha(context, side) {
  const { data } = context.getImageData(0, 0, side, side);
  return Uint8Array.from({ length: side * side }, (_, i) => data[4 * i + 3]);
}
export default { render };

const PATIENCE = 2000;  // ms; a picture that does not load, or a page out of sight, holds nothing up
const REST = 1000;  // ms; what changes sooner is not read out: of a run, only how it ended

function render({ model, el }) {
  el.hidden = true;  // until it is known to be in a page whose still it can stand for
  el.classList.add("mnist-screen");
  el.innerHTML = `<p class="mnist-lost" role="alert"></p><img alt="">
    <p class="mnist-seen" aria-hidden="true"></p><p class="mnist-heard" role="status"></p>`;
  const [lost, image, seen, heard] = ["p", "img", ".mnist-seen", ".mnist-heard"]
    .map(name => el.querySelector(name));
  const observer = new MutationObserver(name);
  let controls, address, rest, painting = false;

  function name() {
    for (const slider of controls.querySelectorAll(".widget-slider")) {
      const text = slider.querySelector(".widget-label")?.textContent ?? "";
      const handle = slider.querySelector(".noUi-handle");
      const readout = slider.querySelector(".widget-readout");
      handle?.setAttribute("aria-label", text);
      handle?.setAttribute("aria-valuetext", readout?.textContent ?? "");
      readout?.setAttribute("aria-label", text + ", value");
    }
  }
  function keep(event) {  // from JupyterLab, to which an arrow is the next cell, and d d its end
    if (!(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey))
      event.stopPropagation();
  }
  function fineness() {
    return Math.min(Math.max(devicePixelRatio, 1), 3);
  }
  function say() {
    const words = model.get("text");
    if (seen.textContent === words) return;
    seen.textContent = image.alt = words;
    clearTimeout(rest);
    const read = () => { heard.textContent = words; };
    if (heard.textContent) rest = setTimeout(read, REST);
    else read();
  }
  async function show() {
    if (painting) return;  // it looks for a newer picture when it has shown this one
    painting = true;
    for (let number; number !== model.get("number");) {
      number = model.get("number");
      if (address) URL.revokeObjectURL(address);
      image.src = address = URL.createObjectURL(new Blob([model.get("image")]));
      image.style.width = `${model.get("width")}px`;
      say();
      const shown = image.decode().catch(() => {}).then(() => new Promise(requestAnimationFrame));
      await Promise.race([shown, new Promise(late => setTimeout(late, PATIENCE))]);
      if (model.get("ratio") !== fineness()) {
        model.set("ratio", fineness());
        model.save_changes();
      }
      model.send({ shown: number });
    }
    painting = false;
  }
  function tellWhetherLost() {
    const gone = el.closest(".jupyter-widgets-disconnected");
    lost.textContent = gone ? "The kernel that drew this has gone. Run this cell again." : "";
  }

  const frame = requestAnimationFrame(() => {
    controls = el.closest(".mnist-lab")?.firstElementChild ?? document.body;
    observer.observe(controls, { childList: true, subtree: true });
    name();
    if (!el.closest(".jp-OutputArea-child")) return;
    el.hidden = false;
    controls.addEventListener("keydown", keep);
    model.on("change:number", show);
    model.on("change:text", say);
    model.on("comm_live_update", tellWhetherLost);
    model.send({ views: 1 });
    show();
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(rest);
    observer.disconnect();
    if (el.hidden) return;
    controls.removeEventListener("keydown", keep);
    model.off("change:number", show);
    model.off("change:text", say);
    model.off("comm_live_update", tellWhetherLost);
    model.send({ views: -1 });
    URL.revokeObjectURL(address);
  };
}
export default { render };

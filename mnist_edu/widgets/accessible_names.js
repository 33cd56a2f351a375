function render({ el }) {
  el.style.display = "none";
  const observer = new MutationObserver(name);
  let area;
  function name() {
    for (const slider of area.querySelectorAll(".widget-slider")) {
      const text = slider.querySelector(".widget-label")?.textContent ?? "";
      const handle = slider.querySelector(".noUi-handle");
      const readout = slider.querySelector(".widget-readout");
      handle?.setAttribute("aria-label", text);
      handle?.setAttribute("aria-valuetext", readout?.textContent ?? "");
      readout?.setAttribute("aria-label", text + ", value");
    }
    const said = [...area.querySelectorAll(".jp-RenderedText")].at(-1)?.textContent ?? "";
    for (const image of area.querySelectorAll(".jp-RenderedImage img"))
      image.alt = said.trim();
  }
  const frame = requestAnimationFrame(() => {
    area = el.closest(".jp-OutputArea") ?? document.body;
    observer.observe(area, { childList: true, subtree: true });
    name();
  });
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}
export default { render };

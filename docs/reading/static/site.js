// What is too wide scrolls by itself: by the arrow keys as well, once it can have the focus.
const WIDE = ".math-wrapper, .table-wrapper, pre";

function giveFocus() {
  for (const element of document.querySelectorAll(WIDE)) {
    if (element.scrollWidth > element.clientWidth + 1) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}

giveFocus();
addEventListener("resize", giveFocus);
addEventListener("toggle", giveFocus, true); // a fold has opened

// On paper all is open; afterwards as it was.
const opened = [];
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open])")) {
    fold.open = true;
    opened.push(fold);
  }
});
addEventListener("afterprint", () => {
  for (const fold of opened.splice(0)) fold.open = false;
});

// Says, before it bites, what this browser or this visit lacks.

const LACKS = {
  storage:
    "This page may keep nothing here: a private window, or an address without https. Each start " +
    "downloads Python anew, and what you write may be lost with the window: File → Download " +
    "saves it.",
  memory:
    "On a tablet or phone Python may need more memory than a page gets: if this one closes or loads " +
    "anew, use a computer. Keep one notebook open at a time.",
  tab:
    "The edition is open in another tab as well, with a Python of its own: close one of the two if " +
    "this machine gets slow.",
};

function say(text) {
  const note = document.createElement("aside");
  note.setAttribute("role", "status");
  note.style.cssText =
    "position:fixed;z-index:10000;right:1rem;bottom:2.5rem;max-width:26rem;padding:.8rem 1rem;" +
    "font:.95rem/1.4 system-ui,sans-serif;color:#222;background:#fff3cd;border:1px solid #8a6d00;" +
    "border-radius:.4rem;box-shadow:0 2px 8px #0004";
  const close = document.createElement("button");
  close.textContent = "Understood";
  close.style.cssText = "display:block;margin-top:.5rem;font:inherit";
  close.addEventListener("click", () => note.remove());
  note.append(text, close);
  document.body.append(note);
}

async function openElsewhere() {
  if (!navigator.locks) return false;
  return new Promise((resolve) => {
    navigator.locks.request(location.pathname, { ifAvailable: true }, (lock) => {
      resolve(!lock);
      return lock ? new Promise(() => {}) : null; // held as long as the page is open
    });
  });
}

function withoutMouse() {
  return navigator.maxTouchPoints > 1 && !matchMedia("(any-pointer: fine)").matches;
}

async function main() {
  const lacking = [];
  if (!navigator.serviceWorker) lacking.push(LACKS.storage);
  if (withoutMouse()) lacking.push(LACKS.memory);
  if (location.pathname.includes("/lab/") && (await openElsewhere())) lacking.push(LACKS.tab);
  if (lacking.length) say(lacking.join(" "));
}

main();

// Keeps what the edition fetches, so that it opens again without a network. JupyterLite's own worker
// goes on doing the rest: it answers what a kernel asks of the page.

const FILES = ["{{files}}"]; // all of the edition's folder
const OURS = `mnist-edu ${self.registration.scope} `; // others may have caches at the same host
const EDITION = OURS + "{{edition}}"; // another name for other files
const PYODIDE = OURS + "pyodide"; // a version is in its files' addresses: these stay
const FOR_THE_PAGE = /\/api\/(drive|stdin\/|service-worker-heartbeat)/;

/** One address for a file, whatever follows the question mark. */
function plain(address) {
  const { origin, pathname } = new URL(address);
  return origin + pathname + (pathname.endsWith("/") ? "index.html" : "");
}

async function keep(name, request, response) {
  if (response.ok) {
    const cache = await caches.open(name);
    await cache.put(plain(request.url), response.clone());
  }
  return response;
}

/** From the network, which may have a newer one; without a network what was kept. */
async function newest(request) {
  try {
    return await keep(EDITION, request, await fetch(request));
  } catch (error) {
    const kept = await caches.match(plain(request.url));
    if (kept) return kept;
    throw error;
  }
}

/** What was kept, if it was; else from the network. */
async function kept(request) {
  const found = await caches.match(plain(request.url));
  return found ?? keep(PYODIDE, request, await fetch(request));
}

/** Fetch what no page has asked for yet: after one visit all notebooks open. */
async function completeEdition() {
  const cache = await caches.open(EDITION);
  for (const name of FILES) {
    const address = new URL(name, self.registration.scope).href;
    if (!(await cache.match(address))) await cache.add(address);
  }
}

let completed;

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(OURS) && name !== EDITION && name !== PYODIDE;
  const drop = (names) => Promise.all(names.filter(old).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const here = request.url.startsWith(self.registration.scope);
  const pyodide = !here && /\/pyodide\/v[\d.]+\//.test(request.url);
  if (request.method !== "GET" || FOR_THE_PAGE.test(request.url) || !(here || pyodide)) return;
  event.stopImmediatePropagation();
  event.respondWith(here ? newest(request) : kept(request));
  completed ??= completeEdition().catch(() => (completed = undefined));
  event.waitUntil(completed);
});

importScripts("jupyterlite-service-worker.js");

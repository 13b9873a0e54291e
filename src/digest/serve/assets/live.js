// Follows the state of the site: reloads the page, swaps its stylesheets, shows why there is none.
"use strict";
(() => {
  const own = document.currentScript.dataset; // what this page was when it was served
  const ROOT = "/-/digest/";
  let style = own.style;
  let waiting;

  /** What the bench shares: while `held`, the page stays; `release` lets it reload again. */
  const preview = {
    path: own.path,
    held: false,
    release() {
      preview.held = false;
      if (waiting) show(waiting);
    },
  };

  function show(now) {
    waiting = now;
    if (now.state !== own.state && reload(now.state)) return;
    if (now.state === own.state && now.style !== style) swap(now.sheets, now.style);
    showFaults(now.faults);
  }

  /** Once for each state: a page that comes out different every time would reload for ever. */
  function reload(state) {
    if (preview.held) return true;
    const mark = `${location.pathname} ${state}`;
    if (remember("digest-reload") === mark) return false;
    remember("digest-reload", mark);
    location.reload();
    return true;
  }

  function remember(key, value) {
    try {
      if (value === undefined) return sessionStorage.getItem(key);
      sessionStorage.setItem(key, value);
    } catch {
      // storage is closed to this page
    }
    return null;
  }

  /** Puts the new sheets beside the old ones, which go when the new are there: nothing flashes. */
  function swap(sheets, now) {
    style = now;
    const links = [...document.querySelectorAll("link[rel~=stylesheet][href]")];
    sheets.forEach((address, number) => {
      const old = links[number];
      if (!old) return;
      const next = old.cloneNode();
      next.href = address;
      next.addEventListener("load", () => old.remove());
      next.addEventListener("error", () => old.remove());
      old.after(next);
    });
  }

  let shown = "[]";
  let box;
  function showFaults(faults) {
    const key = JSON.stringify(faults);
    if (key === shown) return;
    shown = key;
    box?.remove();
    box = undefined;
    if (!faults.length) return;
    box = document.createElement("div");
    box.lang = "en";
    box.dataset.digest = "faults";
    const inside = box.attachShadow({ mode: "open" });
    const panel = add(inside, "section", "", { class: "faults", role: "alert", "aria-label": "Build errors" });
    const head = add(panel, "header");
    add(head, "h2", faults.length > 1 ? `${faults.length} errors` : "The site could not be built");
    const close = add(head, "button", "Hide", { type: "button" });
    close.addEventListener("click", () => box?.remove());
    for (const fault of faults) {
      const item = add(panel, "div", "", { class: "fault" });
      if (fault.path) add(item, "code", fault.line ? `${fault.path}:${fault.line}` : fault.path);
      add(item, "p", fault.message);
      if (fault.detail) add(item, "pre", fault.detail, { tabindex: "0" });
    }
    add(panel, "p", "This is the last page that could be built. It follows as soon as the error is mended.", { class: "soft" });
    const host = box;
    const sheet = add(inside, "link", "", { rel: "stylesheet", href: `${ROOT}preview.css` });
    host.style.setProperty("display", "none"); // until it has its own look
    for (const end of ["load", "error"]) sheet.addEventListener(end, () => host.style.removeProperty("display"));
    document.documentElement.append(host);
  }

  function add(parent, name, text = "", attributes = {}) {
    const element = document.createElement(name);
    element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  }

  let turn = 0;
  async function check() {
    const mine = ++turn;
    const response = await fetch(`${ROOT}state?path=${encodeURIComponent(own.path)}`);
    if (response.ok && mine === turn) show(await response.json());
  }

  // A browser has six connections for all tabs of a server: one visible tab listens, and tells the others.
  const others = new BroadcastChannel("digest");
  const quietly = (promise) => promise.catch(() => {}); // the server is away, or the page is being left
  let following, source;

  function follow() {
    if (following || document.hidden) return;
    const leave = new AbortController();
    following = leave;
    const listen = () => new Promise((done) => {
      if (leave.signal.aborted) return done();
      hear(leave);
      leave.signal.addEventListener("abort", done);
    });
    if (navigator.locks) quietly(navigator.locks.request("digest", { signal: leave.signal }, listen));
    else listen(); // not a secure origin: every visible tab for itself
    quietly(check());
  }

  function hear(leave) {
    source = new EventSource(`${ROOT}events`);
    source.onmessage = () => {
      others.postMessage("");
      quietly(check());
    };
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      setTimeout(() => leave.signal.aborted || hear(leave), 1000);
    };
  }

  function rest() {
    source?.close();
    source = undefined;
    following?.abort();
    following = undefined;
  }

  others.onmessage = () => quietly(check());
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : follow()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", follow);
  follow();

  async function layBench() {
    const response = await fetch(`${ROOT}about?path=${encodeURIComponent(own.path)}`);
    if (!response.ok) return;
    const about = await response.json();
    if (!about.story && !about.article) return;
    const bench = await import(`${ROOT}bench.js`);
    bench.lay(about, preview);
  }
  quietly(layBench());
})();

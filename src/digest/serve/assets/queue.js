// Suggestions, one after the other, without a mouse.

import { ROOT, ask, describe, get, listen, make, nameFields, post, sayDone, showKeys } from "./bench.js";

const main = document.querySelector("#m");
const said = document.querySelector("#said");
const undoButton = document.querySelector("#undo");
const about = await get("about", { path: "/" });

const HEADINGS = { name: "Large stories without a name", merge: "Stories that may be one", stray: "Articles near a story" };
const VERBS = { name: "Name", merge: "Merge", stray: "Add" };
const taken = []; // what was done here: [row, the row after it or its list]

const aside = () => new Set(JSON.parse(localStorage.getItem("digest-aside") ?? "[]"));
const keyOf = (hint) => [hint.kind, hint.story.id, hint.other?.id ?? ""].join(" ");

function complain(error) {
  said.replaceChildren(make("span", { class: "problem" }, error.message));
}

function link(item) {
  return make("a", { href: item.url, target: "_blank" }, item.title);
}

function row(hint) {
  const { kind, story, other } = hint;
  const second = other && make("p", {}, link(other), make("small", {}, other.outlet ? `${other.outlet} ${other.day}` : describe(other)));
  const relation = { merge: "flows into", stray: "belongs to" }[kind];
  const item = make(
    "li",
    { tabindex: "-1", "data-key": keyOf(hint) },
    second,
    relation && make("p", { class: "soft" }, `${relation} (likeness ${hint.likeness.toFixed(2)})`),
    make("p", {}, link(story), make("small", {}, `${describe(story)}${story.file ? `, ${story.file}` : ""}`)),
    make(
      "p",
      { class: "buttons" },
      make("button", { type: "button", class: "main", "aria-keyshortcuts": "a", onclick: () => accept(hint, item) }, VERBS[kind]),
      make("button", { type: "button", "aria-keyshortcuts": "x", onclick: () => putAside(hint, item) }, "Not this"),
    ),
  );
  return item;
}

function accept(hint, item) {
  const { kind, story, other } = hint;
  if (kind === "name") {
    ask(document.body, "Name this story", nameFields(story.title, Boolean(story.file)), "Name", (data) =>
      act({ action: "name", story: story.id, title: data.get("title"), slug: data.get("slug") ?? "" }, "Named", item),
    );
    return;
  }
  const request = kind === "merge" ? { action: "merge", story: story.id, others: [other.id] } : { action: "move", articles: [other.id], to: story.id };
  act(request, kind === "merge" ? "Merged" : "Added", item).catch(complain);
}

async function act(request, what, item) {
  const done = await post("edits", { ask: request, what }, about);
  about.undo = done.undo;
  sayDone(said, what, done);
  taken.push([item, item.nextElementSibling, item.parentElement]);
  leave(item);
  undoButton.disabled = !about.undo;
}

async function undo() {
  if (!about.undo) return;
  const what = `Undone: ${about.undo.toLowerCase()}`;
  const done = await post("undo", {}, about);
  about.undo = done.undo;
  sayDone(said, what, done);
  const [item, next, list] = taken.pop() ?? [];
  if (item) {
    list.insertBefore(item, next?.parentElement === list ? next : null);
    item.focus();
  }
  undoButton.disabled = !about.undo;
}

function putAside(hint, item) {
  localStorage.setItem("digest-aside", JSON.stringify([...aside().add(keyOf(hint))]));
  leave(item);
}

/** Takes a row away and goes to the next. */
function leave(item) {
  const rows = all();
  const next = rows[rows.indexOf(item) + 1] ?? rows[rows.indexOf(item) - 1];
  item.remove();
  next?.focus();
}

const all = () => [...main.querySelectorAll("li")];
const current = () => document.activeElement.closest?.("li");

function go(step) {
  const rows = all();
  const place = rows.indexOf(current());
  rows[place < 0 ? 0 : Math.min(Math.max(place + step, 0), rows.length - 1)]?.focus();
}

const press = (key) => current()?.querySelector(`[aria-keyshortcuts=${key}]`)?.click();

async function fill() {
  const hints = await get("suggestions");
  const left = aside();
  const parts = Object.entries(HEADINGS).map(([kind, heading]) => {
    const rows = hints.filter((hint) => hint.kind === kind && !left.has(keyOf(hint))).map(row);
    return rows.length ? make("section", {}, make("h2", {}, heading), make("ol", {}, ...rows)) : "";
  });
  main.replaceChildren(...parts.filter(Boolean));
  if (!all().length) main.append(make("p", { class: "soft" }, "Nothing to look at."));
}

undoButton.addEventListener("click", () => undo().catch(complain));
undoButton.disabled = !about.undo;
document.querySelector("#aside").addEventListener("click", () => {
  localStorage.removeItem("digest-aside");
  fill().catch(complain);
});
const keys = [
  ["j", "Next", () => go(1)],
  ["k", "Previous", () => go(-1)],
  ["a", "Do what is suggested", () => press("a")],
  ["x", "Put aside", () => press("x")],
  ["o", "Open in a new tab", () => current()?.querySelector("a")?.click()],
  ["u", "Undo", () => undoButton.click()],
  ["s", "To the site", () => location.assign("/")],
  ["?", "Keys", () => showKeys(document.body, keys.map(([key, what]) => [key, what]))],
];
const actions = Object.fromEntries(keys.map(([key, , action]) => [key, action]));
listen(document.body, { ...actions, ArrowDown: actions.j, ArrowUp: actions.k });
fill().then(() => go(0), complain);

// The editor's bench at the foot of a story's or an article's page, and what the queue shares with it.

export const ROOT = "/-/digest/";
const SLUG = "[a-z0-9][a-z0-9\\-]*";

/** An element with attributes and children; texts are never HTML. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
  return element;
}

/** A shadow root at the end of the document that the page's own styles do not reach; shown when it has its own. */
export function makeRoom(name) {
  const host = make("div", { lang: "en", "data-digest": name });
  const room = host.attachShadow({ mode: "open" });
  const show = () => host.style.removeProperty("display");
  host.style.setProperty("display", "none");
  room.append(make("link", { rel: "stylesheet", href: `${ROOT}preview.css`, onload: show, onerror: show }));
  document.documentElement.append(host);
  return room;
}

export async function get(name, query = {}) {
  const response = await fetch(`${ROOT}${name}?${new URLSearchParams(query)}`);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Posts what is to be done. A server that was started anew has another token, which is fetched once. */
export async function post(name, body, about, again = true) {
  const response = await fetch(ROOT + name, {
    method: "POST",
    headers: { "content-type": "application/json", "x-digest-token": about.token },
    body: JSON.stringify(body ?? {}),
  });
  const answer = await response.json();
  if (response.status === 403 && again) {
    about.token = (await get("about", { path: "/" })).token;
    return post(name, body, about, false);
  }
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** In what a key is pressed that means something by itself. */
function isTyping(event) {
  const [target] = event.composedPath();
  return target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");
}

/** Calls the action of a key: one letter, no modifier, not while something is written or asked. */
export function listen(room, actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (room.querySelector("dialog[open]") || isTyping(event)) return;
    if (event.key !== "?" && localStorage.getItem("digest-keys") === "off") return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** A dialog with a form. `submit` gets its data, may throw what is shown, and closes it. */
export function ask(room, title, fields, button, submit, preview) {
  const problem = make("p", { class: "problem", role: "alert" });
  const cancel = make("button", { type: "button", onclick: () => dialog.close() }, button ? "Cancel" : "Close");
  const confirm = button && make("button", { type: "submit", class: "main" }, button);
  const form = make(
    "form",
    {
      method: "dialog",
      async onsubmit(event) {
        event.preventDefault();
        if (confirm.disabled) return;
        confirm.disabled = true;
        problem.textContent = "";
        try {
          await submit(new FormData(form));
          dialog.close();
        } catch (error) {
          problem.textContent = error.message;
        }
        confirm.disabled = false;
      },
      onkeydown(event) {
        const isChoice = event.target.matches?.("[type=checkbox], [type=radio]");
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey || isChoice)) form.requestSubmit();
      },
    },
    make("h2", { id: "asked" }, title),
    ...fields,
    problem,
    make("p", { class: "buttons" }, confirm, cancel),
  );
  const dialog = make("dialog", { "aria-labelledby": "asked" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    preview?.release();
  });
  if (preview) preview.held = true;
  room.append(dialog);
  dialog.showModal();
  const first = form.querySelector("[data-first]") ?? form.querySelector("input, textarea, button");
  first?.focus();
  if (first?.dataset.first !== undefined && first.value) first.select();
  return dialog;
}

export function field(label, control, hint) {
  const help = hint && make("small", {}, hint);
  return make("label", { class: "field" }, make("span", {}, label), control, help);
}

export function nameFields(title, hasFile) {
  const address = make("input", { name: "slug", pattern: SLUG, autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  return [
    field("Title", make("input", { name: "title", value: title, required: true, autocomplete: "off", "data-first": true })),
    hasFile ? "" : field("Address", address, "Lower-case letters, digits and -. Empty keeps the address it has."),
  ];
}

function span(story) {
  return story.first === story.last ? story.first : `${story.first} – ${story.last}`;
}

export function describe(story) {
  return `${story.reports} reports, ${story.outlets} outlets, ${span(story)}`;
}

/** A list to choose from, by boxes (several) or by dots (one). */
function choices(name, type, items, chosen = []) {
  return items.map((item) =>
    make(
      "label",
      { class: "choice" },
      make("input", { type, name, value: item.id, checked: chosen.includes(item.id) }),
      make("span", {}, item.title, make("small", {}, item.outlet ? `${item.outlet} ${item.day}${item.key ? ", key event" : ""}` : describe(item))),
    ),
  );
}

function chooseReports(about, chosen) {
  const list = make("div", { class: "choices", role: "group", "aria-label": "Articles" });
  const labels = choices("articles", "checkbox", about.members, chosen);
  const texts = about.members.map((report) => `${report.title} ${report.outlet} ${report.day}`.toLowerCase());
  list.append(...labels);
  const sift = (words) => {
    labels.forEach((label, number) => {
      label.hidden = !texts[number].includes(words) && !label.querySelector("input").checked;
    });
  };
  const filter = make("input", { type: "search", placeholder: "filter", "aria-label": "Filter articles", oninput: () => sift(filter.value.trim().toLowerCase()) });
  return make("fieldset", {}, make("legend", {}, "Articles"), about.members.length > 8 ? filter : "", list);
}

/** Stories: those related first, others by their words. */
function chooseStories(about, name, type, legend) {
  const own = about.story?.id;
  const list = make("div", { class: "choices", role: "group", "aria-label": "Stories" });
  // What is chosen or has the focus stays where it is: answers come while keys are pressed.
  const fill = (stories) => {
    const found = new Map(stories.filter((story) => story.id !== own).map((story) => [story.id, story]));
    for (const label of [...list.children]) {
      const { value } = label.querySelector("input");
      if (!found.delete(value) && !label.matches(":has(:checked), :focus-within")) label.remove();
    }
    list.append(...choices(name, type, [...found.values()]));
  };
  let last = 0;
  async function search() {
    const turn = ++last;
    const words = find.value.trim();
    const stories = words || !about.related.length ? await get("stories", { words }) : about.related;
    if (turn === last) fill(stories);
  }
  const find = make("input", {
    type: "search",
    "aria-label": "Find stories by words of their titles",
    placeholder: "words of a title",
    autocomplete: "off",
    "data-first": true,
    oninput: () => search().catch(() => {}),
    onkeydown(event) {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      list.querySelector("input")?.focus();
    },
  });
  list.addEventListener("keydown", (event) => {
    const inputs = [...list.querySelectorAll("input")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || type === "radio") return;
    event.preventDefault();
    (inputs[inputs.indexOf(event.target) + step] ?? find).focus();
  });
  search().catch(() => {});
  return make("fieldset", {}, make("legend", {}, legend), find, list);
}

function required(values, what) {
  if (!values.length) throw new Error(`choose ${what} first`);
  return values;
}

export function showKeys(room, keys) {
  const off = localStorage.getItem("digest-keys") === "off";
  const box = make("input", {
    type: "checkbox",
    checked: !off,
    onchange: () => localStorage.setItem("digest-keys", box.checked ? "on" : "off"),
  });
  const rows = keys.map(([key, what]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)));
  ask(room, "Keys", [make("dl", {}, ...rows), make("label", { class: "choice" }, box, make("span", {}, "Single keys work on this site"))]);
}

/** Says what was done, now and after the reload that follows. */
function keepWord(what, done) {
  sessionStorage.setItem("digest-said", JSON.stringify({ what, done, at: Date.now() }));
}

export function sayDone(place, what, done) {
  const files = done.files.length ? `${what}: ${done.files.join(", ")}` : `${what}: the files say so already`;
  const diff = done.diff && make("details", {}, make("summary", {}, "Changes"), make("pre", { tabindex: "0" }, done.diff));
  place.replaceChildren(make("span", {}, files), diff || "");
}

/** Lays the bench on a page. */
export function lay(about, preview) {
  const room = makeRoom("bench");
  const { article, story } = about;
  const said = make("div", { class: "said", role: "status" });
  const one = article ? [article.id] : [];

  async function act(request, what, label = what) {
    const done = await post("edits", { ask: request, what: label }, about);
    about.undo = done.undo;
    keepWord(what, done);
    sayDone(said, what, done);
    undo.disabled = !about.undo;
  }
  const now = (promise) => promise.catch((error) => said.replaceChildren(make("span", { class: "problem" }, error.message)));
  const open = (title, fields, button, submit) => ask(room, title, fields, button, submit, preview);
  const title = story?.title ?? article?.title ?? "";

  const actions = {
    name: () =>
      open(story ? "Name this story" : "Make a story of this article", nameFields(title, Boolean(story?.file)), "Name", (data) =>
        act({ action: "name", story: story?.id ?? article.id, title: data.get("title"), slug: data.get("slug") ?? "" }, "Named"),
      ),
    merge: () =>
      open("Merge other stories into this one", [chooseStories(about, "others", "checkbox", "Stories that flow into it")], "Merge", (data) =>
        act({ action: "merge", story: story.id, others: required(data.getAll("others"), "a story") }, "Merged"),
      ),
    split: () =>
      open(
        "Make a story of its own",
        [
          chooseReports(about, one),
          make("label", { class: "choice" }, make("input", { type: "checkbox", name: "events" }), make("span", {}, "With all reports of the same events")),
          field("Title", make("input", { name: "title", autocomplete: "off" }), "Empty: the headline that digest chooses."),
          field("Address", make("input", { name: "slug", pattern: SLUG, autocomplete: "off", autocapitalize: "off", spellcheck: "false" })),
        ],
        "Split",
        (data) =>
          act(
            {
              action: "split",
              story: story.id,
              articles: required(data.getAll("articles"), "an article"),
              title: data.get("title"),
              slug: data.get("slug"),
              events: data.has("events"),
            },
            "Split",
          ),
      ),
    move: () =>
      open(
        article ? "Move this article to another story" : "Move articles to another story",
        [article ? "" : chooseReports(about, []), chooseStories(about, "to", "radio", "The story it belongs to")],
        "Move",
        (data) => {
          const articles = article ? one : required(data.getAll("articles"), "an article");
          return act({ action: "move", articles, to: required(data.getAll("to"), "a story")[0] }, "Moved");
        },
      ),
    pin: () => choose("pin", "Make key events of", "Pin", "Pinned"),
    exclude: () => choose("exclude", "Take out of this story", "Take out", "Taken out"),
    hide: () =>
      open("Hide this story", [make("p", {}, `“${title}” goes off the site. Its articles stay.`)], "Hide", () =>
        act({ action: "hide", story: story.id }, "Hidden"),
      ),
    async note() {
      const text = await get("note", { story: story.id });
      const area = make("textarea", { name: "text", rows: "10", "data-first": true }, text);
      open("Introduce this story", [field("Note", area, "Markdown. Ctrl and Enter to save.")], "Save", (data) =>
        act({ action: "note", story: story.id, text: data.get("text") }, "Note written"),
      );
    },
    async undo() {
      if (!about.undo) return;
      const what = `Undone: ${about.undo.toLowerCase()}`;
      const done = await post("undo", {}, about);
      about.undo = done.undo;
      keepWord(what, done);
      sayDone(said, what, done);
      undo.disabled = !about.undo;
    },
    queue: () => location.assign(`${ROOT}queue`),
    keys: () => showKeys(room, keys.map(([, key, label]) => [key, label])),
  };

  function choose(action, heading, button, done) {
    if (article) return act({ action, articles: one, story: story.id }, done);
    open(heading, [chooseReports(about, [])], button, (data) =>
      act({ action, articles: required(data.getAll("articles"), "an article"), story: story.id }, done),
    );
    return undefined;
  }

  const keys = [
    ["name", "n", "Name"],
    ["merge", "m", "Merge", !story],
    ["split", "s", "Split", !story],
    ["move", "v", "Move", !story && !article],
    ["pin", "p", "Pin", !story],
    ["exclude", "x", "Take out", !story],
    ["hide", "h", article ? "Hide story" : "Hide", !story],
    ["note", "t", "Note", !story],
    ["undo", "u", "Undo", !about.undo],
    ["queue", "q", "Queue"],
    ["keys", "?", "Keys"],
  ];
  const buttons = keys.map(([name, key, label, disabled]) =>
    make("button", { type: "button", "aria-keyshortcuts": key, disabled: Boolean(disabled), onclick: () => now(Promise.resolve(actions[name]())) }, label, make("kbd", { "aria-hidden": "true" }, key)),
  );
  const undo = buttons[keys.findIndex(([name]) => name === "undo")];
  const row = make("div", { class: "row", id: "row" }, ...buttons);
  const toggle = make("button", { type: "button", class: "toggle", "aria-expanded": "false", "aria-controls": "row" }, "Curate");
  toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true")));
  const bar = make("section", { class: "bench", "aria-label": "Curate" }, toggle, row, said);
  room.append(bar);
  listen(room, Object.fromEntries(buttons.map((button, number) => [keys[number][1], () => button.click()])));

  const word = JSON.parse(sessionStorage.getItem("digest-said") ?? "null");
  sessionStorage.removeItem("digest-said");
  if (word && Date.now() - word.at < 60_000) sayDone(said, word.what, word.done);

  // The page's own foot stays readable above the bar.
  const makeSpace = () => document.documentElement.style.setProperty("padding-bottom", `${bar.offsetHeight}px`);
  new ResizeObserver(makeSpace).observe(bar);
}

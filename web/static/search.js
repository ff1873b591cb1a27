// Search as you type: key / goes to the field, arrows and Enter choose, Escape closes.
// htmx asks the server and puts the answer into the panel; without this module the form still works.

const form = document.querySelector("form.search");
const field = form.querySelector("input");
const panel = form.querySelector("[popover]");
const found = form.querySelector("#search-found");
const failed = form.querySelector(".failed");
const status = form.querySelector(".told");

let chosen = null;

const options = () => [...found.querySelectorAll("[role=option]")];

function choose(option) {
  chosen?.setAttribute("aria-selected", "false");
  chosen = option ?? null;
  chosen?.setAttribute("aria-selected", "true");
  chosen?.scrollIntoView({ block: "nearest" });
  if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
  else field.removeAttribute("aria-activedescendant");
}

function open() {
  const box = form.getBoundingClientRect();
  panel.style.setProperty("--from-top", `${Math.round(box.bottom) + 4}px`);
  panel.style.setProperty("--from-left", `${Math.round(box.left)}px`);
  if (!panel.matches(":popover-open")) panel.showPopover();
  field.setAttribute("aria-expanded", String(options().length > 0));
}

function close() {
  choose(null);
  if (panel.matches(":popover-open")) panel.hidePopover();
  field.setAttribute("aria-expanded", "false");
}

function say(sentence) {
  status.textContent = sentence;
}

function move(step) {
  const all = options();
  if (!all.length) return;
  open();
  // One place beyond the ends is the field itself.
  const place = all.indexOf(chosen) + 1 + step;
  choose(all[((place + all.length + 1) % (all.length + 1)) - 1]);
}

const keys = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: () => chosen?.click(),
  Escape: () => {
    if (!panel.matches(":popover-open")) {
      field.value = "";
      found.replaceChildren();
      field.blur();
    }
    close();
  },
};

field.setAttribute("role", "combobox");
field.setAttribute("aria-autocomplete", "list");
field.setAttribute("aria-controls", "hits");
field.setAttribute("aria-expanded", "false");

field.addEventListener("keydown", (event) => {
  if (event.isComposing || !(event.key in keys)) return;
  if (event.key === "Enter" && !chosen) return; // the form goes to the page of hits
  event.preventDefault();
  keys[event.key]();
});

field.addEventListener("input", () => {
  choose(null);
  if (field.value.trim()) return;
  found.replaceChildren();
  failed.hidden = true;
  say("");
  close();
});

field.addEventListener("focus", () => {
  if (found.childElementCount) open();
});

form.addEventListener("focusout", (event) => {
  if (!form.contains(event.relatedTarget)) close();
});

// The field keeps the focus while somebody clicks or scrolls in the panel.
panel.addEventListener("mousedown", (event) => event.preventDefault());

// In the panel there is one thing beside the hits: the switch for archived clients.
panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  field.focus();
  close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  field.focus();
  field.select();
});

field.addEventListener("htmx:beforeRequest", (event) => {
  if (!field.value.trim()) event.preventDefault();
  else open();
});

found.addEventListener("htmx:afterSwap", () => {
  failed.hidden = true;
  choose(null);
  say(found.querySelector("[data-said]")?.dataset.said ?? "");
  if (document.activeElement === field) open();
});

for (const trouble of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  form.addEventListener(trouble, () => {
    found.replaceChildren();
    failed.hidden = false;
    say(failed.textContent);
    open();
  });
}

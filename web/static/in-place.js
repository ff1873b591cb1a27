// A page in the place of a card: htmx puts it behind the card, which steps aside (crm.css).
// This module takes the focus along, closes such a page, and says what failed. Without it, or
// without JavaScript, the links open their pages and forms are sent as everywhere.

const PIECE = ".in-place";
const FIELDS = "input:not([type=hidden], [type=radio]:not(:checked)), select, textarea";
const ANYTHING = "input:not([type=hidden]), button, a[href]";

const body = document.getElementById("page-body");
const main = document.getElementById("content");

let open = null; // the piece that stands in a place, the id of the link that opened it, its texts
let afresh = null; // while the body is swapped: what is focused afterwards, and what stays open

const sent = (piece) =>
  JSON.stringify([...piece.querySelectorAll("form")].map((form) => [...new FormData(form)]));

function begin(piece) {
  (piece.querySelector(FIELDS) ?? piece.querySelector(ANYTHING)).focus();
}

function say(where, sentence) {
  const said = document.createElement("p");
  said.className = "error said-in-place";
  said.setAttribute("role", "alert");
  said.textContent = sentence;
  where.append(said);
  said.scrollIntoView({ block: "nearest" });
}

function close() {
  const { piece, opener } = open;
  open = null;
  piece.remove();
  document.getElementById(opener)?.focus();
}

/** What the server said of what failed, or what is true of every failure. */
function sentenceOf(xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const said = [...page.querySelectorAll(".fault :is(h1, p)")].map((part) => part.textContent.trim());
  return said.length
    ? said.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(" ")
    : document.getElementById("failed-in-place").textContent;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (!body.contains(elt)) return;
  for (const said of body.querySelectorAll(".said-in-place")) said.remove();
  if (!open || requestConfig.verb !== "get" || elt.closest(PIECE)) return;
  if (sent(open.piece) === open.texts) return;
  event.preventDefault();
  begin(open.piece);
  say(
    open.piece.querySelector(".form-actions") ?? open.piece,
    document.getElementById("open-in-place").textContent,
  );
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target !== body || !detail.shouldSwap) return;
  const own = open?.piece.contains(detail.requestConfig.elt);
  const menu = detail.requestConfig.elt.closest("[popover]")?.id; // it closes: back to its button
  const button = menu && document.querySelector(`[popovertarget="${menu}"]`)?.id;
  afresh = { focus: own ? open.opener : button, kept: own ? null : open };
  open = null;
  afresh.kept?.piece.remove();
});

function shownAfresh() {
  const { focus, kept } = afresh;
  afresh = null;
  const place = kept && document.getElementById(kept.opener)?.closest("[data-place]");
  if (place) {
    place.after(kept.piece);
    open = kept;
  }
  if (focus) document.getElementById(focus)?.focus();
  if (document.activeElement === document.body) main.focus({ preventScroll: true });
}

function opened(piece, asker, verb) {
  const again = open && !open.piece.isConnected;
  if (open && !again) open.piece.remove();
  const texts = again && verb !== "get" ? open.texts : sent(piece);
  open = { piece, opener: again ? open.opener : asker.id, texts };
  if (!piece.querySelector("[autofocus]")) begin(piece);
}

document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
  if (detail.target === body) {
    if (afresh) shownAfresh();
    return;
  }
  // A piece comes behind its card, or in the place of the piece before.
  const piece = [target, target.nextElementSibling].find((element) => element?.matches(PIECE));
  if (piece) opened(piece, detail.requestConfig.elt, detail.requestConfig.verb);
});

for (const trouble of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(trouble, ({ target, detail }) => {
    if (!body.contains(target)) return;
    say(target.closest("form, .form-actions, header, [data-place]"), sentenceOf(detail.xhr));
  });
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!open?.piece.contains(event.target) || !event.target.closest("[data-cancel]")) return;
  event.preventDefault();
  close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  if (!open?.piece.contains(event.target)) return;
  if (event.target.type === "search" && event.target.value) return; // it is emptied first
  event.preventDefault();
  close();
});

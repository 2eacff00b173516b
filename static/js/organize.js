// My images: choosing pictures, and what was done with them.
import { on } from "./keys.js";
import { phrase, say } from "./shell.js";

const LONG_PRESS_MS = 450;
const SPOKEN_AFTER_MS = 500;
const YEAR_S = 31536000;
const grid = document.getElementById("pictures");
const bar = document.getElementById("chosen");
const trash = grid?.dataset.place === "trash";
const shown = () => [...grid.querySelectorAll(".tile:not([hidden])")];
const chosen = () => [...grid.querySelectorAll(".tile[data-selected]:not([hidden])")];
const choosing = () => "selecting" in grid.dataset;
let last = null; // the tile that was chosen by itself last: where a range begins
let shift = false;
let pressed = 0; // the long press that is under way; its click opens nothing
let count = 0;
let speech = 0;

function choose(tile, on) {
  tile.toggleAttribute("data-selected", on);
  tile.querySelector(".checkbox").checked = on;
}

function toggle(tile, range = false, on = !("selected" in tile.dataset)) {
  if (range && last?.isConnected) {
    const all = shown();
    const [from, to] = [all.indexOf(last), all.indexOf(tile)].sort((one, other) => one - other);
    all.slice(from, to + 1).forEach((between) => choose(between, true));
  } else {
    choose(tile, on);
    last = tile;
  }
  show();
}

function clear() {
  chosen().forEach((tile) => choose(tile, false));
  show();
}

function chooseAll() {
  shown().forEach((tile) => choose(tile, true));
  show();
}

function show() {
  const tiles = chosen();
  const press = (deed) => bar.querySelector(`[data-deed="${deed}"]`);
  grid.toggleAttribute("data-selecting", tiles.length > 0);
  const held = bar.contains(document.activeElement);
  bar.hidden = !tiles.length;
  if (held && bar.hidden && last) focus(last);
  bar.elements.images.value = tiles.map((tile) => tile.dataset.image).join(" ");
  bar.querySelector("[data-count]").textContent = phrase("selected", { n: tiles.length });
  const all = bar.querySelector("[data-choose-all]");
  all.hidden = tiles.length === shown().length;
  all.textContent = phrase("selectAll", { n: shown().length });
  if (tiles.length !== count) speakLater(tiles.length);
  if (trash) return;
  turn(press("like"), "liked", tiles.every((tile) => "liked" in tile.dataset), ["like", "unlike"]);
  turn(press("hide"), "hidden", tiles.every((tile) => "hidden" in tile.dataset), ["hide", "unhide"]);
  press("publish").hidden = tiles.every((tile) => tile.dataset.visibility === "public");
  press("unlist").hidden = tiles.every((tile) => tile.dataset.visibility === "unlisted");
  press("unpublish").hidden = tiles.every((tile) => tile.dataset.visibility === "private");
}

function speakLater(number) {
  count = number;
  clearTimeout(speech);
  speech = setTimeout(() => say(number ? phrase("selected", { n: number }) : phrase("noneSelected")), SPOKEN_AFTER_MS);
}

function turn(button, name, done, [verb, back]) {
  button.setAttribute("hx-vals", JSON.stringify({ [name]: done ? "0" : "1" }));
  button.querySelector("span").textContent = phrase(done ? back : verb);
}

function like(tile, liked) {
  tile.toggleAttribute("data-liked", liked);
  const heart = tile.querySelector("[data-heart]");
  heart?.setAttribute("aria-pressed", liked);
  heart?.setAttribute("hx-vals", JSON.stringify({ liked: liked ? "0" : "1" }));
}

const EFFECTS = {
  like: (tile, values) => like(tile, values.liked !== "0"),
  unlike: (tile) => like(tile, false),
  publish: (tile) => (tile.dataset.visibility = "public"),
  unlist: (tile) => (tile.dataset.visibility = "unlisted"),
  unpublish: (tile) => (tile.dataset.visibility = "private"),
  trash: (tile) => (tile.hidden = !trash),
  restore: (tile) => (tile.hidden = trash),
  hide(tile, { hidden }) {
    tile.toggleAttribute("data-hidden", hidden !== "0");
    tile.hidden = hidden !== "0" && !/\bis:hidden\b/.test(new URLSearchParams(location.search).get("q"));
  },
  collect: (tile, { collected }) => (tile.hidden = collected === "0"),
};

// A tile that went stays, unseen, for Undo.
function happened(deed, ids, values = {}) {
  for (const id of ids) {
    const tile = document.getElementById(`image-${id}`);
    if (tile?.matches("[data-image]")) EFFECTS[deed]?.(tile, values);
  }
  if (deed === "collect") document.getElementById("collect-menu").hidePopover();
  show();
  if (document.activeElement === document.body && !bar.hidden) bar.querySelector("[popovertarget]").focus();
}

const focus = (tile) => near(tile)?.querySelector("a").focus();

function near(tile) {
  const all = shown();
  return tile.hidden ? (all.find((other) => tile.compareDocumentPosition(other) & 4) ?? all.at(-1)) : tile;
}

function move(tile, key) {
  const all = shown();
  const at = all.indexOf(tile);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[key] ?? beside(all, at, key === "ArrowDown");
  all[to]?.querySelector("a").focus();
}

function beside(all, at, down) {
  const middle = (box) => box.left + box.width / 2;
  const from = all[at].getBoundingClientRect();
  let best = -1;
  let row = null;
  for (let i = at + (down ? 1 : -1); i >= 0 && i < all.length; i += down ? 1 : -1) {
    const box = all[i].getBoundingClientRect();
    if (Math.abs(box.top - from.top) < 2) continue;
    row ??= box.top;
    if (Math.abs(box.top - row) > 2) break;
    if (best < 0 || Math.abs(middle(box) - middle(from)) < Math.abs(middle(all[best].getBoundingClientRect()) - middle(from))) best = i;
  }
  return best;
}

function listen() {
  addEventListener("pointerdown", (event) => (shift = event.shiftKey), true);
  grid.addEventListener("change", ({ target }) => toggle(target.closest(".tile"), shift, target.checked));
  // First of all: while pictures are chosen, a press opens nothing.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("#pictures .tile > a");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(choosing() || event.shiftKey || pressed === -1)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (pressed !== -1) toggle(link.parentElement, event.shiftKey);
    pressed = 0;
  }, true);
  touch();
  keys();
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { elt: button, parameters } = detail.requestConfig; // the answer may have taken the button away
    const { deed } = button.dataset;
    const values = { ...parameters };
    if (!deed || !detail.successful || !values.images) return;
    happened(deed, values.images.split(" "), values);
    clearTimeout(speech);
    say(document.querySelector("#toasts .toast:last-child p").textContent);
  });
  document.addEventListener("organized", ({ detail }) => happened(detail.deed, detail.images));
  new MutationObserver(() => {
    const gone = grid.querySelectorAll(".tile[hidden][data-selected]");
    gone.forEach((tile) => choose(tile, false));
    const focused = document.activeElement.closest(".tile[hidden]");
    if (focused) focus(focused);
    if (gone.length) show();
  }).observe(grid, { subtree: true, attributeFilter: ["hidden"] });
  bar.querySelector("[data-clear]").addEventListener("click", clear);
  bar.querySelector("[data-choose-all]").addEventListener("click", chooseAll);
  grid.addEventListener("dragstart", (event) => choosing() && event.preventDefault());
  drawBands(grid, {
    starts: (event) => !event.target.closest(".tile") || choosing() || event.shiftKey,
    touches(tiles) {
      shown().forEach((tile) => choose(tile, tiles.has(tile)));
      show();
    },
  });
}

function touch() {
  grid.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest(".tile");
    pressed = 0;
    if (event.pointerType === "mouse" || !tile) return;
    pressed = setTimeout(() => {
      pressed = -1;
      toggle(tile);
    }, LONG_PRESS_MS);
  });
  const end = () => pressed > 0 && clearTimeout(pressed);
  for (const name of ["pointerup", "pointercancel", "scroll"]) addEventListener(name, end, { passive: true });
  grid.addEventListener("contextmenu", (event) => pressed && event.preventDefault());
}

const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

function keys() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [popover], dialog");
    if (typing || event.defaultPrevented || event.altKey || document.querySelector(":popover-open, dialog[open]")) return;
    const tile = event.target.closest(".tile");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") chooseAll();
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === "Escape" && choosing()) clear();
    else if (event.key === "Delete" && choosing()) bar.querySelector('[data-deed="trash"]')?.click();
    else if (event.key === " " && event.target.matches(".tile > a")) toggle(tile, event.shiftKey);
    else if (tile && MOVES.includes(event.key)) move(tile, event.key);
    else return;
    event.preventDefault();
  });
}

// The server reads it from the cookie, so that nothing jumps.
const size = document.querySelector("[data-size]");
const draw = () => size.style.setProperty("--v", `${25 * (size.value - 1)}%`);
size?.addEventListener("input", () => {
  draw();
  document.cookie = `grid=${size.value}; path=/; max-age=${YEAR_S}; samesite=lax`;
  if (!grid) return;
  grid.dataset.size = size.value;
  delete grid.dataset.density;
});
if (size) draw();

on("bar", () => document.querySelector("[data-search]").select());

// --- a band drawn with the mouse chooses all pictures that it touches.
const LEAST_PX = 6;
const EDGE_PX = 48;
const STEP_PX = 16;
const BUSY = "a, button, input, label, select, textarea, summary, [popover]";

function drawBands(grid, { starts, touches }) {
  let from = null;
  let before = new Set();
  let band = null;

  const tiles = () => [...grid.querySelectorAll(".tile:not([hidden])")];
  const inside = (target) => target.closest("main") && (target.closest("#pictures .tile > a") || !target.closest(BUSY));

  document.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType !== "mouse" || !inside(event.target) || !starts(event)) return;
    from = { x: event.pageX, y: event.pageY };
    before = new Set(tiles().filter((tile) => "selected" in tile.dataset));
  });

  document.addEventListener("pointermove", (event) => {
    if (!from) return;
    const box = {
      left: Math.min(from.x, event.pageX), top: Math.min(from.y, event.pageY),
      width: Math.abs(event.pageX - from.x), height: Math.abs(event.pageY - from.y),
    };
    if (!band && Math.max(box.width, box.height) < LEAST_PX) return;
    band ??= begin();
    for (const [side, px] of Object.entries(box)) band.style.setProperty(side, `${px}px`);
    if (event.clientY < EDGE_PX) scrollBy(0, -STEP_PX);
    else if (event.clientY > innerHeight - EDGE_PX) scrollBy(0, STEP_PX);
    touches(new Set([...before, ...tiles().filter((tile) => meets(tile, box))]));
  });

  function begin() {
    getSelection().removeAllRanges();
    const drawn = document.createElement("div");
    drawn.className = "band";
    document.body.append(drawn);
    return drawn;
  }

  function end() {
    if (band) swallowClick();
    band?.remove();
    from = band = null;
  }
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
  document.addEventListener("selectstart", (event) => from && event.preventDefault());
}

function meets(tile, { left, top, width, height }) {
  const box = tile.getBoundingClientRect();
  const [x, y] = [box.left + scrollX, box.top + scrollY];
  return x < left + width && x + box.width > left && y < top + height && y + box.height > top;
}

function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}

if (grid) listen();

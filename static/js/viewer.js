// One picture, on its page or over a feed.
import { bringBar, isOpen, isPicture, jump, leave, open } from "./lightbox.js";
import { phrase, say, toast } from "./shell.js";
import { grow, reset } from "./zoom.js";

const page = document.querySelector("main[data-viewer]");
const viewer = () => document.querySelector("[data-viewer]");
const plain = (event) => !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

// A grid is one step in the history.
function go(link) {
  if (!link || link.hidden) return;
  if (isOpen()) open(link.href, { step: true });
  else location.replace(link.href);
}

function close() {
  if (isOpen()) leave();
  else if (window.navigation?.canGoBack) history.back();
  else location.assign(viewer().querySelector("[data-close-view]").href);
}

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest(".view__menu :is(a, button)")) target.closest(".view__menu").hidePopover();
  const copy = target.closest("[data-copy]");
  if (copy) return void copied(copy);
  const zoom = target.closest("[data-zoom]");
  if (zoom) return grow(Number(zoom.dataset.zoom));
  const shows = target.closest("[data-shows]");
  if (shows) return describe(shows);
  const link = target.closest("a[href]");
  if (!link || !plain(event) || event.defaultPrevented || link.hasAttribute("download")) return;
  if (link.closest("[data-close-view]")) take(event, close);
  else if (link.closest("[data-step], [data-sibling]")) take(event, () => go(link));
  else if (link.matches(".who__end > [href^='#']")) take(event, () => document.querySelector(link.hash).focus()); // no step in the history
  else if (isPicture(link) && (isOpen() || !page) && link.closest("#main, .lightbox")) {
    take(event, () => open(link.href, { step: isOpen(), from: link }));
  }
});

function take(event, act) {
  event.preventDefault();
  act();
}

const steps = (by) => go(viewer().querySelector(`[data-step="${by}"]`));
const ends = (end) => (isOpen() ? jump(end) : go([...viewer().querySelectorAll("[data-sibling]")].at(end)));
const KEYS = {
  ArrowLeft: () => steps(-1),
  ArrowRight: () => steps(1),
  Home: () => ends(0),
  End: () => ends(-1),
  Escape: close,
  "+": () => grow(1),
  "=": () => grow(1),
  "-": () => grow(-1),
  0: reset,
  c: () => viewer().querySelector("[data-compares]")?.click(),
  t: () => viewer().querySelector("[data-tiles]")?.click(),
  "/": () => viewer().querySelector("[popovertarget=view-imagine]")?.click(),
};

document.addEventListener("toggle", ({ target, newState }) => {
  if (target.id !== "view-imagine" || newState !== "open") return;
  bringBar(target);
  target.querySelector("textarea").focus();
}, { capture: true });

// First of all: under an open picture the keys of the feed rest.
document.addEventListener(
  "keydown",
  (event) => {
    if (!viewer() || document.querySelector("dialog[open]:not(.lightbox)") || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    const { target } = event;
    if (target.closest("#view-imagine")) return;
    if (target.closest("input, textarea, select, [popover]")) return void (isOpen() && event.stopPropagation());
    const branch = target.closest("[data-lineage] a");
    if (branch && /^Arrow(Up|Down)$/.test(event.key)) take(event, () => walk(branch, event.key === "ArrowUp" ? -1 : 1));
    else if (event.key === "Escape" && document.querySelector(":popover-open")) return;
    else if (event.key in KEYS) take(event, KEYS[event.key]);
    if (isOpen()) event.stopPropagation();
  },
  { capture: true },
);

function walk(from, by) {
  const links = [...from.closest("[data-lineage]").querySelectorAll("a")];
  links[links.indexOf(from) + by]?.focus();
}

async function copied({ dataset }) {
  try {
    await navigator.clipboard.writeText(dataset.copy);
  } catch {
    if (!copiedByHand(dataset.copy)) return say(phrase("noCopy"), "assertive");
  }
  toast(dataset.copied);
  say(dataset.copied);
}

// Without a certificate there is no clipboard, but what is selected can be copied.
function copiedByHand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "sr";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

function describe({ dataset }) {
  const panel = document.getElementById(dataset.shows);
  panel.querySelector("div").innerHTML = `<p class="quiet">${phrase("looking")}</p>`;
  panel.showPopover();
}

document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
  if (!viewer()) return;
  if (!detail.successful) return void document.getElementById(target.dataset.shows)?.hidePopover();
  if (target.id === "imagine") return void (isOpen() && !target.dataset.leadsTo && leave()); // to the card
  if (target.matches("[data-reloads]")) return void (isOpen() ? open(location.href, { step: true }) : location.reload());
  if (detail.target.id === "toasts") began(target);
});

function began(form) {
  const made = document.querySelector("#toasts > [data-made]:last-of-type");
  if (!made) return;
  say(made.dataset.said);
  import("./live.js").then(({ refresh }) => refresh(made.dataset.made));
  form.closest("[popover]")?.hidePopover();
}

// A like in the view shows on the tile below it, and the other way round.
document.addEventListener("organized", ({ detail: { deed, images } }) => {
  if (!deed.endsWith("like")) return;
  for (const heart of document.querySelectorAll("[data-heart]")) {
    if (!images.includes(heart.dataset.heart) || (heart.ariaPressed === "true") === (deed === "like")) continue;
    htmx.ajax("get", heart.getAttribute("hx-post"), { source: heart, target: heart, swap: "outerHTML" });
  }
});

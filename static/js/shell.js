// What every page has: theme and contrast, toasts, and where htmx answers go when the person is signed out.
import { show as showAges } from "./when.js";

const root = document.documentElement;
const TOAST_MS = 6000;
const YEAR_S = 31536000;
const wish = matchMedia("(prefers-contrast: more)");
const contrast = document.querySelector("[data-contrast-choice]");
if (contrast && !root.dataset.contrast) contrast.checked = wish.matches;

function choose(name, value) {
  root.setAttribute(`data-${name}`, value);
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

document.addEventListener("change", ({ target: { checked, value }, target }) => {
  // Who chooses what the system wishes anyway follows the system again.
  if (target === contrast) choose("contrast", checked === wish.matches ? "auto" : checked ? "more" : "standard");
  if (!target.matches("[data-theme-choice] input")) return;
  choose("theme", value);
  for (const meta of document.querySelectorAll("[data-scheme]")) {
    const { scheme } = meta.dataset;
    meta.media = value === "auto" ? `(prefers-color-scheme: ${scheme})` : value === scheme ? "all" : "not all";
  }
});

showAges();
setInterval(() => showAges(), 60000);
document.addEventListener("htmx:load", ({ detail }) => detail.elt.querySelectorAll && showAges(detail.elt));

const toasts = document.getElementById("toasts");

// An error stays until it is closed.
function watch(toast) {
  if (toast.matches(".bad")) say(toast.querySelector("p").textContent, "assertive");
  while (toasts.children.length > 3) toasts.firstElementChild.remove();
  if ("stays" in toast.dataset) return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, TOAST_MS) : toast.remove());
  setTimeout(leave, TOAST_MS);
}

toasts.querySelectorAll(".toast").forEach(watch);
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.matches?.(".toast")) watch(node);
}).observe(toasts, { childList: true });

document.addEventListener("click", ({ target }) => target.closest("[data-close]")?.closest(".toast")?.remove());

function complain(sentence) {
  const toast = document.getElementById("complaint").content.cloneNode(true);
  toast.querySelector("p").textContent = sentence;
  toasts.append(toast);
}

const ASK_BACK = "The server did not answer as it should. Try again in a moment.";
const STALE = "This page is older than your sign-in. Load it again; what you typed is kept.";
document.addEventListener("htmx:sendError", ({ target }) => {
  if (target.id !== "imagine") complain("No connection. Try again when the line is back."); // the bar says it itself
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || !/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  complain(xhr.status === 403 ? STALE : ASK_BACK);
});

// The sign-in page is shown as a page, not inside a card.
document.addEventListener("htmx:beforeSwap", (event) => {
  const address = new URL(event.detail.xhr.responseURL || location.href);
  if (!address.pathname.startsWith("/accounts/login/")) return;
  event.detail.shouldSwap = false;
  location.assign(`${address.pathname}?next=${encodeURIComponent(location.pathname + location.search)}`);
});

export function signedOut() {
  document.getElementById("signed-out")?.toggleAttribute("hidden", false); // some pages have no banner
}

// At most one message in two seconds, so that a reader can finish; what went wrong comes first.
const queue = [];
let speaking = false;

export function say(sentence, region = "polite") {
  const polite = region === "polite" ? -1 : queue.findIndex(([, other]) => other === "polite");
  queue.splice(polite < 0 ? queue.length : polite, 0, [sentence, region]);
  if (!speaking) speak();
}

function speak() {
  const next = queue.shift();
  speaking = Boolean(next);
  if (!next) return;
  document.getElementById(next[1]).textContent = next[0];
  setTimeout(speak, 2000);
}

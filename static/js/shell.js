// What every page has.
const root = document.documentElement;
const toasts = document.getElementById("toasts");
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

// --- ages, in the reader's time zone and as short as a caption: 4 min, 18:42, 3 Dec

// --- said in the language of the page, whose templates have the sentences

const phrases = Object.assign({}, ...[...document.querySelectorAll("[data-phrases]")].map(({ dataset }) => dataset));
export const locale = root.lang === "en" ? "en-GB" : root.lang; // days before months, hours to 24
export const phrase = (name, values = {}) => phrases[name].replace(/{(\w+)}/g, (_, key) => values[key]);
export const counted = (name, n) => phrase(n === 1 ? `${name}One` : name, { n });

function age(moment, now = new Date()) {
  const minutes = Math.floor((now - moment) / 60000);
  if (minutes < 1) return phrase("justNow");
  if (minutes < 60) return phrase("minutes", { n: minutes });
  if (moment.toDateString() === now.toDateString()) return moment.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return moment.toLocaleDateString(locale, { day: "numeric", month: "short", year });
}

export function showAges(part = document) {
  for (const time of part.querySelectorAll("time[data-when]")) {
    const moment = new Date(time.dateTime);
    time.textContent = age(moment);
    time.title = moment.toLocaleString(locale);
  }
}
showAges();
setInterval(() => showAges(), 60000);
document.addEventListener("htmx:load", ({ detail }) => detail.elt.querySelectorAll && showAges(detail.elt));

export const parsed = (html) => document.createRange().createContextualFragment(html);
export function enliven(node) {
  htmx.process(node);
  showAges(node);
}

// --- spoken: one message in two seconds, so that a reader can finish; errors first

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

// --- toasts

// kind: a template of the page.
export function toast(sentence, kind = "told") {
  const fresh = document.getElementById(kind).content.cloneNode(true);
  fresh.querySelector("p").textContent = sentence;
  toasts.append(fresh);
}

// An error stays until it is closed.
function watch(shown) {
  if (shown.matches(".bad")) say(shown.querySelector("p").textContent, "assertive");
  while (toasts.children.length > 3) toasts.firstElementChild.remove();
  if ("stays" in shown.dataset) return;
  const leave = () => (shown.matches(":hover, :focus-within") ? setTimeout(leave, TOAST_MS) : shown.remove());
  setTimeout(leave, TOAST_MS);
}
toasts.querySelectorAll(".toast").forEach(watch);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node.matches?.(".toast")) watch(node);
}).observe(toasts, { childList: true });

document.addEventListener("click", ({ target }) => target.closest("[data-close]")?.closest(".toast")?.remove());
document.addEventListener("htmx:afterRequest", ({ detail, target }) => detail.successful && target.closest(".toast")?.remove());

// --- answers

document.addEventListener("htmx:sendError", ({ target }) => {
  if (target.id !== "imagine") toast(phrase("noLine"), "complaint"); // the bar says it itself
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr } = detail;
  const address = new URL(xhr.responseURL || location.href);
  const signsIn = address.pathname.startsWith("/accounts/login/");
  const isFault = xhr.status >= 400 && /^\s*<!doctype/i.test(xhr.responseText);
  if (!signsIn && !isFault) return;
  detail.shouldSwap = false;
  if (isFault) toast(phrase(xhr.status === 403 ? "stale" : "noAnswer"), "complaint");
  else location.assign(`${address.pathname}?next=${encodeURIComponent(location.pathname + location.search)}`);
});

export function signedOut() {
  document.getElementById("signed-out")?.toggleAttribute("hidden", false); // some pages have no banner
}

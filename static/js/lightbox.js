// A picture over the feed it was opened from: its own address, Back closes it, steps walk the feed's order.
import { say } from "./shell.js";
import { show as showAges } from "./when.js";

const PAGE = /^\/images\/[0-9a-f-]{36}\/$/;
const SPOKEN = ["toasts", "polite", "assertive"]; // what lies under a modal dialog is neither seen nor read out
let dialog = null;
const slot = document.createElement("div");
let asked = 0; // the newest picture asked for; older answers are dropped
let opener = null;
let title = "";
let backTo = ""; // the feed's address

export const isOpen = () => dialog?.open ?? false;
const pathOf = (link) => new URL(link.href, location.href).pathname;
export const isPicture = (link) => link.origin === location.origin && PAGE.test(pathOf(link));

// The pictures of the feed, in reading order, each once.
function feed() {
  const links = [...document.querySelectorAll("#main :not([hidden]) > a:has(img)")].filter(isPicture);
  return [...new Map(links.map((link) => [pathOf(link), link])).values()];
}

function make() {
  dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  dialog.setAttribute("aria-label", "Picture");
  dialog.append(slot);
  document.body.append(dialog);
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("close", () => PAGE.test(location.pathname) && history.back()); // Esc twice is not asked first
}

export async function open(href, { step = false, from = null } = {}) {
  const question = (asked += 1);
  let html;
  try {
    const response = await fetch(href, { headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) return void location.assign(href);
    html = await response.text();
  } catch {
    return void say("No connection. Try again when the line is back.", "assertive");
  }
  if (question !== asked) return;
  if (!dialog) make();
  const fresh = document.createRange().createContextualFragment(html).firstElementChild;
  const focused = isOpen() && document.activeElement?.dataset.step;
  if (!isOpen()) begin(from, href);
  else if (step) history.replaceState({ view: true }, "", href);
  slot.replaceChildren(fresh);
  htmx.process(fresh);
  showAges(fresh);
  document.title = fresh.dataset.title;
  beside(fresh);
  const again = focused && fresh.querySelector(`[data-step="${focused}"]:not([hidden])`);
  (again || fresh.querySelector("[data-close-view]")).focus({ preventScroll: true });
  if (step) say(fresh.querySelector("[data-frame] img").alt);
}

function begin(from, href) {
  [opener, title] = [from, document.title];
  if (!PAGE.test(location.pathname)) {
    backTo = location.pathname + location.search;
    history.pushState({ view: true }, "", href);
  }
  dialog.append(...SPOKEN.map((id) => document.getElementById(id)));
  dialog.showModal();
  document.documentElement.toggleAttribute("data-viewing", true);
}

// The arrows lead along the feed; a picture that is not in it leads along its grid, as its page does.
function beside(fresh) {
  const [before, after] = neighbors(fresh);
  for (const [step, link] of [["-1", before], ["1", after]]) {
    const arrow = fresh.querySelector(`[data-step="${step}"]`);
    if (!link) continue;
    arrow.href = link.href;
    arrow.hidden = false;
    if (step === "1") new Image().src = `/media/${pathOf(link).split("/")[2]}.png`; // it is there when it is asked for
  }
  if (before && !after) {
    fresh.querySelector('[data-step="1"]').hidden = true;
    if (document.querySelector("#main [data-more]")) htmx.trigger("#main [data-more]", "near");
  }
  if (after && !before) fresh.querySelector('[data-step="-1"]').hidden = true;
}

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (isOpen() && detail.target?.closest("#main")) beside(slot.firstElementChild); // the feed has grown
});

// The feed's own addresses are meant from where it lies, not from the picture over it.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (isOpen() && detail.path.startsWith("?")) detail.path = backTo.split("?")[0] + detail.path;
});

function neighbors(fresh) {
  const links = feed();
  const at = links.findIndex((link) => pathOf(link).includes(fresh.dataset.view));
  return at < 0 ? [] : [links[at - 1], links[at + 1]];
}

// The first or the last picture that the feed shows.
export function jump(end) {
  const link = feed().at(end);
  if (link) open(link.href, { step: true });
}

export function leave() {
  if (history.state?.view) history.back();
  else shut();
}

function shut() {
  if (!isOpen()) return;
  const shown = slot.firstElementChild?.dataset.view;
  document.body.append(...SPOKEN.map((id) => document.getElementById(id)));
  dialog.close();
  slot.replaceChildren();
  asked += 1;
  document.title = title;
  document.documentElement.toggleAttribute("data-viewing", false);
  const link = feed().find((one) => shown && pathOf(one).includes(shown)) ?? opener;
  link?.focus({ preventScroll: true });
  link?.scrollIntoView({ block: "nearest" });
}

addEventListener("popstate", () => {
  const own = document.querySelector("main[data-viewer]")?.dataset.view;
  if (own) return void (location.pathname.includes(own) || location.reload()); // it was loaded anew over its feed's place
  if (PAGE.test(location.pathname)) open(location.href);
  else if (isOpen() && location.pathname + location.search === backTo) shut();
  else if (isOpen()) location.reload();
});

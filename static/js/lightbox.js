// A picture over its feed: Back closes it, steps walk the feed.
import { enliven, parsed, phrase, say } from "./shell.js";

const PAGE = /^\/images\/[0-9a-f-]{36}\/$/;
const SPOKEN = ["toasts", "polite", "assertive"]; // what lies under a modal dialog is neither seen nor read out
let dialog = null;
const slot = document.createElement("div");
const still = matchMedia("(prefers-reduced-motion: reduce)");
let asked = 0;
let opener = null;
let title = "";
let backTo = "";

export const isOpen = () => dialog?.open ?? false;
const pathOf = (link) => new URL(link.href, location.href).pathname;
export const isPicture = (link) => link.origin === location.origin && PAGE.test(pathOf(link));

function feed() {
  const links = [...document.querySelectorAll("#main :not([hidden]) > a:has(img)")].filter(isPicture);
  return [...new Map(links.map((link) => [pathOf(link), link])).values()];
}

function make() {
  dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  dialog.setAttribute("aria-label", phrase("picture"));
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
    return void say(phrase("noLine"), "assertive");
  }
  if (question !== asked) return;
  if (!dialog) make();
  const fresh = parsed(html).firstElementChild;
  if (isOpen()) show(fresh, href, step);
  else grow(from?.querySelector("img"), () => (isOpen() || begin(from, href), show(fresh, href)));
}

// The tile becomes the picture that `change` gives, where the browser can and movement is welcome.
function grow(tile, change) {
  if (!tile || still.matches || !document.startViewTransition) return void change();
  const name = (part) => part.style.setProperty("view-transition-name", "picture");
  const growing = (on) => document.documentElement.toggleAttribute("data-growing", on);
  growing(true);
  name(tile);
  const moving = document.startViewTransition(() => {
    tile.removeAttribute("style"); // window.js keeps cards as text, which may have none
    name(change());
  });
  moving.ready.catch(() => {}); // skipped: the change was made all the same
  moving.finished.then(() => growing(false));
}

// Gives the picture.
function show(fresh, href, step) {
  const focused = document.activeElement?.dataset.step;
  if (step) history.replaceState({ view: true }, "", href);
  putBarBack();
  slot.replaceChildren(fresh);
  enliven(fresh);
  document.title = fresh.dataset.title;
  beside(fresh);
  if (!bar()) fresh.querySelector("[popovertarget=view-imagine]")?.remove();
  const again = focused && fresh.querySelector(`[data-step="${focused}"]:not([hidden])`);
  (again || fresh.querySelector("[data-close-view]")).focus({ preventScroll: true });
  const picture = fresh.querySelector("[data-frame] img");
  if (step) say(picture.alt);
  return picture;
}

// The bar of the page below comes along when it is asked for.
const bar = () => document.querySelector(".top:has(#imagine)");
function putBarBack() {
  if (slot.contains(bar())) document.getElementById("main").before(bar());
}

export function bringBar(place) {
  if (!place.contains(bar())) place.append(bar());
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

// The arrows lead along the feed, else along the grid.
function beside(fresh) {
  const [before, after] = neighbors(fresh);
  for (const [step, link] of [["-1", before], ["1", after]]) {
    const arrow = fresh.querySelector(`[data-step="${step}"]`);
    if (!link) continue;
    arrow.href = link.href;
    arrow.hidden = false;
    if (step === "1") new Image().src = `/media/${pathOf(link).split("/")[2]}.png`;
  }
  if (before && !after) {
    fresh.querySelector('[data-step="1"]').hidden = true;
    if (document.querySelector("#main [data-more]")) htmx.trigger("#main [data-more]", "near");
  }
  if (after && !before) fresh.querySelector('[data-step="-1"]').hidden = true;
}

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (isOpen() && detail.target?.closest("#main")) beside(slot.firstElementChild);
});

// The feed's addresses are meant from where it lies.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (isOpen() && detail.path.startsWith("?")) detail.path = backTo.split("?")[0] + detail.path;
});

function neighbors(fresh) {
  const links = feed();
  const at = links.findIndex((link) => pathOf(link).includes(fresh.dataset.view));
  return at < 0 ? [] : [links[at - 1], links[at + 1]];
}

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
  putBarBack();
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

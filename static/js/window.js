// A long feed stays small: rows out of sight are put away as text, and back before they are seen.
import { after, dayOf, last, list, seam } from "./list.js";
import { enliven, parsed } from "./shell.js";

const NEAR = 1.5;
const FAR = 3; // apart from NEAR, so that a small scroll does nothing
const STRETCH = 2;
const KEPT = 12;
const PASS_MS = 80;
const away = new Map();
const outdated = new Set();

export const isAway = (id) => away.has(id);
export const outdate = (id) => outdated.add(id);

function pass() {
  const height = innerHeight;
  const boxes = [...list.children].map((node) => ({ node, box: node.getBoundingClientRect() }));
  const distance = ({ top, bottom }) => Math.max(top - height, -bottom) / height;
  const back = boxes.filter(({ node, box }) => node.matches(".away") && distance(box) < NEAR);
  const gone = [...runs(boxes, ({ box }) => distance(box) > FAR)].filter((run) => run.length);
  if (!back.length && !gone.length) return;
  hold(boxes.find(({ node, box }) => node.dataset.job && box.bottom > 0 && box.top < height), () => {
    back.forEach(({ node }) => bringBack(node));
    gone.forEach((run) => putAway(run, height));
  });
}

// What is in sight stays where it is; browsers try the same, not always.
function hold(seen, change) {
  list.style.overflowAnchor = "none";
  change();
  const moved = seen?.node.isConnected ? seen.node.getBoundingClientRect().top - seen.box.top : 0;
  if (Math.abs(moved) > 0.5) scrollBy({ top: moved, behavior: "instant" });
  requestAnimationFrame(() => (list.style.overflowAnchor = ""));
}

function* runs(boxes, isFar) {
  let run = [];
  let at = 0;
  for (const row of rows(boxes)) {
    at += row.length;
    if (at > KEPT && row.every(isFar) && row.every(({ node }) => mayGo(node))) run.push(...row);
    else {
      yield run;
      run = [];
    }
  }
  yield run;
}

function* rows(boxes) {
  let row = [];
  for (const one of boxes) {
    if (row.length && one.box.top !== row[0].box.top) {
      yield row;
      row = [];
    }
    row.push(one);
  }
  if (row.length) yield row;
}

const ACTIVE = ["queued", "running", "finishing", "canceled"];
const mayGo = (node) => !node.matches(".away") && !ACTIVE.includes(node.dataset.state) && !node.contains(document.activeElement);

function putAway(run, height) {
  while (run.length && run.at(-1).node.hasAttribute("data-mark")) run.pop();
  for (let from = 0; from < run.length; ) {
    let to = from + 1;
    while (to < run.length && run[to].box.bottom - run[from].box.top < STRETCH * height) to += 1;
    while (to < run.length && (run[to].box.top === run[to - 1].box.top || run[to - 1].node.hasAttribute("data-mark"))) to += 1;
    stretch(run.slice(from, to));
    from = to;
  }
}

function stretch(run) {
  const cards = run.map(({ node }) => node).filter((node) => node.dataset.job);
  if (!cards.length) return;
  const [first, final] = [cards[0], cards.at(-1)];
  const place = document.createElement("div");
  place.className = "away";
  Object.assign(place.dataset, {
    firstDay: dayOf(first), firstSet: first.dataset.set ?? "",
    lastDay: dayOf(final), lastSet: final.dataset.set ?? "", lastJob: final.dataset.job,
  });
  if (run[0].node !== first) place.dataset.headed = "";
  place.style.height = `${Math.max(...run.map(({ box }) => box.bottom)) - run[0].box.top}px`;
  place.kept = run.map(({ node }) => node.outerHTML).join("");
  cards.forEach((card) => away.set(card.dataset.job, place));
  run[0].node.before(place);
  run.forEach(({ node }) => node.remove());
}

export function bringBack(place) {
  const rows = parsed(place.kept);
  const cards = [...rows.querySelectorAll(".job")];
  place.replaceWith(rows);
  for (const card of cards) {
    away.delete(card.dataset.job);
    card.classList.remove("arrive");
    enliven(card);
    if (outdated.delete(card.dataset.job)) list.dispatchEvent(new CustomEvent("outdated", { detail: card.dataset.job }));
  }
  return cards;
}

let due = 0;
function soon() {
  due ||= setTimeout(() => {
    due = 0;
    requestAnimationFrame(pass);
  }, PASS_MS);
}

// Two pages meet within a day: one heading is enough.
let tail = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (list && detail.target === list && detail.requestConfig.verb === "get") tail = last();
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!list || detail.target !== list || detail.requestConfig?.verb !== "get" || !tail) return;
  seam(tail, after(tail));
});

if (list) {
  addEventListener("scroll", soon, { passive: true });
  new MutationObserver(soon).observe(list, { childList: true });
  // Other widths: stretches keep about their area.
  let width = list.clientWidth;
  new ResizeObserver(() => {
    if (list.clientWidth === width || !list.clientWidth) return;
    for (const place of list.querySelectorAll(".away")) place.style.height = `${(parseFloat(place.style.height) * width) / list.clientWidth}px`;
    width = list.clientWidth;
    soon();
  }).observe(list);
}

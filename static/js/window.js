// Keeps a long feed small: rows far out of sight are put away as text, and a stretch of their height stands for them.
// They are back long before they come into sight, so the place on the page, focus and the scrollbar stay where they are.
import { after, dayOf, last, list, seam } from "./list.js";
import { show as showAges } from "./when.js";

const NEAR = 1.5; // screens above and below that are whole
const FAR = 3; // from here on rows are put away; the distance between the two keeps a small scroll from doing anything
const STRETCH = 2; // screens that come back together
const KEPT = 12; // the newest stay: whatever is made comes on top of them
const PASS_MS = 80;
const away = new Map(); // id of a job whose card is put away → the stretch
const outdated = new Set(); // ids of cards that have changed meanwhile

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

// What is in sight stays where it is, also where rows come back that other widths have broken elsewhere. Browsers try
// the same, some of them and not always.
function hold(seen, change) {
  list.style.overflowAnchor = "none";
  change();
  const moved = seen?.node.isConnected ? seen.node.getBoundingClientRect().top - seen.box.top : 0;
  if (Math.abs(moved) > 0.5) scrollBy({ top: moved, behavior: "instant" });
  requestAnimationFrame(() => (list.style.overflowAnchor = ""));
}

// Neighbors that may go together: whole rows, without anything that moves or has the focus.
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
  while (run.length && run.at(-1).node.hasAttribute("data-mark")) run.pop(); // a heading goes with what is below it
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

// The rows as they were; those that have changed are asked for anew.
export function bringBack(place) {
  const rows = document.createRange().createContextualFragment(place.kept);
  const cards = [...rows.querySelectorAll(".job")];
  place.replaceWith(rows);
  for (const card of cards) {
    away.delete(card.dataset.job);
    card.classList.remove("arrive");
    htmx.process(card);
    showAges(card);
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

// The next page is asked for before its end is in sight; without a script the link is a link.
const ahead = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      ahead.unobserve(target);
      list.setAttribute("aria-busy", "true");
      htmx.trigger(target, "near");
    }
  },
  { rootMargin: "0px 0px 2000px" },
);
const watch = () => {
  const link = document.querySelector("#more [data-more]");
  if (link) ahead.observe(link);
};

// Two pages meet in the middle of a day or of a prompt: one heading is enough.
let tail = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (list && detail.target === list && detail.requestConfig.verb === "get") tail = last();
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (!list || detail.target !== list || detail.requestConfig?.verb !== "get" || !tail) return;
  seam(tail, after(tail));
});
// Not before htmx knows the link: what it is told earlier is lost.
document.addEventListener("htmx:load", ({ detail: { elt } }) => list && elt.matches?.("body, #more") && watch());
document.addEventListener("htmx:afterRequest", () => list?.removeAttribute("aria-busy"));

if (list) {
  addEventListener("scroll", soon, { passive: true });
  new MutationObserver(soon).observe(list, { childList: true });
  // Other widths, other rows: the stretches keep about their area until they are seen.
  let width = list.clientWidth;
  new ResizeObserver(() => {
    if (list.clientWidth === width || !list.clientWidth) return;
    for (const place of list.querySelectorAll(".away")) place.style.height = `${(parseFloat(place.style.height) * width) / list.clientWidth}px`;
    width = list.clientWidth;
    soon();
  }).observe(list);
}

// Jobs as they happen. docs/events.md
import { arrived, moved } from "./arrivals.js";
import { after, cardOf, drop, last, list, place } from "./list.js";
import { paint } from "./sheet.js";
import { counted, enliven, parsed, phrase, say, signedOut } from "./shell.js";
import { connect } from "./socket.js";
import { isAway, outdate } from "./window.js";

const OFFLINE_AFTER_MS = 5000;
const POLL_MS = 15000;
const ASK_LINE_MS = 3000;
const TO_SPARE_S = 5;
const ACTIVE = new Set(["queued", "running", "finishing"]);
const running = new Set();
const fetching = new Map();
let heardAt = Date.now() - performance.now();

const activeCards = () => [...(list?.querySelectorAll(".job") ?? [])].filter((card) => ACTIVE.has(card.dataset.state));

let offline = 0;
const socket = connect({
  opened() {
    clearTimeout(offline);
    offline = 0;
    document.getElementById("offline")?.toggleAttribute("hidden", true);
    ask([...running], (Date.now() - heardAt) / 1000 + TO_SPARE_S);
    heardAt = Date.now();
  },
  closed() {
    offline ||= setTimeout(() => document.getElementById("offline")?.toggleAttribute("hidden", false), OFFLINE_AFTER_MS);
  },
  signedOut() {
    clearTimeout(offline);
    document.getElementById("offline")?.toggleAttribute("hidden", true);
    signedOut();
  },
  received(message) {
    heardAt = Date.now();
    if (message.type === "job") take(message);
    if (message.type === "images") changed(message);
    if (message.type === "notices") noticed(message);
  },
});

function ask(ids, since_s) {
  if (ids.length || since_s) socket.send({ type: "watch", jobs: ids, since_s });
}

// Who waits moves up without an event.
function askLine() {
  if (document.visibilityState === "visible") ask([...running].filter((id) => !list || !cardOf(id) || cardOf(id).dataset.state === "queued"));
}
setInterval(askLine, ASK_LINE_MS);
setInterval(() => socket.isOpen() || activeCards().forEach((card) => refresh(card.dataset.job)), POLL_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask([...running]));

function take(shot) {
  const { job_id: id, state } = shot;
  const ended = running.has(id) && !ACTIVE.has(state);
  note(id, state);
  if (ended) arrived(id, state);
  if (!list) return;
  const card = cardOf(id);
  if (!card) return void missing(id, state);
  if (shot.version < Number(card.dataset.version) || !ACTIVE.has(card.dataset.state)) return;
  card.dataset.version = shot.version;
  if (ACTIVE.has(state)) paint(card, shot);
  else refresh(id);
}

// While a form is on its way, its answer brings the card.
const sending = () => document.querySelector(".htmx-request") !== null;

function missing(id, state) {
  if (isAway(id)) return void outdate(id);
  if (ACTIVE.has(state) ? !sending() : state !== "canceled" && isWithin(id)) refresh(id);
}

function isWithin(id) {
  const oldest = last();
  return !document.querySelector("#more [data-more]") || (oldest?.dataset.lastJob ?? oldest?.dataset.job) < id;
}

function changed({ change, image_ids, job_ids }) {
  moved(change, image_ids);
  if (!list) return;
  for (const id of job_ids) {
    if (isAway(id)) outdate(id);
    else if (cardOf(id) || isWithin(id)) refresh(id);
  }
}

export function refresh(id) {
  if (!list) return Promise.resolve();
  if (!fetching.has(id)) fetching.set(id, swap(id).finally(() => fetching.delete(id)));
  return fetching.get(id);
}

list?.addEventListener("outdated", ({ detail }) => refresh(detail));

async function swap(id) {
  let html;
  try {
    const address = list.dataset.card.replace("00000000-0000-0000-0000-000000000000", id);
    const response = await fetch(address, { headers: { "HX-Request": "true" } });
    if (response.redirected) return void location.reload(); // signed out
    if (!response.ok && response.status !== 404) return;
    html = response.ok ? (await response.text()).trim() : ""; // 404: no picture is left
  } catch {
    return; // offline: the next snapshot asks again
  }
  const card = cardOf(id);
  if (!card && isAway(id)) return void outdate(id); // put away meanwhile
  if (!html) return void (card && fold(card));
  const fresh = parsed(html).firstElementChild;
  if (!card) place(fresh);
  else replace(card, fresh);
  enliven(fresh);
  note(id, fresh.dataset.state);
}

function replace(card, fresh) {
  const [was, is] = [card.dataset.state, fresh.dataset.state];
  const focused = card.contains(document.activeElement);
  card.replaceWith(fresh);
  if (focused) fresh.focus({ preventScroll: true });
  if (!ACTIVE.has(was) || ACTIVE.has(is)) return;
  if (is === "succeeded") sayReady(fresh.dataset.announce);
  else say(fresh.dataset.announce, "assertive");
  if (fresh.dataset.source && cardOf(fresh.dataset.source)) refresh(fresh.dataset.source);
}

function fold(card) {
  if (card.dataset.state === "canceled") return; // the socket and the answer to the press both say so
  if (ACTIVE.has(card.dataset.state)) say(phrase("canceled"));
  note(card.dataset.job, "canceled");
  if (card.contains(document.activeElement)) (after(card) ?? document.getElementById("prompt"))?.focus();
  card.dataset.state = "canceled";
  const gone = () => card.isConnected && drop(card);
  card.addEventListener("animationend", gone, { once: true });
  setTimeout(gone, 400);
}

// Several that finish together are one message.
let ready = [];
function sayReady(sentence) {
  ready.push(sentence);
  if (ready.length > 1) return;
  setTimeout(() => {
    say(ready.length > 1 ? counted("ready", ready.length) : ready[0]);
    ready = [];
  }, 500);
}

const dot = document.getElementById("alive");
function note(id, state) {
  if (ACTIVE.has(state)) running.add(id);
  else running.delete(id);
  if (dot) dot.hidden = running.size === 0;
  const title = document.title.replace(/^● /, "");
  document.title = running.size ? `● ${title}` : title;
}

// The bell, on every page; the page of notifications fetches its lines anew.
const bell = document.getElementById("unread");
function noticed({ unread }) {
  if (bell && unread > bell.dataset.count) say(counted("unread", unread));
  if (bell) Object.assign(bell, { textContent: unread > 99 ? "99+" : unread, hidden: !unread }).dataset.count = unread;
  htmx.trigger(document.body, "noticed");
}

for (const id of dot?.dataset.jobs.split(" ").filter(Boolean) ?? []) note(id, "queued");
for (const card of activeCards()) note(card.dataset.job, card.dataset.state);

// An answer may bring a card that is here: the socket was quicker.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target !== list || !list || detail.requestConfig.verb !== "post") return;
  for (const [, id] of detail.xhr.responseText.matchAll(/id="job-([0-9a-f-]+)"/g)) if (cardOf(id)) drop(cardOf(id));
});

// The answer to a cancel is no card but a toast with a way back.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.target.matches(".job") || !detail.shouldSwap || detail.isError || detail.xhr.responseText.includes('id="job-')) return;
  fold(detail.target);
  Object.assign(detail, { target: document.getElementById("toasts"), swapOverride: "beforeend" });
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target !== list || !list || detail.requestConfig?.verb !== "post") return;
  const made = [...list.querySelectorAll(":scope > .job")].filter((card) => detail.xhr.responseText.includes(card.id));
  made.forEach(place);
  if (made.length) say(made[0].dataset.announce);
});

document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (!elt.matches?.(".job")) return;
  note(elt.dataset.job, elt.dataset.state);
  if (!ACTIVE.has(elt.dataset.state)) return;
  elt.classList.add("arrive");
  ask([elt.dataset.job]);
});

document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
  if (!detail.successful || detail.requestConfig.verb !== "post") return;
  if (target.matches("[data-refresh]")) refresh(target.closest(".job").dataset.job);
});

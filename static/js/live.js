// Job cards follow their jobs: snapshots over the socket, the card itself from the server whenever it changes its kind.
import { say, signedOut } from "./shell.js";
import { connect } from "./socket.js";
import { show as showAges } from "./when.js";

const OFFLINE_AFTER_MS = 5000;
const POLL_MS = 15000;
const DEVELOP_MS = 700;
const ASK_LINE_MS = 3000;
const ACTIVE = new Set(["queued", "running", "finishing"]);
const running = new Set(); // ids of all jobs that are known to be active, wherever they were started
const pace = new Map(); // id → {at, step}: where the first step was seen, for the time that is left
const wanted = new WeakMap(); // preview frame → address of its newest picture
const shownAt = new WeakMap(); // preview frame → when its newest picture began to fade in
const still = matchMedia("(prefers-reduced-motion: reduce)");
const fetching = new Map(); // id → promise: a card is asked for once at a time

const list = document.getElementById("jobs");
const cardOf = (id) => document.getElementById(`job-${id}`);
const activeCards = () => [...(list?.querySelectorAll(".job") ?? [])].filter((card) => ACTIVE.has(card.dataset.state));
const part = (card, name) => card.querySelector(`[data-live="${name}"]`);

let offline = 0;
const socket = connect({
  opened() {
    clearTimeout(offline);
    offline = 0;
    document.getElementById("offline")?.toggleAttribute("hidden", true); // some pages have no banner
    ask();
  },
  closed() {
    offline ||= setTimeout(() => document.getElementById("offline")?.toggleAttribute("hidden", false), OFFLINE_AFTER_MS);
  },
  signedOut() {
    clearTimeout(offline);
    document.getElementById("offline")?.toggleAttribute("hidden", true);
    signedOut();
  },
  received: (message) => message.type === "job" && take(message),
});

const ask = (ids = [...running]) => ids.length && socket.send({ type: "watch", jobs: ids });
const waiting = () => activeCards().filter((card) => card.dataset.state === "queued");
setInterval(() => ask(waiting().map((card) => card.dataset.job)), ASK_LINE_MS);
setInterval(() => socket.isOpen() || activeCards().forEach((card) => refresh(card.dataset.job)), POLL_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());

function take(shot) {
  note(shot.job_id, shot.state);
  if (!list) return;
  const card = cardOf(shot.job_id);
  if (!card) return void (ACTIVE.has(shot.state) && !sending() && refresh(shot.job_id));
  if (shot.version < Number(card.dataset.version) || !ACTIVE.has(card.dataset.state)) return;
  card.dataset.version = shot.version;
  if (ACTIVE.has(shot.state)) paint(card, shot);
  else refresh(shot.job_id);
}

// While a form is on its way, its answer brings the card; asking for it as well would show it twice.
const sending = () => document.querySelector(".htmx-request") !== null;

function paint(card, shot) {
  card.dataset.state = shot.state;
  const percent = shot.steps ? Math.round((100 * shot.step) / shot.steps) : 0;
  const sentence = sentenceOf(shot);
  part(card, "sentence").textContent = sentence;
  part(card, "percent").textContent = `${percent} %`;
  const progress = part(card, "progress");
  progress.max = shot.steps || 1;
  progress.value = shot.step;
  progress.textContent = sentence;
  part(card, "left").textContent = leftOf(shot);
  if (shot.preview) develop(part(card, "preview"), shot.preview);
}

function sentenceOf({ state, step, steps, position, starts_in_s: wait, sentence }) {
  if (state === "finishing") return "Saving";
  if (state === "running") return step ? `Step ${step} of ${steps}` : "Starting";
  if (sentence) return sentence; // no worker has the model
  const place = position === 1 ? "Next in line" : `${ordinal(position)} in line`;
  return wait ? `${place}, starts in about ${wait} s` : place;
}

function ordinal(number) {
  return `${number}${{ one: "st", two: "nd", few: "rd", other: "th" }[new Intl.PluralRules("en", { type: "ordinal" }).select(number)]}`;
}

function leftOf({ job_id: id, state, step, steps }) {
  if (state === "queued") pace.delete(id);
  if (state !== "running" || !step) return state === "queued" ? "waiting" : "";
  const now = performance.now();
  if (!pace.has(id) || pace.get(id).step > step) pace.set(id, { at: now, step });
  const first = pace.get(id);
  if (step === first.step) return "";
  const left = ((steps - step) * (now - first.at)) / (step - first.step) / 1000;
  return left < 1 ? "almost there" : `about ${Math.ceil(left)} s left`;
}

// The newest preview fades in over the one before. One that comes while it is being decoded takes its place.
async function develop(frame, url) {
  if (wanted.get(frame) === url) return;
  wanted.set(frame, url);
  const picture = new Image();
  picture.src = url;
  picture.alt = "The pictures so far";
  try {
    await picture.decode();
  } catch {
    return; // a broken preview costs nothing: the next one comes in a moment
  }
  if (wanted.get(frame) !== url) return;
  // A quick model sends the next one while this one fades in: fades last no longer than the time between two, and
  // what lies below is always whole, or everything would grow dark.
  const gap = performance.now() - (shownAt.get(frame) ?? 0);
  shownAt.set(frame, performance.now());
  if (!still.matches) frame.style.setProperty("--develop", `${Math.min(DEVELOP_MS, gap)}ms`);
  while (frame.children.length > 1) frame.firstElementChild.remove();
  const earlier = [...frame.children];
  earlier.forEach((old) => old.getAnimations().forEach((fade) => fade.finish()));
  if (earlier.length) picture.className = "arriving";
  frame.append(picture);
  requestAnimationFrame(() => requestAnimationFrame(() => picture.classList.remove("arriving")));
  const clear = () => earlier.forEach((old) => old.remove());
  picture.addEventListener("transitionend", clear, { once: true });
  setTimeout(clear, 1000);
}

// The card as the server has it now, in place of the one shown or on top of the list.
export function refresh(id) {
  if (!list) return Promise.resolve();
  if (!fetching.has(id)) fetching.set(id, swap(id).finally(() => fetching.delete(id)));
  return fetching.get(id);
}

async function swap(id) {
  let html;
  try {
    const address = list.dataset.card.replace("00000000-0000-0000-0000-000000000000", id);
    const response = await fetch(address, { headers: { "HX-Request": "true" } });
    if (response.redirected) return void location.reload(); // signed out: the page leads to the sign-in
    if (!response.ok) return;
    html = (await response.text()).trim();
  } catch {
    return; // offline: the next snapshot or poll asks again
  }
  const card = cardOf(id);
  if (!html) return void (card && fold(card));
  const fresh = document.createRange().createContextualFragment(html).firstElementChild;
  if (!card) list.prepend(fresh);
  else replace(card, fresh);
  htmx.process(fresh);
  showAges(fresh);
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
}

function fold(card) {
  if (card.dataset.state === "canceled") return; // the socket and the answer to the press both say so
  say("Canceled");
  note(card.dataset.job, "canceled");
  if (card.contains(document.activeElement)) (card.nextElementSibling ?? document.getElementById("prompt")).focus();
  card.dataset.state = "canceled";
  card.addEventListener("animationend", () => card.remove(), { once: true });
  setTimeout(() => card.remove(), 400);
}

// Several that finish together are one message.
let ready = [];
function sayReady(sentence) {
  ready.push(sentence);
  if (ready.length > 1) return;
  setTimeout(() => {
    say(ready.length > 1 ? `${ready.length} jobs are ready` : ready[0]);
    ready = [];
  }, 500);
}

// The breathing dot beside Create and one in the tab's title, on every page.
const dot = document.getElementById("alive");
const title = document.title;
function note(id, state) {
  if (ACTIVE.has(state)) running.add(id);
  else running.delete(id);
  if (dot) dot.hidden = running.size === 0;
  document.title = running.size ? `● ${title}` : title;
}

for (const id of dot?.dataset.jobs.split(" ").filter(Boolean) ?? []) note(id, "queued");
for (const card of activeCards()) note(card.dataset.job, card.dataset.state);

// An answer may bring a card that is already here: an upscale asked for twice, or one that the socket was quicker with.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const id = detail.target === list && detail.xhr.responseText.match(/id="job-([0-9a-f-]+)"/)?.[1];
  if (id && detail.requestConfig.verb === "post") cardOf(id)?.remove();
});

// The answer to a cancel is no card: the one shown folds away.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.target.matches(".job") || detail.isError || detail.xhr.responseText.trim()) return;
  detail.shouldSwap = false;
  fold(detail.target);
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
  const made = detail.target === list && list.querySelector(".job");
  if (made) say(made.dataset.announce);
  if (target.matches("[data-refresh]")) refresh(target.closest(".job").dataset.job);
});

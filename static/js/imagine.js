// The imagine bar: Enter, and what follows it.
import { check, point, problems, question, settled } from "./checking.js";
import { closeCompletions } from "./complete.js";
import "./dialogs.js";
import { remember } from "./recall.js";
import "./settings.js";
import { phrase, say } from "./shell.js";
import { split, without } from "./parameters.js";
import { bar, field, fill, set, whole, write } from "./words.js";
import { add, arrived, letGo } from "./zones.js";

export { check, fill };

const DRAFT = "prompt";
const KEEP = "keep-text";
const confirm = document.getElementById("confirm");
const touch = matchMedia("(hover: none)").matches;

let keeps = false; // Ctrl+Enter: the words stay in the bar
let going = false;

function fit() {
  bar.querySelector(".imagine__ink").scrollTop = field.scrollTop;
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

bar.addEventListener("words", () => {
  fit();
  sessionStorage.setItem(DRAFT, whole().text);
});
field.addEventListener("input", (event) => !event.isComposing && bar.dispatchEvent(new Event("words")));
field.addEventListener("compositionend", () => bar.dispatchEvent(new Event("words")));
field.addEventListener("scroll", fit);
new ResizeObserver(fit).observe(field);

field.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    keeps = event.ctrlKey || event.metaKey;
    bar.requestSubmit();
  }
  if (event.key === "Escape") field.blur();
});

bar.addEventListener("submit", ({ submitter }) => submitter && (keeps = false));

bar.addEventListener("formdata", ({ formData }) => formData.set("prompt", whole().text));

bar.addEventListener("htmx:confirm", async (event) => {
  if (event.detail.elt !== bar) return;
  event.preventDefault();
  if (going) return;
  going = true;
  closeCompletions();
  try {
    if (await mayGo()) event.detail.issueRequest(true);
  } finally {
    going = false;
  }
});

async function mayGo() {
  await arrived();
  if (!whole().text.trim()) return void field.focus();
  await settled();
  if (problems().length) return void point();
  return question() ? confirmed(question()) : true;
}

function confirmed(html) {
  confirm.innerHTML = html;
  confirm.showModal();
  confirm.returnValue = "";
  return new Promise((resolve) => {
    confirm.addEventListener("close", () => (field.focus(), resolve(confirm.returnValue === "yes")), { once: true });
  });
}
confirm.addEventListener("click", ({ target }) => {
  const answer = target.closest("[data-answer]");
  if (answer) confirm.close(answer.dataset.answer);
});

bar.addEventListener("htmx:afterRequest", (event) => {
  if (event.target !== bar) return;
  const { successful, xhr } = event.detail;
  if (!successful) return void refused(xhr.status);
  if (xhr.responseURL.includes("/accounts/login/")) return;
  bar.elements.key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  remember(whole().text);
  if (!keeps && localStorage.getItem(KEEP) === null) empty();
  keeps = false;
  if (bar.dataset.leadsTo) location.assign(bar.dataset.leadsTo);
});

function empty() {
  document.getElementById("remix").replaceChildren();
  if (location.search) history.replaceState(null, "", location.pathname);
  letGo();
  write("");
  if (touch) close();
}

function refused(status) {
  if (status === 0) say(phrase("noLineForWords"), "assertive");
  else if (status === 422) check({ noted: true });
}

bar.addEventListener("click", (event) => {
  if (!event.target.closest("[data-unremix]")) return;
  event.preventDefault();
  document.getElementById("remix").replaceChildren();
  history.replaceState(null, "", location.pathname);
  field.focus();
});

// On a phone it stays open until a tap lands outside, so that nothing moves under a finger.
function close() {
  field.blur();
  bar.toggleAttribute("data-open", false);
}
field.addEventListener("focus", () => bar.toggleAttribute("data-open", true));
document.addEventListener("pointerdown", ({ target }) => {
  if (!bar.contains(target) && !target.closest("[popover], dialog")) bar.toggleAttribute("data-open", false);
});

const here = bar.dataset.leadsTo === undefined;
const given = split(field.value);
const brought = new URLSearchParams(location.search).has("image") ? given.pictures : [];
const typed = brought.length ? without(given.words, "strength").trim() : field.value;
const begun = typed || sessionStorage.getItem(DRAFT);
if (begun) fill(begun, set);
brought.forEach((picture) => add(picture.ref, picture.role));
if (here && !touch) field.focus();
else if (bar.querySelector(".zone")) bar.toggleAttribute("data-open", true);
fit();

// The imagine bar: ink while typing, notes with a press that mends, Enter, and the last prompt back.
import { draw, moved, offset, replaced } from "./ink.js";
import { say, signedOut } from "./shell.js";

const CHECK_AFTER_MS = 120;
const DRAFT = "prompt"; // what is typed outlives a reload and a new sign-in
const bar = document.getElementById("imagine");
const field = bar.querySelector("textarea");
const ink = bar.querySelector(".imagine__ink");
const send = bar.querySelector(".send");
const said = document.getElementById("prompt-said");
const model = bar.querySelector("#model"); // only where there are several

const touch = matchMedia("(hover: none)").matches; // no keyboard comes up unasked

let marks = [];
let problems = [];
let drawn = field.value; // the text that the marks belong to
let timer = 0;
let asked = 0; // the newest question; older answers are dropped
let chosen = model?.dataset.chosen; // what the person chose, while the words may say another
let told = ""; // what the line of chips shows
let keeps = false; // Ctrl+Enter: the words stay in the bar

function show() {
  ink.scrollTop = field.scrollTop;
  if (!CSS.supports("field-sizing", "content")) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
}

function typed() {
  marks = moved(marks, drawn, field.value);
  drawn = field.value;
  draw(ink, drawn, marks);
  show();
  sessionStorage.setItem(DRAFT, drawn);
  send.setAttribute("aria-disabled", String(!drawn.trim() || problems.length > 0));
  clearTimeout(timer);
  timer = setTimeout(check, CHECK_AFTER_MS);
}

export async function check() {
  const question = (asked += 1);
  const text = field.value;
  const body = new URLSearchParams({ prompt: text, ...(model && { model: chosen }) });
  const headers = { "X-CSRFToken": bar.elements.csrfmiddlewaretoken.value };
  let answer;
  try {
    const response = await fetch(bar.dataset.check, { method: "POST", body, headers });
    if (response.redirected) return void signedOut();
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return; // offline: the server reads the words again on submit
  }
  if (question !== asked || text !== field.value) return;
  marks = answer.marks;
  problems = answer.problems;
  draw(ink, text, marks);
  document.getElementById("prompt-note").outerHTML = answer.note;
  const plan = document.getElementById("prompt-plan"); // while a word is half typed, the plan before it stays
  if (!problems.length || plan.hidden) plan.outerHTML = answer.plan;
  if (!problems.length && told !== answer.said) said.innerHTML = told = answer.said; // what stays is not read out again
  if (model) showModel();
  judge(text);
}

// What the words say counts: the choice then shows it and rests.
function showModel() {
  const { model: said } = document.getElementById("prompt-plan").dataset;
  model.disabled = said !== undefined;
  model.value = said ?? chosen;
}

model?.addEventListener("change", () => {
  chosen = model.value;
  check();
});

function judge(text) {
  const wrong = problems.length > 0;
  bar.dataset.state = wrong ? "error" : "";
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  send.setAttribute("aria-disabled", String(wrong || !text.trim()));
}

// New words by other means than typing, with the caret or a selection where it is wanted.
export function fill(text, from = text.length, to = from) {
  field.value = text;
  field.focus();
  field.setSelectionRange(from, to);
  typed();
}

function submit({ keep }) {
  keeps = keep;
  bar.requestSubmit();
}

field.addEventListener("input", (event) => !event.isComposing && typed());
field.addEventListener("compositionend", typed);
field.addEventListener("scroll", show);
new ResizeObserver(show).observe(field);

field.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // an input method is choosing a word
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit({ keep: event.ctrlKey || event.metaKey });
  }
  if (event.key === "Escape") field.blur(); // to the keys that rest while words are typed
  const last = document.querySelector("#jobs .job")?.dataset.prompt;
  if (event.key === "ArrowUp" && !field.value && last) {
    event.preventDefault();
    fill(last);
  }
});

bar.addEventListener("click", (event) => {
  const { target } = event;
  const fix = target.closest("[data-fix]");
  if (fix) mend(fix.dataset);
  const chip = target.closest(".chip[data-param]");
  if (chip) edit(chip.dataset);
  if (target.closest("[data-unremix]")) unremix(event);
});

function mend({ fix, start, end }) {
  const text = replaced(field.value, Number(start), Number(end), fix);
  fill(text, offset(text, Number(start) + Array.from(fix).length));
}

// A chip selects its parameter's value in the words, after writing it there if it is missing; a flag comes and goes.
function edit({ param, insert, flag }) {
  const text = field.value;
  const found = text.match(new RegExp(`\\s*(?:--|—)(?:${param.replaceAll(" ", "|")})(?![\\w-])[ \\t]*([^\\s]*)`, "i"));
  if (found && flag !== undefined) return fill(text.replace(found[0], ""));
  if (found) return fill(text, found.index + found[0].length - found[1].length, found.index + found[0].length);
  const longer = `${text.trimEnd()} ${insert}`;
  return fill(longer, flag === undefined ? longer.lastIndexOf(" ") + 1 : longer.length, longer.length);
}

// The words stay: only the tie to the picture is cut.
function unremix(event) {
  event.preventDefault();
  document.getElementById("remix").replaceChildren();
  history.replaceState(null, "", location.pathname);
  field.focus();
}

// Nothing is sent while something is known to be wrong: the caret goes there instead.
bar.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== bar) return;
  const text = field.value;
  if (!text.trim() || problems.length) {
    event.preventDefault();
    field.focus();
    if (problems.length) field.setSelectionRange(offset(text, problems[0].start), offset(text, problems[0].end));
  }
});

bar.addEventListener("htmx:afterRequest", (event) => {
  if (event.target !== bar) return;
  const { successful, xhr } = event.detail;
  if (!successful) return void refused(xhr.status);
  if (xhr.responseURL.includes("/accounts/login/")) return; // signed out: the words wait for the way back
  bar.elements.key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  if (!keeps) {
    document.getElementById("remix").replaceChildren();
    if (location.search) history.replaceState(null, "", location.pathname);
    problems = [];
    fill("");
    if (touch) close();
  }
  keeps = false;
});

function refused(status) {
  if (status === 0) say("No connection. The words are kept; send them again when the line is back.", "assertive");
  else if (status === 422) check();
}

// On a phone the bar stays open until a tap lands outside it, so that nothing moves under a finger; after Imagine it
// makes room for the new card.
function close() {
  field.blur();
  bar.toggleAttribute("data-open", false);
}
field.addEventListener("focus", () => bar.toggleAttribute("data-open", true));
document.addEventListener("pointerdown", ({ target }) => {
  if (!bar.contains(target) && !target.closest("[popover]")) bar.toggleAttribute("data-open", false);
});

field.value ||= sessionStorage.getItem(DRAFT) ?? "";
if (field.value) typed();
if (!touch) field.focus();
else if (bar.querySelector(".zone")) bar.toggleAttribute("data-open", true);
show();

// What the server reads in the words: ink, notes, chips, plan.
import { isOpen } from "./complete.js";
import { draw, moved, offset, replaced } from "./ink.js";
import { found } from "./parameters.js";
import { parsed, signedOut } from "./shell.js";
import { bar, field, fill, tell, whole, write } from "./words.js";

const CHECK_AFTER_MS = 120;
const PATIENCE_MS = 1500;
const UNSAID = new Set(["no_words", "image_alone"]); // is told on Enter, not while the words are still to come
const ink = bar.querySelector(".imagine__ink");
const send = bar.querySelector(".send");
const said = document.getElementById("prompt-said");
const model = bar.querySelector("#model");

let marks = [];
let drawn = field.value;
let timer = 0;
let asked = 0; // the newest question; older answers are dropped
let read = null;
let insists = false;
let chosen = model?.dataset.chosen;
let told = "";

export const problems = () => (read?.text === whole().text ? read.problems : []);
export const question = () => (read?.text === whole().text ? read.confirm : "");

function typed() {
  marks = moved(marks, drawn, field.value);
  drawn = field.value;
  draw(ink, drawn, marks);
  const { text } = whole();
  const some = text.trim() !== "";
  bar.querySelectorAll("[data-needs-words]").forEach((part) => part.toggleAttribute("hidden", !some));
  send.setAttribute("aria-disabled", String(!some || (read?.problems.length ?? 0) > 0));
  clearTimeout(timer);
  timer = setTimeout(() => check(), CHECK_AFTER_MS);
}

// noted: what the server has just said stays.
export async function check({ noted = false } = {}) {
  const number = (asked += 1);
  clearTimeout(timer);
  const { text, back } = whole();
  const body = new URLSearchParams({ prompt: text, ...(model && { model: chosen }) });
  const headers = { "X-CSRFToken": bar.elements.csrfmiddlewaretoken.value };
  let answer;
  try {
    const response = await fetch(bar.dataset.check, { method: "POST", body, headers });
    if (response.redirected) return void signedOut();
    if (!response.ok) return;
    answer = await response.json();
  } catch {
    return;
  }
  if (number !== asked || text !== whole().text) return;
  read = { text, problems: answer.problems, confirm: answer.confirm };
  show(answer, back, noted && !answer.problems.length);
  tell("checked", answer);
}

// Several jobs are asked about before they are sent.
export async function settled() {
  const { text } = whole();
  if (read?.text === text || !/[{—–]|--/.test(text)) return;
  await Promise.race([check(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

function show(answer, back, noted) {
  marks = answer.marks
    .map(({ start, end, kind }) => ({ start: back(start), end: back(end), kind }))
    .filter(({ start, end }) => start !== null && end !== null && end > start);
  const wrong = read.problems.length > 0;
  const begun = isOpen() || read.problems.every(({ code }) => UNSAID.has(code));
  const quiet = wrong && !insists && begun;
  if (!wrong) insists = false;
  draw(ink, field.value, quiet ? marks.filter(({ kind }) => kind !== "error") : marks);
  drawn = field.value;
  const note = parsed(answer.note).firstElementChild;
  if (quiet) note.querySelectorAll(".imagine__note:not([data-hint])").forEach((line) => line.remove());
  if (!noted) document.getElementById("prompt-note").replaceWith(note);
  const plan = document.getElementById("prompt-plan"); // while a word is half typed, the plan before it stays
  if (!wrong || plan.hidden) plan.outerHTML = answer.plan;
  if (!wrong && told !== answer.said) said.innerHTML = told = answer.said; // what stays is not read out again
  if (model) showModel();
  bar.dataset.state = wrong && !quiet ? "error" : "";
  if (wrong && !quiet) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  send.setAttribute("aria-disabled", String(wrong || !whole().text.trim()));
}

function showModel() {
  const { model: said } = document.getElementById("prompt-plan").dataset;
  model.disabled = said !== undefined;
  model.value = said ?? chosen;
}

model?.addEventListener("change", () => {
  chosen = model.value;
  check();
});

export function point() {
  insists = true;
  const { back } = whole();
  const [{ start, end }] = problems();
  const [from, to] = [back(start) ?? 0, back(end) ?? 0];
  field.focus();
  field.setSelectionRange(offset(field.value, from), offset(field.value, to));
  check();
}

bar.addEventListener("words", typed);
bar.addEventListener("click", ({ target }) => {
  const fix = target.closest("[data-fix]");
  if (fix) mend(fix.dataset);
  const chip = target.closest(".chip[data-param]");
  if (chip) edit(chip.dataset);
});

function mend({ fix, start, end }) {
  const { text, back } = whole();
  const at = (back(Number(start)) ?? 0) + Array.from(fix).length;
  fill(replaced(text, Number(start), Number(end), fix));
  const caret = offset(field.value, at);
  field.setSelectionRange(caret, caret);
}

// A chip selects its parameter's value; a flag comes and goes.
function edit({ param, insert, flag }) {
  const text = field.value;
  const [typed] = [...found(text, param), ...found(text, param, false)];
  if (typed && flag !== undefined) return write(text.slice(0, typed.start).trimEnd() + text.slice(typed.end));
  if (typed) return write(text, typed.valueStart, typed.end);
  const longer = `${text.trimEnd()} ${insert}`;
  write(longer, flag === undefined ? longer.lastIndexOf(" ") + 1 : longer.length, longer.length);
}

// ↑ at the beginning of the bar brings earlier prompts, ↓ leads back.
import { isOpen } from "./complete.js";
import { field, fill, vocabulary, whole } from "./words.js";

const sent = [];
let prompts = [];
let at = -1; // which of them is shown; -1 is what was being typed
let typing = "";
let shown = "";

export function remember(prompt) {
  sent.unshift(prompt.trim());
  at = -1;
}

const onPage = () => [...document.querySelectorAll("#jobs .job")].map(({ dataset }) => dataset.prompt);

async function go(by) {
  const here = field.value;
  if (at < 0) {
    const { earlier } = await vocabulary();
    if (field.value !== here) return; // somebody typed on
    typing = whole().text;
    const known = new Set([...sent, ...(earlier.length ? earlier : onPage())]);
    prompts = [...known].filter((prompt) => prompt && prompt !== typing.trim());
  }
  if (at + by < -1 || at + by >= prompts.length) return;
  at += by;
  fill(at < 0 ? typing : prompts[at]);
  shown = field.value;
}

field.addEventListener("keydown", (event) => {
  if (event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || isOpen()) return;
  const walking = at >= 0 && field.value === shown;
  if (at >= 0 && !walking) at = -1;
  const first = field.selectionStart === 0 && field.selectionEnd === 0;
  if (event.key === "ArrowUp" && (walking || first)) {
    event.preventDefault();
    go(1);
  } else if (event.key === "ArrowDown" && walking) {
    event.preventDefault();
    go(-1);
  }
});

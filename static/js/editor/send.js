// Imagine with mask and canvas.
import { draw, moved, offset } from "../ink.js";
import { phrase, say } from "../shell.js";

const CHECK_AFTER_MS = 150;

export function sending(editor) {
  const form = document.getElementById("edit");
  const field = form.querySelector("textarea");
  const ink = form.querySelector(".imagine__ink");
  const send = form.querySelector(".send");
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" };
  const words = `${editor.draft} words`;
  field.value = sessionStorage.getItem(words) ?? field.value;
  let [marks, drawn, timer, isSending] = [[], field.value, 0, false];

  function show() {
    send.setAttribute("aria-disabled", String(editor.refusal() !== "" || !field.value.trim() || isSending));
    if (CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }

  function typed() {
    marks = moved(marks, drawn, field.value);
    drawn = field.value;
    draw(ink, drawn, marks);
    show();
    sessionStorage.setItem(words, drawn);
    clearTimeout(timer);
    timer = setTimeout(check, CHECK_AFTER_MS);
  }

  async function check() {
    const text = field.value;
    const body = new URLSearchParams({ prompt: text, model: form.dataset.model });
    try {
      const response = await fetch(form.dataset.check, { method: "POST", body, headers });
      if (response.redirected || !response.ok) return; // signed out is said on Imagine
      const answer = await response.json();
      if (text !== field.value) return;
      marks = answer.marks;
      draw(ink, text, marks);
    } catch {
      // offline: the server reads the words on Imagine
    }
  }

  const copy = (id) => document.getElementById(id).content.cloneNode(true);

  function note(sentences) {
    const lines = sentences.map((sentence) => {
      const line = copy("edit-note-line");
      line.querySelector("span").textContent = sentence;
      return line;
    });
    place(lines);
  }

  function place(lines) {
    const notes = document.getElementById("edit-note");
    notes.replaceChildren(...lines);
    form.dataset.state = lines.length ? "error" : "";
    if (lines.length) say(notes.firstElementChild.textContent.trim(), "assertive");
  }

  function refused({ detail, errors, problems = errors?.filter(({ field: name }) => name === "prompt") }) {
    const found = problems?.filter(({ start }) => start !== undefined) ?? [];
    note(found.length ? found.map(({ sentence }) => sentence) : [detail ?? phrase("noAnswer")]);
    if (!found.length) return;
    const text = field.value;
    marks = found.filter(({ start, end }) => end > start).map(({ start, end }) => ({ start, end, kind: "error" }));
    draw(ink, text, marks);
    field.setAttribute("aria-invalid", "true");
    field.focus();
    field.setSelectionRange(offset(text, found[0].start), offset(text, found[0].end));
  }

  async function submit(event) {
    event.preventDefault();
    if (isSending) return;
    const refusal = editor.refusal();
    if (refusal) return note([refusal]);
    isSending = true;
    show();
    note([]);
    field.removeAttribute("aria-invalid");
    try {
      await post();
    } catch {
      note([phrase("noLineForEdit")]);
    }
    isSending = false;
    show();
  }

  async function post() {
    const body = new FormData(form);
    for (const [name, value] of Object.entries(editor.numbers())) body.set(name, value);
    if (editor.mask.share) body.set("mask", await editor.mask.png(), "mask.png");
    const response = await fetch(form.action, { method: "POST", body, headers });
    if (response.redirected) return place([copy("edit-signed-out")]);
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return refused(answer);
    for (const kept of [editor.draft, words]) sessionStorage.removeItem(kept);
    location.assign(answer.next);
  }

  field.addEventListener("input", (event) => !event.isComposing && typed());
  field.addEventListener("compositionend", typed);
  field.addEventListener("scroll", () => (ink.scrollTop = field.scrollTop));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", submit);
  typed();
  return { show };
}

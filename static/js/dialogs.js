// What the bar opens. A press there goes into the words.
import { put } from "./parameters.js";
import { phrase } from "./shell.js";
import { bar, field, fill, whole, write } from "./words.js";

const all = [...document.querySelectorAll(".top dialog")];

async function open(dialog) {
  dialog.showModal();
  const place = dialog.querySelector("[data-from], [data-ask]");
  try {
    if (place?.dataset.from && !place.children.length) {
      await htmx.ajax("GET", place.dataset.from, { target: place, swap: "innerHTML" });
    }
    if (place?.dataset.ask) await ask(place);
  } catch {
    place.textContent = phrase("noLine");
  }
}

async function ask(place) {
  place.textContent = place.dataset.waiting;
  await htmx.ajax("POST", place.dataset.ask, { target: place, swap: "innerHTML", values: { prompt: whole().text } });
  place.querySelector("[autofocus]")?.focus();
}

bar.addEventListener("click", ({ target }) => {
  const name = target.closest("[data-opens]")?.dataset.opens;
  if (name) open(document.getElementById(name));
});

for (const dialog of all) {
  dialog.addEventListener("htmx:beforeRequest", ({ detail: { target } }) => {
    if (target.dataset.waiting) target.textContent = target.dataset.waiting;
  });
  dialog.addEventListener("click", ({ target }) => {
    const [use, style] = [target.closest("[data-use]"), target.closest("[data-style]")];
    if (target === dialog || target.closest("[data-shut]")) dialog.close();
    if (!use && !style) return;
    dialog.close();
    if (use) fill(use.dataset.use);
    else write(put(field.value, "style", `--style ${style.dataset.style}`));
  });
}

// Single keys, from the table that ? shows.
const CHORD_MS = 1500;
const OFF = "keys-off";
const list = document.getElementById("key-list");
const table = new Map([...list.querySelectorAll("[data-key]")].map(({ dataset }) => [dataset.key, dataset]));
const deeds = {};
let held = "";
let until = 0;

export const resting = (event) =>
  localStorage.getItem(OFF) !== null ||
  event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing ||
  event.target.closest("textarea, input, select, [contenteditable], [popover]") !== null;

// deed: gets the event and the number of a chord; false leaves the key.
export function on(name, deed) {
  deeds[name] = deed;
}

on("list", () => list.showModal());
on("bar", () => {
  const field = document.querySelector("main input[type=search]") ?? document.getElementById("prompt");
  field?.focus();
  return Boolean(field);
});

document.addEventListener("keydown", (event) => {
  if (resting(event) || event.target.closest("dialog") || ["Shift", "Control"].includes(event.key)) return;
  const key = event.key.toLowerCase();
  const chord = event.timeStamp < until && `${held} ${/^[1-4]$/.test(key) ? "#" : key}`;
  const { go, do: deed } = table.get(chord) ?? table.get(key) ?? {};
  held = [...table.keys()].some((known) => known.startsWith(`${key} `)) ? key : "";
  until = held && event.timeStamp + CHORD_MS;
  if (go) location.assign(go);
  else if (deeds[deed]?.(event, Number(key)) === false || !deeds[deed]) return;
  event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-key-list]")) list.showModal();
  else if (target === list) list.close();
});

const choice = document.querySelector("[data-keys-choice]");
if (choice) choice.checked = localStorage.getItem(OFF) === null;
choice?.addEventListener("change", () => (choice.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "")));

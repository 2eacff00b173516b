// Single keys: G and a letter go to a page, ? shows the list. They rest while words are typed, and a switch in the
// account's menu turns them off.
const CHORD_MS = 1500;
const OFF = "keys-off";
const PAGES = { e: "/", c: "/create/", m: "/my/images/", h: "/help/" };
let chord = 0;

export const resting = (event) =>
  localStorage.getItem(OFF) !== null ||
  event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing ||
  event.target.closest("textarea, input, select, [contenteditable], [popover]") !== null;

document.addEventListener("keydown", (event) => {
  if (resting(event)) return;
  const key = event.key.toLowerCase();
  const page = chord > event.timeStamp && PAGES[key];
  chord = key === "g" ? event.timeStamp + CHORD_MS : 0;
  if (key === "?") location.assign("/help/#keys");
  else if (page) location.assign(page);
  else return;
  event.preventDefault();
});

const choice = document.querySelector("[data-keys-choice]");
if (choice) choice.checked = localStorage.getItem(OFF) === null;
choice?.addEventListener("change", () => (choice.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "")));

// Keys on the job cards: J and K walk, U or V and a number act, P takes the prompt. They rest while words are typed.
import { fill } from "./imagine.js";
import { resting } from "./keys.js";

const CHORD_MS = 1500;
let chord = "";
let timer = 0;

document.addEventListener("keydown", (event) => {
  if (resting(event)) return;
  const key = event.key.toLowerCase();
  const card = event.target.closest(".job");
  if (key === "j" || key === "k") walk(card, key === "j" ? 1 : -1);
  else if (card && (key === "u" || key === "v")) hold(key);
  else if (card && chord && /^[1-4]$/.test(key)) press(card, key);
  else if (card && key === "p") fill(card.dataset.prompt);
  else return;
  event.preventDefault();
});

function walk(card, by) {
  const cards = [...document.querySelectorAll("#jobs .job")];
  const next = cards[card ? cards.indexOf(card) + by : 0];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function hold(key) {
  chord = key;
  clearTimeout(timer);
  timer = setTimeout(() => (chord = ""), CHORD_MS);
}

function press(card, number) {
  const pad = card.querySelector(`[data-pad="${chord}"]`);
  chord = "";
  pad?.querySelectorAll("a, button")[number - 1]?.click();
}

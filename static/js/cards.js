// What keys do with job cards.
import { fill } from "./imagine.js";
import { on } from "./keys.js";
import { after, before, list } from "./list.js";
import { bringBack } from "./window.js";

const cardAt = (event) => event.target.closest(".job");

function walk(event, beside) {
  const card = cardAt(event);
  let next = card ? beside(card) : list.querySelector(".job");
  if (next?.matches(".away")) next = bringBack(next).at(beside === after ? 0 : -1);
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const press = (event, what) => cardAt(event)?.querySelector(what)?.click();
const number = (pad) => (event, digit) => press(event, `[data-pad="${pad}"] > :nth-child(${digit + 1})`);

on("next", (event) => walk(event, after));
on("previous", (event) => walk(event, before));
on("upscale", number("u"));
on("vary", number("v"));
on("like", (event, digit) => press(event, `[data-like="${digit}"]`));
on("reroll", (event) => press(event, "[data-again]"));
on("cancel", (event) => press(event, ".sheet__stop"));
on("prompt", (event) => (cardAt(event) ? fill(cardAt(event).dataset.prompt) : false));

list.addEventListener("click", (event) => {
  if (!event.target.closest("[data-edit]") || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  fill(cardAt(event).dataset.prompt);
});

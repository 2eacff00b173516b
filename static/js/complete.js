// Suggestions while a parameter is typed: its name, then its value.
import { bar, field, tell, vocabulary } from "./words.js";

const MOST = 8;
const DASHES = "(?:-[-—–―]+|[—–―][-—–―]*)";
const NAME = new RegExp(`(?:^|[\\s{,])(${DASHES}([\\w-]*))$`);
const WORD = `(?!${DASHES})[^\\s{},]`;
const VALUE = new RegExp(`(?:^|[\\s{,])${DASHES}([a-z][\\w-]*)[ \\t]+((?:${WORD}+[ \\t]+)*?)((?:${WORD}+)?)$`, "i");
const SEVERAL = new Set(["lora", "sref"]);
const list = document.getElementById("completions");
const ink = bar.querySelector(".imagine__ink");

let options = [];
let active = 0;
let from = 0;
let closedAt = -1;

export const isOpen = () => !list.hidden;

export function closeCompletions() {
  list.hidden = true;
  options = [];
  field.removeAttribute("aria-activedescendant");
}

function giveUp() {
  if (!isOpen()) return;
  closeCompletions();
  tell("words");
}

async function suggest() {
  const caret = field.selectionEnd;
  const before = field.value.slice(0, caret);
  const within = field.selectionStart !== caret || /^\S/.test(field.value.slice(caret));
  if (within || !/[-—–―]/.test(before)) return closeCompletions();
  const known = await vocabulary();
  if (field.selectionEnd !== caret || !field.value.startsWith(before) || document.activeElement !== field) return;
  const [start, found] = matching(before, known);
  if (start !== closedAt) closedAt = -1;
  if (!found.length || closedAt >= 0) return closeCompletions();
  from = start;
  options = found;
  active = 0;
  draw();
}

// [where it begins, the options]
function matching(before, known) {
  const name = before.match(NAME);
  const isDash = name && !name[2] && !name[1].startsWith("--"); // one between words
  if (name) return [before.length - name[1].length, isDash ? [] : names(name[2].toLowerCase(), known)];
  const [, parameter, earlier, typed] = before.match(VALUE) ?? [];
  if (!parameter) return [-1, []];
  return [before.length - typed.length, values(parameter.toLowerCase(), typed.toLowerCase(), earlier !== "", known)];
}

function names(typed, { parameters, sets }) {
  const ours = parameters.map(({ name, aliases, sentence, takes }) => {
    return { said: [name, ...aliases], text: `--${name}`, title: sentence, more: takes };
  });
  return best([...ours, ...sets.map(({ name, value }) => ({ said: [name], text: `--${name}`, title: value }))], typed);
}

function values(name, typed, isLater, { parameters }) {
  const row = parameters.find((one) => one.name === name || one.aliases.includes(name));
  if (!row || (isLater && !(typed && SEVERAL.has(row.name)))) return [];
  return best(row.values.map(([text, title]) => ({ said: [text.toLowerCase(), title.toLowerCase()], text, title })), typed);
}

// None where it is written out.
function best(rows, typed) {
  if (typed && rows.some(({ said }) => said.includes(typed))) return [];
  const begins = rows.filter(({ said }) => said.some((word) => word.startsWith(typed)));
  const has = rows.filter(({ said }) => typed.length > 1 && said.some((word) => word.indexOf(typed) > 0));
  return [...new Set([...begins, ...has])].slice(0, MOST);
}

function draw() {
  list.replaceChildren(
    ...options.map(({ text, title }, index) => {
      const option = document.createElement("li");
      option.id = `completion-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(index === active));
      const name = document.createElement("b");
      name.textContent = text;
      option.append(name, title === text ? "" : ` ${title}`);
      return option;
    }),
  );
  list.style.setProperty("--at", `${column()}px`);
  list.hidden = false;
  field.setAttribute("aria-activedescendant", `completion-${active}`);
  list.children[active].scrollIntoView({ block: "nearest" });
}

// The ink holds the same letters at the same places.
function column() {
  const range = document.createRange();
  let left = from;
  const walker = document.createTreeWalker(ink, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (left <= walker.currentNode.length) {
      range.setStart(walker.currentNode, left);
      break;
    }
    left -= walker.currentNode.length;
  }
  const room = list.parentElement.getBoundingClientRect();
  return Math.max(0, Math.min(range.getBoundingClientRect().left - room.left, room.width - list.offsetWidth));
}

function accept(index) {
  const { text, more } = options[index];
  const end = field.selectionEnd;
  const written = more || !/^\s/.test(field.value.slice(end)) ? `${text} ` : text;
  closeCompletions();
  field.focus();
  field.setRangeText(written, from, end, "end");
  tell("words");
  if (more) suggest();
}

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: () => accept(active),
  Tab: () => accept(active),
  Escape: () => {
    closedAt = from;
    giveUp();
  },
};

function move(by) {
  active = (active + by + options.length) % options.length;
  draw();
}

field.addEventListener("keydown", (event) => {
  const { isComposing, shiftKey, ctrlKey, metaKey, altKey, key } = event;
  if (!isOpen() || isComposing || shiftKey || ctrlKey || metaKey || altKey || !(key in KEYS)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  KEYS[key]();
});
field.addEventListener("input", (event) => !event.isComposing && suggest());
field.addEventListener("focus", vocabulary, { once: true });
field.addEventListener("blur", giveUp);
field.addEventListener("click", giveUp);
list.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  const option = event.target.closest("li");
  if (option) accept([...list.children].indexOf(option));
});

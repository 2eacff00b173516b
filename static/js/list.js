// Job cards, newest first, under the headings of days and prompts that the server writes too.
import { counted, locale, phrase } from "./shell.js";

export const list = document.getElementById("jobs");
export const cardOf = (id) => document.getElementById(`job-${id}`);
const loose = new Map(); // day → a heading that was taken out a moment ago: its number is still right

const isMark = (node) => node.hasAttribute("data-mark");
const isAway = (node) => node.classList.contains("away");
const nodes = () => [...list.children].filter((node) => !isMark(node));

function beside(node, way) {
  do node = node[way];
  while (node && isMark(node));
  return node;
}
export const before = (node) => beside(node, "previousElementSibling");
export const after = (node) => beside(node, "nextElementSibling");
export const last = () => list.lastElementChild && (isMark(list.lastElementChild) ? before(list.lastElementChild) : list.lastElementChild);

const localDay = (moment) => moment.toLocaleDateString("sv");
export const dayOf = (card) => (card.dataset.day ??= localDay(new Date(card.dataset.made)));

export function place(card) {
  const { job } = card.dataset;
  const next = nodes().find((node) => node !== card && (isAway(node) ? node.dataset.lastJob : node.dataset.job) < job);
  if (next) next.before(card);
  else list.append(card);
  seam(before(card), card);
  if (next) seam(card, next);
  count(dayOf(card), 1);
  list.querySelectorAll(".day").forEach(label);
}

export function drop(card) {
  const [left, right] = [before(card), after(card)];
  card.remove();
  count(dayOf(card), -1);
  seam(left, right);
}

// What must stand between two neighbors, and nothing else.
export function seam(left, right) {
  for (let node = left ? left.nextElementSibling : list.firstElementChild; node && node !== right; ) {
    const mark = node;
    node = node.nextElementSibling;
    if (mark.matches(".day")) loose.set(mark.dataset.day, mark);
    mark.remove();
  }
  if (!right || "headed" in right.dataset) return;
  const [from, to] = [edge(left, "last"), edge(right, "first")];
  const [newDay, newSet] = [from.day !== to.day, from.set !== to.set];
  const marks = [];
  if (left && (newDay || newSet)) marks.push(made("i", "row-end"));
  if (from.set && newSet && !newDay) marks.push(made("hr", "set-end"));
  if (newDay) marks.push(headingOf(to.day) ?? loose.get(to.day) ?? newDayMark(to.day));
  if (to.set && (newDay || newSet)) marks.push(setMark(right));
  right.before(...marks);
}

function edge(node, end) {
  if (!node) return {};
  if (isAway(node)) return { day: node.dataset[`${end}Day`], set: node.dataset[`${end}Set`] || undefined };
  return { day: dayOf(node), set: node.dataset.set };
}

// The server did not know yet where this reader's clock stands.
function regroup() {
  nodes().forEach((node) => seam(before(node), node));
  list.querySelectorAll(".day span").forEach((number) => (number.dataset.jobs = 0));
  nodes().forEach((node) => count(dayOf(node), 1));
}

const headingOf = (day) => list.querySelector(`.day[data-day="${day}"]`);

function made(tag, name) {
  const mark = document.createElement(tag);
  mark.className = name;
  mark.dataset.mark = "";
  return mark;
}

function newDayMark(day) {
  const mark = document.getElementById("day-mark").content.firstElementChild.cloneNode(true);
  mark.dataset.day = day;
  mark.lastElementChild.dataset.jobs = 0;
  label(mark);
  return mark;
}

function setMark(card) {
  const { set, setPrompt, setJobs, setSheet } = card.dataset;
  const mark = document.getElementById("set-mark").content.firstElementChild.cloneNode(true);
  mark.dataset.set = set;
  mark.querySelector("h3").textContent = setPrompt;
  mark.querySelector("span").textContent = counted("jobs", Number(setJobs));
  const link = mark.querySelector("a");
  if (setSheet) link.href = setSheet;
  else link.remove();
  return mark;
}

function label(mark) {
  const { day } = mark.dataset;
  const now = new Date();
  const noon = new Date(`${day}T12:00`);
  const year = noon.getFullYear() === now.getFullYear() ? undefined : "numeric";
  const ago = Math.round((new Date(`${localDay(now)}T12:00`) - noon) / 86400000);
  const said = noon.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", year }).replace(",", "");
  mark.firstElementChild.textContent = [phrase("today"), phrase("yesterday")][ago] ?? said;
}

function count(day, by) {
  const number = (headingOf(day) ?? loose.get(day))?.lastElementChild;
  if (!number) return;
  number.dataset.jobs = Number(number.dataset.jobs) + by;
  number.textContent = counted("jobs", Number(number.dataset.jobs));
}

const zone = `zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
if (!document.cookie.split("; ").includes(zone)) {
  document.cookie = `${zone}; path=/; max-age=31536000; samesite=lax`;
  if (list) regroup();
}

// The settings panel and the words say the same.
import { check } from "./checking.js";
import { isVaried, put, without } from "./parameters.js";
import { phrase } from "./shell.js";
import { bar, field, set, whole } from "./words.js";

const KEEP = "keep-text";
const panel = document.getElementById("settings");
const button = bar.querySelector("[popovertarget=settings]");
let told = null;
let busy = null; // the range that is being dragged: nothing moves it from outside

const isOpen = () => panel.matches(":popover-open");
const controls = () => [...panel.querySelectorAll("[data-control]")];
const isTyped = (control) => control === document.activeElement && control.matches("input:not([type])");

function load() {
  if (panel.querySelector("[data-control]") || panel.hasAttribute("aria-busy")) return;
  panel.setAttribute("aria-busy", "true");
  const done = () => panel.removeAttribute("aria-busy");
  htmx.ajax("GET", panel.dataset.from, { target: panel, swap: "innerHTML" }).then(done, done);
}

function draw() {
  if (!told) return;
  for (const control of controls()) {
    const [value, usual] = told[control.dataset.control] ?? ["", ""];
    const varied = isVaried(field.value, control.dataset.names);
    // Nothing typed can take back what one's defaults switch on.
    const stuck = usual !== "" && (control.type === "checkbox" || (control.type === "radio" && control.value === ""));
    control.disabled = varied || stuck;
    control.title = varied ? phrase("varied") : stuck ? phrase("stuck") : "";
    if (control.type === "checkbox") control.checked = value !== "";
    else if (control.type === "radio") control.checked = control.value === value;
    else if (control !== busy && !isTyped(control)) control.value = value;
    if (control !== busy) drawRange(control, value);
  }
  const own = document.getElementById("set-ar");
  if (own && own !== document.activeElement) own.value = panel.querySelector("[name=ar]:checked") ? "" : told.ar[0];
  const size = document.querySelector("[data-param^=ar]")?.lastChild?.textContent.trim() ?? "";
  panel.querySelectorAll("[data-size]").forEach((part) => (part.textContent = size && `${size} px`));
}

function drawRange(control, value = control.value) {
  if (control.type !== "range") return;
  const { min, max } = control;
  control.style.setProperty("--v", `${(100 * (Math.min(Math.max(value, min), max) - min)) / (max - min)}%`);
  panel.querySelector(`output[for="${control.id}"]`).value = value;
}

function change(control) {
  const { control: name, names, write, against = "", flag } = control.dataset;
  const value = control.type === "checkbox" && !control.checked ? "" : control.value.trim();
  const [, usual] = told?.[name] ?? ["", ""];
  drawRange(control);
  if (value === usual || value === "") return set(without(field.value, names));
  set(put(field.value, names, flag === undefined ? `${write} ${value}` : write, against));
}

panel.addEventListener("input", ({ target }) => {
  if (target.type === "range") busy = target;
  if (target.matches("[data-control]:not(input:not([type]))")) change(target);
});
panel.addEventListener("change", ({ target }) => {
  busy = null;
  if (target.matches("input[data-control]:not([type])") && target.value.trim()) change(target);
  if (!target.matches("[data-keep-text]")) return;
  if (target.checked) localStorage.setItem(KEEP, "");
  else localStorage.removeItem(KEEP);
});
panel.addEventListener("dblclick", ({ target }) => {
  if (target.matches(".range")) set(without(field.value, target.dataset.names));
});
panel.addEventListener("click", ({ target }) => {
  if (target.closest("[data-shut]")) shut();
  if (target.closest("[data-reset]")) set(controls().reduce((text, { dataset }) => without(text, dataset.names), field.value));
  const own = target.closest("[data-set]")?.dataset.set;
  if (own && !field.value.includes(own)) set(`${field.value.trimEnd()} ${own}`);
});
panel.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input[data-control]:not([type])")) change(event.target);
});

panel.addEventListener("htmx:configRequest", ({ detail }) => (detail.parameters.prompt = whole().text));
panel.addEventListener("htmx:afterSettle", () => {
  const keep = panel.querySelector("[data-keep-text]");
  if (keep) keep.checked = localStorage.getItem(KEEP) !== null;
  draw();
  check();
});

bar.addEventListener("checked", ({ detail }) => {
  if (Object.keys(detail.panel).length) told = detail.panel;
  if (isOpen()) draw();
});

function shut() {
  panel.hidePopover();
  button.focus();
}
panel.addEventListener("toggle", ({ newState }) => {
  if (newState !== "open") return;
  load();
  if (told) draw();
  else check();
});
button.addEventListener("pointerenter", load);
button.addEventListener("focus", load);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isOpen() || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  shut();
});
document.addEventListener("pointerdown", ({ target }) => {
  if (isOpen() && !panel.contains(target) && !bar.contains(target)) panel.hidePopover();
});

function ofAddress() {
  if (location.hash !== "#settings") return;
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("account-menu")?.hidePopover();
  panel.showPopover();
}
addEventListener("hashchange", ofAddress);
ofAddress();

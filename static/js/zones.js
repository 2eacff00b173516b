// Pictures beside the words, each with a role, a lock, a way out.
import { found, without } from "./parameters.js";
import { phrase, say, signedOut } from "./shell.js";
import { bar, field, pictures, set, tell } from "./words.js";

const MOST_BYTES = 10 * 2 ** 20;
const OF_PAGE = "application/x-mjweb-picture";
const LOCKED = "locked";
const NOWHERE = "00000000-0000-0000-0000-000000000000";
const list = document.getElementById("zones");
const note = document.getElementById("zones-note");
const picker = document.getElementById("picture-file");
const menu = document.getElementById("add-pictures");
const locked = new Set(JSON.parse(sessionStorage.getItem(LOCKED) ?? "[]"));
const underWay = new Set();
let wanted = "image";

const changed = () => tell("words");
const address = (ref) => {
  const [kind, id] = ref.split("::")[0].split(":");
  return bar.dataset[kind].replace(NOWHERE, id);
};

// A picture may be shown to the model and lend its style as well.
const isSame = (one, other) => one.ref === other.ref && (one.role === "style") === (other.role === "style");

export function add(ref, role, row = show(address(ref))) {
  const known = pictures.find((picture) => isSame(picture, { ref, role }));
  if (known) row !== known.row && row.remove();
  const picture = known ?? { ref, locked: locked.has(ref), row };
  if (!known) pictures.push(picture);
  place(picture, role);
  drawLock(picture);
  changed();
  return picture;
}

function place(picture, role) {
  if (role === "start") pictures.filter((other) => other.role === "start").forEach((other) => place(other, "image"));
  picture.role = role;
  picture.row.querySelector("select").value = role;
}

function show(src) {
  const row = document.getElementById("zone").content.firstElementChild.cloneNode(true);
  row.querySelector("img").src = src;
  list.append(row);
  return row;
}

function lock(picture, isLocked) {
  picture.locked = isLocked;
  if (isLocked) locked.add(picture.ref);
  else locked.delete(picture.ref);
  sessionStorage.setItem(LOCKED, JSON.stringify([...locked]));
  drawLock(picture);
}

function drawLock({ locked: isLocked, row }) {
  row.querySelector("[data-lock]").setAttribute("aria-pressed", String(isLocked));
}

function remove(picture) {
  pictures.splice(pictures.indexOf(picture), 1);
  picture.row.remove();
  lock(picture, false);
  if (picture.role === "start" && found(field.value, "strength").length) set(without(field.value, "strength"));
}

export function letGo() {
  pictures.filter((picture) => !picture.locked).forEach(remove);
  complain("");
}

export const arrived = () => Promise.all(underWay);

export function upload(files, role) {
  complain("");
  for (const file of files) {
    const sending = send(file, role).finally(() => underWay.delete(sending));
    underWay.add(sending);
  }
}

async function send(file, role) {
  if (!file.type.startsWith("image/")) return void complain(phrase("noPicture", file));
  if (file.size > MOST_BYTES) return void complain(phrase("tooLarge", file));
  const src = URL.createObjectURL(file);
  const row = show(src);
  row.toggleAttribute("data-sending", true);
  const body = new FormData();
  body.append("file", file);
  try {
    const headers = { "X-CSRFToken": bar.elements.csrfmiddlewaretoken.value };
    const response = await fetch(bar.dataset.uploads, { method: "POST", body, headers });
    if (response.status === 401 || response.status === 403) return void (row.remove(), signedOut());
    const answer = await response.json();
    if (!response.ok) return void (row.remove(), complain(phrase("refused", { name: file.name, reason: answer.detail })));
    row.removeAttribute("data-sending");
    add(answer.reference, role, row);
    say(phrase("beside"));
  } catch {
    row.remove();
    complain(phrase("notArrived"));
  }
}

function complain(sentence) {
  note.querySelector("span").textContent = sentence;
  note.hidden = !sentence;
}

bar.addEventListener("pictures", ({ detail: named }) => {
  for (const picture of [...pictures]) {
    if (picture.locked || named.some((other) => isSame(picture, other))) continue;
    pictures.splice(pictures.indexOf(picture), 1);
    picture.row.remove();
  }
  named.forEach(({ ref, role }) => add(ref, role));
});

list.addEventListener("click", ({ target }) => {
  const picture = pictures.find(({ row }) => row.contains(target));
  if (!picture) return;
  if (target.closest("[data-remove]")) {
    const next = picture.row.nextElementSibling?.querySelector("[data-remove]");
    remove(picture);
    changed();
    (next ?? field).focus();
  }
  if (target.closest("[data-lock]")) lock(picture, !picture.locked);
});

list.addEventListener("change", ({ target }) => {
  const picture = pictures.find(({ row }) => row.contains(target));
  if (!picture) return;
  const before = picture.role;
  place(picture, target.value);
  if (before === "start") set(without(field.value, "strength"));
  else changed();
});

// A link that brings a picture to Create puts it here at once.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href*="?image="]');
  if (!link || link.closest("dialog") || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const { pathname, searchParams: asked } = new URL(link.href);
  if (pathname !== bar.dataset.create || asked.has("prompt")) return;
  event.preventDefault();
  const role = asked.get("role") ?? "prompt";
  asked.getAll("image").forEach((id) => add(`image:${id}`, role === "prompt" ? "image" : role));
  bar.toggleAttribute("data-open", true);
  field.focus();
});

menu.addEventListener("click", ({ target }) => {
  const press = target.closest("[data-add]");
  if (!press) return;
  wanted = press.dataset.add;
  menu.hidePopover();
  picker.click();
});
picker.addEventListener("change", () => {
  upload([...picker.files], wanted);
  picker.value = "";
});

field.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files].filter(({ type }) => type.startsWith("image/"));
  if (!files.length) return;
  event.preventDefault();
  upload(files, "image");
});

document.addEventListener("dragstart", ({ target, dataTransfer }) => {
  const picture = target.closest?.("img, a")?.closest("a")?.querySelector("img") ?? target.closest?.("img");
  const id = picture?.dataset.imageId ?? picture?.src.match(/\/media\/([0-9a-f-]{36})[.-]/)?.[1];
  if (id) dataTransfer.setData(OF_PAGE, id);
});

const isOurs = ({ dataTransfer }) => dataTransfer?.types.includes("Files") || dataTransfer?.types.includes(OF_PAGE);
function aim(role) {
  for (const zone of bar.querySelectorAll("[data-drop]")) zone.toggleAttribute("data-aimed", zone.dataset.drop === role);
}
const over = () => bar.toggleAttribute("data-dragging", false);

document.addEventListener("dragenter", (event) => isOurs(event) && bar.toggleAttribute("data-dragging", true));
document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && over());
document.addEventListener("dragend", over);
document.addEventListener("dragover", (event) => {
  if (!isOurs(event)) return;
  event.preventDefault();
  const inside = bar.contains(event.target);
  event.dataTransfer.dropEffect = inside ? "copy" : "none";
  aim(inside ? (event.target.closest("[data-drop]")?.dataset.drop ?? "image") : "");
});
document.addEventListener("drop", (event) => {
  over();
  if (!isOurs(event)) return;
  event.preventDefault(); // a file that misses the bar must not replace the page
  if (!bar.contains(event.target)) return;
  const role = event.target.closest("[data-drop]")?.dataset.drop ?? "image";
  const id = event.dataTransfer.getData(OF_PAGE);
  if (id) add(`image:${id}`, role);
  else upload([...event.dataTransfer.files], role);
  bar.toggleAttribute("data-open", true);
});

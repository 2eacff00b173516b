// The editor: everything ends in `settle`, a step back that is shown and said.
import { phrase, say } from "../shell.js";
import { framed, View } from "./canvas.js";
import { controls, listenToKeys } from "./controls.js";
import { clamp, History, Mask, Place } from "./drawing.js";
import { sending } from "./send.js";
import { listen } from "./tools.js";

const SAY_AFTER_MS = 500;
const DRAFT = `edit ${location.pathname}`;
const root = document.querySelector("[data-editor]");
const at = (id) => document.getElementById(id);
const given = Object.fromEntries(Object.entries(root.dataset).map(([name, value]) => [name, Number(value)]));
const picture = { width: given.width, height: given.height };
const canvas = at("edit-canvas");
const ranges = { brush: at("edit-brush"), feather: at("edit-feather"), strength: at("edit-strength") };
const chosen = new Set();

const editor = {
  picture: at("edit-picture"),
  mask: new Mask(picture.width, picture.height),
  place: new Place({
    picture,
    canvas: { width: given.canvasWidth, height: given.canvasHeight },
    at: { left: given.left, top: given.top, width: given.innerWidth, height: given.innerHeight },
    multiple: given.multiple,
    most: given.most,
  }),
  tool: "brush",
  brush: 1,
  rectangle: { x: picture.width / 4, y: picture.height / 4, width: picture.width / 2, height: picture.height / 2 },
  overlay: null,
  pointer: null, // pixels of the page within the canvas
  isQuiet: false,
  isSpaceDown: false,
  get erases() {
    return at("edit-erases").checked;
  },
  draft: DRAFT,
  settle, restore, step, show, showZoom, marks, numbers, refusal, mark, choose, resizeBrush, setRectangle,
  enlarge(factor) {
    editor.view.zoom(factor);
    showZoom();
  },
  fit() {
    editor.view.fit();
    showZoom();
  },
};
editor.view = new View(canvas, editor);
const history = new History({ runs: editor.mask.settle(), place: editor.place.kept });

function settle() {
  editor.isQuiet = false;
  const [now, next] = [history.now, { runs: editor.mask.settle(), place: editor.place.kept }];
  if (JSON.stringify([...next.runs, next.place]) !== JSON.stringify([...now.runs, now.place])) history.push(next);
  keep();
  show();
  tell();
}

function restore(state = history.now) {
  editor.isQuiet = false;
  editor.mask.restore(state.runs);
  editor.place.restore(state.place);
  show();
}

function step(by) {
  const before = size();
  restore(history.step(by));
  keep();
  if (size() !== before) editor.fit();
  tell();
}

function keep() {
  const { runs, place } = history.now;
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify({ runs: [...runs], place }));
  } catch {
    // full: only a reload would miss it
  }
}

function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(DRAFT));
  if (!kept) return;
  history.push({ runs: Uint32Array.from(kept.runs), place: kept.place });
  restore();
}

let timer = 0;
function tell() {
  clearTimeout(timer);
  const { share } = editor.mask;
  const sentence = share ? phrase("covers", { share: perCent(share) }) : phrase("nothingMarked");
  timer = setTimeout(() => say(`${sentence} ${phrase("result", { size: size() })}`), SAY_AFTER_MS);
}

const size = () => `${editor.place.canvas.width} × ${editor.place.canvas.height} px`;
const perCent = (share) => (share < 0.01 ? phrase("little") : `${Math.round(share * 100)} %`);

function show() {
  fields.show();
  at("edit-size").textContent = size();
  at("edit-share").textContent = editor.mask.share ? phrase("mask", { share: perCent(editor.mask.share) }) : phrase("unmarked");
  for (const name of ["undo", "redo"]) root.querySelector(`[data-do="${name}"]`).disabled = !history[name];
  showRanges();
  form.show();
  editor.view.draw();
}

function showRanges() {
  const { canvas: whole, isAlone } = editor.place;
  const least = Math.min(whole.width, whole.height);
  const usual = Math.round(least * given.feather);
  ranges.feather.max = Math.floor(least * given.mostFeather);
  if (!chosen.has("feather")) ranges.feather.value = isAlone ? Math.floor(usual / 2) : usual;
  if (!chosen.has("strength")) ranges.strength.value = isAlone ? given.strengthMasked : given.strengthPlaced;
  tellRange(ranges.brush, at("edit-brush-px"), `${ranges.brush.value} px`);
  tellRange(ranges.feather, at("edit-feather-px"), `${ranges.feather.value} px`);
  tellRange(ranges.strength, at("edit-strength-share"), perCent(Number(ranges.strength.value)));
}

function tellRange(range, figure, text) {
  figure.textContent = range.ariaValueText = text;
  const { min, max, value, style } = range;
  style.setProperty("--v", `${((value - min) / (max - min || 1)) * 100}%`);
}

function showZoom() {
  at("edit-zoom").textContent = `${Math.round(editor.view.scale * 100)} %`;
}

function marks(view) {
  if (editor.tool === "move") view.frame();
  view.ink.save();
  view.toPicture();
  if (editor.overlay) view.dash(editor.overlay);
  if (editor.tool === "rectangle" || fields.hasFocus()) {
    view.dash(framed(editor.rectangle));
  }
  view.ink.restore();
  if (editor.pointer && (editor.tool === "brush" || editor.tool === "eraser")) {
    const path = new Path2D();
    const { x, y } = editor.pointer;
    path.arc((x - view.x) / view.scale, (y - view.y) / view.scale, (editor.brush * editor.place.scale) / 2, 0, 2 * Math.PI);
    view.dash(path);
  }
}

function refusal() {
  if (editor.mask.share === 1) return phrase("all");
  return editor.mask.share === 0 && editor.place.fills ? phrase("nothing") : "";
}

function numbers() {
  const { canvas: whole, at: inside, isAlone } = editor.place;
  const said = {};
  for (const name of ["feather", "strength"]) if (chosen.has(name)) said[name] = ranges[name].value;
  return isAlone ? said : { ...said, canvas_width: whole.width, canvas_height: whole.height, ...inside };
}

function choose(tool) {
  editor.tool = tool;
  at("edit-tools").querySelector(`[value="${tool}"]`).checked = true;
  canvas.dataset.tool = tool;
  editor.view.draw();
}

function resizeBrush(value) {
  ranges.brush.value = value;
  editor.brush = Number(ranges.brush.value);
  showRanges();
}

function setRectangle({ x, y, width, height }) {
  const [left, top] = [clamp(x, 0, picture.width), clamp(y, 0, picture.height)];
  const [right, bottom] = [clamp(x + width, left, picture.width), clamp(y + height, top, picture.height)];
  editor.rectangle = { x: left, y: top, width: right - left, height: bottom - top };
  fields.show();
  editor.view.draw();
}

function mark(erases) {
  editor.mask.rectangle(editor.rectangle, erases);
  settle();
}

at("edit-tools").addEventListener("change", ({ target }) => choose(target.value));
ranges.brush.addEventListener("input", () => resizeBrush(ranges.brush.value));
for (const name of ["feather", "strength"]) {
  ranges[name].addEventListener("input", () => {
    chosen.add(name);
    showRanges();
  });
}

const fields = controls(editor, root);
const form = sending(editor);
const longest = Math.max(picture.width, picture.height);
ranges.brush.max = Math.max(8, Math.round(longest / 2));
resizeBrush(Math.round(longest / 8));
listenToKeys(editor);
listen(editor);
editor.picture.decode().then(() => {
  choose(root.querySelector('[name="tool"]:checked').value);
  bringBack();
  editor.fit();
  show();
  root.toggleAttribute("data-ready", true);
});

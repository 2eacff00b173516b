// The editor without a pointer: fields and keys.
import { clamp } from "./drawing.js";

const HALVES = {
  left: { x: 0, y: 0, width: 0.5, height: 1 },
  right: { x: 0.5, y: 0, width: 0.5, height: 1 },
  top: { x: 0, y: 0, width: 1, height: 0.5 },
  bottom: { x: 0, y: 0.5, width: 1, height: 0.5 },
};
const round = (number, digits) => Number(number.toFixed(digits));
const ratio = (shape) => shape.split(":").reduce((wide, high) => wide / high);
const TOOLS = { b: "brush", e: "eraser", l: "lasso", r: "rectangle", m: "move" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LARGE_STEP = 8;
const isOff = () => localStorage.getItem("keys-off") !== null; // as keys.js of every page keeps it

// editor: see main.js
export function controls(editor, root) {
  const { place, mask } = editor;
  const { picture } = place;
  const sets = { rectangle: root.querySelector("#edit-rectangle"), place: root.querySelector("#edit-place") };
  const field = (set, name) => sets[set].querySelector(`[name="${name}"]`);

  const deeds = {
    undo: () => editor.step(-1),
    redo: () => editor.step(1),
    smaller: () => editor.enlarge(0.8),
    larger: () => editor.enlarge(1.25),
    fit: () => editor.fit(),
    invert: () => marked(() => mask.invert()),
    clear: () => marked(() => mask.clear()),
    mark: () => editor.mark(false),
    unmark: () => editor.mark(true),
    center: () => placed(() => place.center()),
    reset: () => placed(() => place.restore(place.first)),
  };

  function marked(change) {
    change();
    editor.settle();
  }

  function placed(change) {
    change();
    editor.settle();
    editor.fit();
  }

  function half(name) {
    const { x, y, width, height } = HALVES[name];
    const [across, down] = [picture.width, picture.height];
    mask.rectangle({ x: x * across, y: y * down, width: width * across, height: height * down });
  }

  root.addEventListener("click", ({ target }) => {
    const said = target.closest("button")?.dataset ?? {};
    if (said.do) deeds[said.do]();
    if (said.half) marked(() => half(said.half));
    if (said.out) placed(() => place.zoomOut(Number(said.out)));
    if (said.shape) placed(() => place.shape(ratio(said.shape)));
  });

  sets.rectangle.addEventListener("input", () => {
    const share = (name) => clamp(Number(field("rectangle", name).value) / 100, 0, 1);
    const { width, height } = picture;
    const [x, y] = [share("left") * width, share("top") * height];
    editor.rectangle = { x, y, width: Math.min(share("width") * width, width - x), height: Math.min(share("height") * height, height - y) };
    editor.view.draw();
  });
  sets.rectangle.addEventListener("change", show);
  for (const kind of ["focusin", "focusout"]) sets.rectangle.addEventListener(kind, () => setTimeout(() => editor.view.draw()));

  sets.place.addEventListener("change", ({ target: { name, value } }) => {
    const number = Number(value);
    const { canvas, at } = place;
    if (name === "canvas_width") placed(() => place.resize(number, canvas.height));
    else if (name === "canvas_height") placed(() => place.resize(canvas.width, number));
    else if (name === "left") marked(() => place.moveTo(number, at.top));
    else if (name === "top") marked(() => place.moveTo(at.left, number));
    else marked(() => place.scaleTo(number / 100));
  });

  function show() {
    const { canvas, at, scale } = place;
    const { x, y, width, height } = editor.rectangle;
    const numbers = { canvas_width: canvas.width, canvas_height: canvas.height, left: at.left, top: at.top, scale: round(scale * 100, 1) };
    const shares = { left: x / picture.width, top: y / picture.height, width: width / picture.width, height: height / picture.height };
    for (const [name, value] of Object.entries(numbers)) field("place", name).value = value;
    for (const [name, value] of Object.entries(shares)) field("rectangle", name).value = round(value * 100, 2);
  }

  return { show, hasFocus: () => sets.rectangle.contains(document.activeElement) };
}

export function listenToKeys(editor) {
  const canvas = editor.view.element;
  const keys = {
    "[": () => editor.resizeBrush(editor.brush / 1.25 - 0.5),
    "]": () => editor.resizeBrush(editor.brush * 1.25 + 0.5),
    "0": () => editor.fit(),
    "+": () => editor.enlarge(1.25),
    "=": () => editor.enlarge(1.25),
    "-": () => editor.enlarge(0.8),
  };
  const onCanvas = {
    " ": () => (editor.isSpaceDown = true),
    Enter: () => editor.mark(false),
    Delete: () => editor.mark(true),
    Backspace: () => editor.mark(true),
  };

  function nudge({ key, shiftKey }) {
    const [dx, dy] = ARROWS[key].map((by) => by * (shiftKey ? LARGE_STEP : 1));
    const { place, rectangle } = editor;
    if (editor.tool === "move") {
      place.moveTo(place.at.left + dx, place.at.top + dy);
      return editor.settle();
    }
    const { x, y, width, height } = rectangle;
    editor.choose("rectangle");
    editor.setRectangle({ ...rectangle, x: clamp(x + dx, 0, place.picture.width - width), y: clamp(y + dy, 0, place.picture.height - height) });
  }

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.isComposing || event.defaultPrevented || target.closest('textarea, input[type="number"], dialog')) return;
    const lower = key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && /^[zy]$/.test(lower)) editor.step(lower === "y" || event.shiftKey ? 1 : -1);
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (target === canvas && key in ARROWS) nudge(event);
    else if (target === canvas && key in onCanvas) onCanvas[key]();
    else if (isOff()) return;
    else if (lower in TOOLS) editor.choose(TOOLS[lower]);
    else if (key in keys) keys[key]();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keyup", ({ key }) => key === " " && (editor.isSpaceDown = false));
}

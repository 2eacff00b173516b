// The picture on its stage, nearer and moved. Fingers on the whole picture step instead.
const MOST = 8;
const STEP = 1.5;
const DOUBLE = 2.5;
const DOUBLE_TAP_MS = 300;
const SWIPE_PX = 60;
const fingers = new Map();
let began = null;
let moved = false;
let tapped = 0;
let at = { frame: null, zoom: 1, x: 0, y: 0 };

const stage = (target) => target.closest?.(".viewer__pic");
const frame = () => document.querySelector("[data-frame]");

function state() {
  if (at.frame !== frame()) at = { frame: frame(), zoom: 1, x: 0, y: 0 };
  return at;
}

function show() {
  const { frame: shown, zoom } = state();
  const [across, down] = [(shown.offsetWidth * (zoom - 1)) / 2, (shown.offsetHeight * (zoom - 1)) / 2];
  at.x = Math.min(across, Math.max(-across, at.x));
  at.y = Math.min(down, Math.max(-down, at.y));
  shown.style.setProperty("--zoom", zoom);
  shown.style.setProperty("--x", `${at.x}px`);
  shown.style.setProperty("--y", `${at.y}px`);
  shown.parentElement.toggleAttribute("data-zoomed", zoom > 1);
}

// What lies under a point of the screen stays there.
function nearer(factor, x, y) {
  const { frame: shown, zoom } = state();
  const next = Math.min(MOST, Math.max(1, zoom * factor));
  const box = shown.parentElement.getBoundingClientRect();
  const [fromX, fromY] = [x - box.x - box.width / 2 - at.x, y - box.y - box.height / 2 - at.y];
  at.x -= fromX * (next / zoom - 1);
  at.y -= fromY * (next / zoom - 1);
  at.zoom = next;
  show();
}

function middle(part) {
  const box = part.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

export const grow = (by) => frame() && nearer(STEP ** by, ...middle(frame().parentElement));

export function reset() {
  if (!frame()) return;
  Object.assign(state(), { zoom: 1, x: 0, y: 0 });
  show();
}

document.addEventListener(
  "wheel",
  (event) => {
    if (!stage(event.target)) return;
    event.preventDefault();
    nearer(Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  },
  { passive: false },
);

const far = () => {
  const [one, other] = [...fingers.values()];
  return { span: Math.hypot(one.x - other.x, one.y - other.y), x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
};

document.addEventListener("pointerdown", (event) => {
  const { target, pointerId, clientX: x, clientY: y } = event;
  if (!stage(target) || target.closest("a, button, input") || event.button) return;
  fingers.set(pointerId, { x, y });
  began = fingers.size === 1 ? { x, y, touch: event.pointerType === "touch" } : null;
  moved = fingers.size > 1;
});

document.addEventListener("pointermove", ({ pointerId, buttons, clientX: x, clientY: y }) => {
  const last = fingers.get(pointerId);
  if (!last) return;
  if (!buttons) return void fingers.delete(pointerId);
  const before = fingers.size > 1 && far();
  fingers.set(pointerId, { x, y });
  if (before) {
    const now = far();
    at.x += now.x - before.x;
    at.y += now.y - before.y;
    return nearer(now.span / before.span, now.x, now.y);
  }
  moved ||= Math.hypot(x - began?.x, y - began?.y) > 8;
  if (state().zoom === 1) return;
  at.x += x - last.x;
  at.y += y - last.y;
  show();
});

function up(event) {
  if (!fingers.delete(event.pointerId) || !began || event.type === "pointercancel") return;
  const across = event.clientX - began.x;
  const swiped = began.touch && state().zoom === 1 && Math.abs(across) > SWIPE_PX && Math.abs(across) > 2 * Math.abs(event.clientY - began.y);
  if (swiped) return document.querySelector(`[data-step="${across < 0 ? 1 : -1}"]:not([hidden])`)?.click();
  if (moved) return;
  if (event.timeStamp - tapped < DOUBLE_TAP_MS) state().zoom > 1 ? reset() : nearer(DOUBLE, event.clientX, event.clientY);
  tapped = event.timeStamp;
}
document.addEventListener("pointerup", up);
document.addEventListener("pointercancel", up);
document.addEventListener("dragstart", (event) => stage(event.target) && state().zoom > 1 && event.preventDefault());

// --- before and after; a picture as tiles
const frameOf = (part) => part.closest("[data-viewer]").querySelector("[data-frame]");

function press(button) {
  const pressed = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(pressed));
  return pressed;
}

document.addEventListener("click", ({ target }) => {
  const compares = target.closest("[data-compares]");
  if (compares) {
    const compare = frameOf(compares).querySelector("[data-compare]");
    compare.hidden = !press(compares);
    if (!compare.hidden) compare.querySelector("input").focus();
  }
  const tiles = target.closest("[data-tiles]");
  if (!tiles) return;
  const frame = frameOf(tiles);
  frame.style.setProperty("--tile", `url("${frame.querySelector("img").src}")`);
  frame.toggleAttribute("data-tiled", press(tiles));
});

document.addEventListener("input", ({ target }) => {
  target.closest("[data-compare]")?.style.setProperty("--cut", `${target.value}%`);
});

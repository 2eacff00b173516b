// A band that is drawn with the mouse over pictures: all that it touches are chosen, besides those that were before.
const LEAST_PX = 6;
const EDGE_PX = 48;
const STEP_PX = 16;
const BUSY = "a, button, input, label, select, textarea, summary, [popover]";

export function drawBands(grid, { starts, touches }) {
  let from = null; // where it began, in the page's own pixels
  let before = new Set();
  let band = null;

  const tiles = () => [...grid.querySelectorAll(".tile:not([hidden])")];
  const inside = (target) => target.closest("main") && (target.closest("#pictures .tile > a") || !target.closest(BUSY));

  document.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType !== "mouse" || !inside(event.target) || !starts(event)) return;
    from = { x: event.pageX, y: event.pageY };
    before = new Set(tiles().filter((tile) => "selected" in tile.dataset));
  });

  document.addEventListener("pointermove", (event) => {
    if (!from) return;
    const box = {
      left: Math.min(from.x, event.pageX), top: Math.min(from.y, event.pageY),
      width: Math.abs(event.pageX - from.x), height: Math.abs(event.pageY - from.y),
    };
    if (!band && Math.max(box.width, box.height) < LEAST_PX) return;
    band ??= begin();
    for (const [side, px] of Object.entries(box)) band.style.setProperty(side, `${px}px`);
    if (event.clientY < EDGE_PX) scrollBy(0, -STEP_PX);
    else if (event.clientY > innerHeight - EDGE_PX) scrollBy(0, STEP_PX);
    touches(new Set([...before, ...tiles().filter((tile) => meets(tile, box))]));
  });

  function begin() {
    getSelection().removeAllRanges();
    const drawn = document.createElement("div");
    drawn.className = "band";
    document.body.append(drawn);
    return drawn;
  }

  function end() {
    if (band) swallowClick();
    band?.remove();
    from = band = null;
  }
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
  document.addEventListener("selectstart", (event) => from && event.preventDefault());
}

function meets(tile, { left, top, width, height }) {
  const box = tile.getBoundingClientRect();
  const [x, y] = [box.left + scrollX, box.top + scrollY];
  return x < left + width && x + box.width > left && y < top + height && y + box.height > top;
}

// The click that ends a band is no press on the picture below it.
function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}

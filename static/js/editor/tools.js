// The tools under a mouse, a pen or fingers.
const LEAST_PRESSURE = 0.3;
const ERASER_END = 32; // of a pen, in PointerEvent.buttons

// editor: see main.js. A gesture has move, end and cancel.
export function listen(editor) {
  const { view } = editor;
  const canvas = view.element;
  const down = new Map();
  let gesture = null;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button === 2) return;
    if (event.button === 1) event.preventDefault(); // no scrolling by itself
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event);
    if (down.size === 2) {
      gesture?.cancel();
      gesture = pinch(editor, [...down.values()]);
    } else if (down.size === 1) {
      gesture = event.button === 1 || editor.isSpaceDown ? pan(view) : begin(editor, event);
    }
  });

  canvas.addEventListener("pointermove", (event) => {
    editor.pointer = event.pointerType === "touch" ? null : view.onPage(event);
    if (!down.has(event.pointerId)) return void view.draw();
    down.set(event.pointerId, event);
    gesture?.move(event, [...down.values()]);
  });

  const lift = (how) => (event) => {
    if (!down.delete(event.pointerId)) return;
    gesture?.[how]();
    gesture = null; // a second finger still down begins nothing
  };
  canvas.addEventListener("pointerup", lift("end"));
  canvas.addEventListener("pointercancel", lift("cancel"));
  canvas.addEventListener("pointerleave", () => {
    editor.pointer = null;
    view.draw();
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      view.zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), view.onPage(event));
      editor.showZoom();
    },
    { passive: false },
  );
}

function begin(editor, event) {
  const { tool } = editor;
  if (tool === "lasso") return lasso(editor, event);
  if (tool === "rectangle") return rectangle(editor, event);
  if (tool === "move") return move(editor, event);
  return brush(editor, event, tool === "eraser" || Boolean(event.buttons & ERASER_END));
}

function marking(editor, { move, end = () => {} }) {
  editor.isQuiet = true;
  return {
    move(event) {
      move(event);
      editor.view.draw();
    },
    end() {
      end();
      editor.overlay = null;
      editor.settle();
    },
    cancel() {
      editor.overlay = null;
      editor.restore();
    },
  };
}

function brush(editor, first, erases) {
  const { view, mask } = editor;
  let last = view.onPicture(first);
  const width = ({ pointerType, pressure }) =>
    editor.brush * (pointerType === "pen" ? LEAST_PRESSURE + (1 - LEAST_PRESSURE) * pressure : 1);
  const gesture = marking(editor, {
    move(event) {
      const all = event.getCoalescedEvents?.() ?? [];
      for (const one of all.length ? all : [event]) {
        const point = view.onPicture(one);
        mask.line(last, point, width(one), erases);
        last = point;
      }
    },
  });
  mask.line(last, last, width(first), erases);
  view.draw();
  return gesture;
}

function lasso(editor, first) {
  const { view, mask } = editor;
  const points = [view.onPicture(first)];
  return marking(editor, {
    move(event) {
      points.push(view.onPicture(event));
      const path = new Path2D();
      for (const { x, y } of points) path.lineTo(x, y);
      path.closePath();
      editor.overlay = path;
    },
    end: () => points.length > 2 && mask.shape(points, editor.erases || first.altKey),
  });
}

function rectangle(editor, first) {
  const { view, mask } = editor;
  const from = view.onPicture(first);
  let drawn = false;
  return marking(editor, {
    move(event) {
      const to = view.onPicture(event);
      drawn = true;
      editor.setRectangle({
        x: Math.min(from.x, to.x),
        y: Math.min(from.y, to.y),
        width: Math.abs(to.x - from.x),
        height: Math.abs(to.y - from.y),
      });
    },
    end: () => drawn && mask.rectangle(editor.rectangle, editor.erases || first.altKey),
  });
}

function move(editor, first) {
  const { view, place } = editor;
  const anchor = view.handle(first);
  const from = view.onCanvas(first);
  const { left, top } = place.at;
  return {
    move(event) {
      const to = view.onCanvas(event);
      if (anchor) place.scaleTo(Math.max(Math.abs(to.x - anchor.x) / place.picture.width, Math.abs(to.y - anchor.y) / place.picture.height), anchor);
      else place.moveTo(left + to.x - from.x, top + to.y - from.y);
      editor.show();
    },
    end: () => editor.settle(),
    cancel: () => editor.restore(),
  };
}

const nothing = () => {};
const pan = (view) => ({ move: (event) => view.pan(event.movementX, event.movementY), end: nothing, cancel: nothing });

function pinch(editor, events) {
  const { view } = editor;
  const measure = (all) => {
    const [a, b] = all.map((event) => view.onPage(event));
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  };
  let last = measure(events);
  return {
    move(_event, all) {
      if (all.length < 2) return;
      const now = measure(all);
      view.pan(now.x - last.x, now.y - last.y);
      view.zoom(now.apart / last.apart, now);
      editor.showZoom();
      last = now;
    },
    end: nothing,
    cancel: nothing,
  };
}

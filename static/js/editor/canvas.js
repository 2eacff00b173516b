// Draws picture, mask and tools.
const EDGE_MS = 160;
const TINT = 0.45;
const AROUND = 0.2;
const STRIPE = 8;
const HANDLE = 5;
const MARGIN = 24;

export class View {
  // scene: see main.js
  constructor(element, scene) {
    Object.assign(this, { element, scene, scale: 1, x: 0, y: 0, offset: 0, isFitted: true });
    this.ink = element.getContext("2d");
    this.cover = document.createElement("canvas").getContext("2d");
    this.edge = document.createElement("canvas").getContext("2d");
    new ResizeObserver(() => this.#resized()).observe(element);
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    setInterval(() => {
      if (still.matches || document.hidden || !scene.mask.share || scene.isQuiet) return;
      this.offset = (this.offset + 1) % (2 * STRIPE);
      this.draw();
    }, EDGE_MS);
  }

  fit() {
    const { width, height } = this.scene.place.canvas;
    const { clientWidth, clientHeight } = this.element;
    const margin = Math.min(MARGIN, clientWidth / 16);
    this.scale = Math.max(0.01, Math.min((clientWidth - 2 * margin) / width, (clientHeight - 2 * margin) / height));
    this.x = (clientWidth - width * this.scale) / 2;
    this.y = (clientHeight - height * this.scale) / 2;
    this.isFitted = true;
    this.draw();
  }

  zoom(factor, at = { x: this.element.clientWidth / 2, y: this.element.clientHeight / 2 }) {
    const scale = Math.min(Math.max(this.scale * factor, 0.05), 32);
    this.x = at.x - ((at.x - this.x) * scale) / this.scale;
    this.y = at.y - ((at.y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.isFitted = false;
    this.draw();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.isFitted = false;
    this.draw();
  }

  onPage(event) {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  onCanvas(event) {
    const { x, y } = this.onPage(event);
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  onPicture(event) {
    const { x, y } = this.onCanvas(event);
    const { at, scale } = this.scene.place;
    return { x: (x - at.left) / scale, y: (y - at.top) / scale };
  }

  // The corner opposite to the one under a point.
  handle(event) {
    const { left, top, width, height } = this.scene.place.at;
    const point = this.onCanvas(event);
    const reach = (event.pointerType === "touch" ? 22 : 10) / this.scale;
    const corners = [[0, 0], [1, 0], [0, 1], [1, 1]];
    const near = corners.find(
      ([right, down]) => Math.hypot(point.x - left - right * width, point.y - top - down * height) <= reach,
    );
    return near && { x: left + (1 - near[0]) * width, y: top + (1 - near[1]) * height };
  }

  draw() {
    const { ink, element, scene } = this;
    const { canvas, at } = scene.place;
    const style = getComputedStyle(element);
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.clearRect(0, 0, element.width, element.height);
    this.#toCanvas(ink);
    ink.fillStyle = style.fill;
    ink.fillRect(0, 0, canvas.width, canvas.height);
    ink.globalAlpha = AROUND;
    ink.fillStyle = style.stroke;
    ink.fillRect(0, 0, canvas.width, canvas.height);
    ink.globalAlpha = 1;
    ink.imageSmoothingQuality = "high";
    ink.drawImage(scene.picture, at.left, at.top, at.width, at.height);
    this.#drawMask(style.stroke);
    this.#toCanvas(ink);
    scene.marks?.(this);
  }

  // Shows on light and dark.
  dash(path) {
    const { ink } = this;
    const width = this.#ratio / ink.getTransform().a;
    ink.lineWidth = 1.5 * width;
    for (const [color, dash] of [["#000", []], ["#fff", [5 * width, 4 * width]]]) {
      ink.strokeStyle = color;
      ink.setLineDash(dash);
      ink.stroke(path);
    }
    ink.setLineDash([]);
  }

  toPicture() {
    const { at, scale } = this.scene.place;
    this.ink.translate(at.left, at.top);
    this.ink.scale(scale, scale);
  }

  frame() {
    const { ink } = this;
    const { left, top, width, height } = this.scene.place.at;
    this.dash(framed({ x: left, y: top, width, height }));
    const half = HANDLE / this.scale;
    for (const [x, y] of [[left, top], [left + width, top], [left, top + height], [left + width, top + height]]) {
      ink.fillStyle = "#fff";
      ink.strokeStyle = "#000";
      ink.fillRect(x - half, y - half, 2 * half, 2 * half);
      ink.strokeRect(x - half, y - half, 2 * half, 2 * half);
    }
  }

  get #ratio() {
    return window.devicePixelRatio || 1;
  }

  #toCanvas(ink) {
    const ratio = this.#ratio;
    ink.setTransform(this.scale * ratio, 0, 0, this.scale * ratio, this.x * ratio, this.y * ratio);
  }

  #drawMask(color) {
    const { ink, cover, edge, element, scene } = this;
    const { at } = scene.place;
    if (!scene.mask.share && !scene.isQuiet) return;
    wipe(cover, element);
    this.#toCanvas(cover);
    cover.imageSmoothingEnabled = false;
    cover.drawImage(scene.mask.layer, at.left, at.top, at.width, at.height);
    cover.setTransform(1, 0, 0, 1, 0, 0);
    ink.setTransform(1, 0, 0, 1, 0, 0);
    if (!scene.isQuiet) this.#drawEdge(edge, cover.canvas);
    cover.globalCompositeOperation = "source-in";
    cover.fillStyle = color;
    cover.fillRect(0, 0, element.width, element.height);
    cover.globalCompositeOperation = "source-over";
    ink.globalAlpha = TINT;
    ink.drawImage(cover.canvas, 0, 0);
    ink.globalAlpha = 1;
    if (!scene.isQuiet) ink.drawImage(edge.canvas, 0, 0);
  }

  #drawEdge(edge, shape) {
    wipe(edge, this.element);
    const wide = 1.5 * this.#ratio;
    for (const [dx, dy] of [[wide, 0], [-wide, 0], [0, wide], [0, -wide]]) edge.drawImage(shape, dx, dy);
    edge.globalCompositeOperation = "destination-out";
    edge.drawImage(shape, 0, 0);
    edge.globalCompositeOperation = "source-in";
    edge.fillStyle = this.#stripes();
    edge.fillRect(0, 0, this.element.width, this.element.height);
    edge.globalCompositeOperation = "source-over";
  }

  #stripes() {
    const size = 2 * STRIPE;
    const tile = Object.assign(document.createElement("canvas"), { width: size, height: size });
    const ink = tile.getContext("2d");
    for (let x = 0; x < size; x += 1) {
      for (let y = 0; y < size; y += 1) {
        ink.fillStyle = (x + y + this.offset) % size < STRIPE ? "#fff" : "#000";
        ink.fillRect(x, y, 1, 1);
      }
    }
    return this.edge.createPattern(tile, "repeat");
  }

  #resized() {
    const { element } = this;
    element.width = Math.round(element.clientWidth * this.#ratio);
    element.height = Math.round(element.clientHeight * this.#ratio);
    if (this.isFitted) this.fit();
    else this.draw();
  }
}

export function framed({ x, y, width, height }) {
  const path = new Path2D();
  path.rect(x, y, width, height);
  return path;
}

function wipe(ink, { width, height }) {
  if (ink.canvas.width === width && ink.canvas.height === height) ink.clearRect(0, 0, width, height);
  else Object.assign(ink.canvas, { width, height });
}

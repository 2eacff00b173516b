// What an edit is: mask, place, and the steps back.
const SOLID = 128;
const MOST = 100;
export const clamp = (number, least, most) => Math.min(Math.max(number, least), Math.max(least, most));

// Of the picture's size, opaque where it is marked.
export class Mask {
  constructor(width, height) {
    this.layer = Object.assign(document.createElement("canvas"), { width, height });
    this.ink = this.layer.getContext("2d", { willReadFrequently: true });
    Object.assign(this.ink, { fillStyle: "#fff", strokeStyle: "#fff", lineCap: "round", lineJoin: "round" });
    this.share = 0;
  }

  line(from, to, width, erases) {
    this.#as(erases);
    this.ink.lineWidth = width;
    this.ink.beginPath();
    this.ink.moveTo(from.x, from.y);
    this.ink.lineTo(to.x + 0.01, to.y); // a dot is a line too
    this.ink.stroke();
  }

  shape(points, erases) {
    this.#as(erases);
    this.ink.beginPath();
    for (const { x, y } of points) this.ink.lineTo(x, y);
    this.ink.fill();
  }

  rectangle({ x, y, width, height }, erases) {
    this.#as(erases);
    this.ink.fillRect(x, y, width, height);
  }

  invert() {
    this.ink.globalCompositeOperation = "xor";
    this.ink.fillRect(0, 0, this.layer.width, this.layer.height);
  }

  clear() {
    this.ink.clearRect(0, 0, this.layer.width, this.layer.height);
  }

  settle() {
    const { image, pixels } = this.#read();
    const runs = [];
    let [run, marks, marked] = [0, false, 0];
    for (let at = 0; at < pixels.length; at += 1) {
      const is = pixels[at] >>> 24 >= SOLID;
      pixels[at] = is ? 0xffffffff : 0;
      if (is !== marks) {
        runs.push(run);
        [run, marks] = [0, is];
      }
      run += 1;
      marked += is;
    }
    runs.push(run);
    this.ink.putImageData(image, 0, 0);
    this.share = marked / pixels.length;
    return Uint32Array.from(runs);
  }

  restore(runs) {
    const { image, pixels } = this.#read();
    let [at, marked] = [0, 0];
    runs.forEach((run, index) => {
      pixels.fill(index % 2 ? 0xffffffff : 0, at, at + run);
      at += run;
      if (index % 2) marked += run;
    });
    this.ink.putImageData(image, 0, 0);
    this.share = marked / pixels.length;
  }

  // White is painted, black is kept.
  png() {
    const { width, height } = this.layer;
    const whole = Object.assign(document.createElement("canvas"), { width, height });
    const ink = whole.getContext("2d");
    ink.fillRect(0, 0, width, height);
    ink.drawImage(this.layer, 0, 0);
    return new Promise((done) => whole.toBlob(done, "image/png"));
  }

  #as(erases) {
    this.ink.globalCompositeOperation = erases ? "destination-out" : "source-over";
  }

  #read() {
    const image = this.ink.getImageData(0, 0, this.layer.width, this.layer.height);
    return { image, pixels: new Uint32Array(image.data.buffer) };
  }
}

// The picture on a canvas of sides that the model paints.
export class Place {
  constructor({ picture, canvas, at, multiple, most }) {
    Object.assign(this, { picture, multiple, most, first: { canvas, at } });
    this.restore(this.first);
  }

  get kept() {
    return { canvas: { ...this.canvas }, at: { ...this.at } };
  }

  restore({ canvas, at }) {
    this.canvas = { ...canvas };
    this.at = { ...at };
  }

  get isAlone() {
    const { canvas, at, picture } = this;
    const isOwn = (side) => canvas[side] === picture[side] && at[side] === picture[side];
    return isOwn("width") && isOwn("height");
  }

  get fills() {
    return this.at.width === this.canvas.width && this.at.height === this.canvas.height;
  }

  get scale() {
    return this.at.width / this.picture.width;
  }

  side(length) {
    return clamp(Math.round(length / this.multiple) * this.multiple, this.multiple, this.most);
  }

  resize(width, height) {
    const before = { ...this.canvas };
    this.canvas = { width: this.side(width), height: this.side(height) };
    this.at.left += Math.round((this.canvas.width - before.width) / 2);
    this.at.top += Math.round((this.canvas.height - before.height) / 2);
    this.scaleTo(this.scale);
  }

  // anchor: the point that stays; else the middle.
  scaleTo(scale, anchor) {
    const { picture, canvas, at } = this;
    const most = Math.min(canvas.width / picture.width, canvas.height / picture.height);
    const share = clamp(scale, 1 / Math.min(picture.width, picture.height), most);
    const width = clamp(Math.round(picture.width * share), 1, canvas.width);
    const height = clamp(Math.round(picture.height * share), 1, canvas.height);
    const fixed = anchor ?? { x: at.left + at.width / 2, y: at.top + at.height / 2 };
    const left = fixed.x - ((fixed.x - at.left) * width) / at.width;
    const top = fixed.y - ((fixed.y - at.top) * height) / at.height;
    this.at = { left, top, width, height };
    this.moveTo(left, top);
  }

  moveTo(left, top) {
    this.at.left = clamp(Math.round(left), 0, this.canvas.width - this.at.width);
    this.at.top = clamp(Math.round(top), 0, this.canvas.height - this.at.height);
  }

  center() {
    this.moveTo((this.canvas.width - this.at.width) / 2, (this.canvas.height - this.at.height) / 2);
  }

  zoomOut(factor) {
    this.scaleTo(Math.min(this.canvas.width / this.picture.width, this.canvas.height / this.picture.height) / factor);
    this.center();
  }

  shape(ratio) {
    const { width, height } = this.at;
    let [wide, high] = ratio > width / height ? [height * ratio, height] : [width, width / ratio];
    const shrink = Math.min(1, this.most / Math.max(wide, high));
    [wide, high] = [wide * shrink, high * shrink];
    this.scaleTo(this.scale * shrink);
    this.canvas = { width: Math.max(this.side(wide), this.atLeast("width")), height: Math.max(this.side(high), this.atLeast("height")) };
    this.scaleTo(this.scale);
    this.center();
  }

  atLeast(side) {
    return Math.min(this.most, Math.ceil(this.at[side] / this.multiple) * this.multiple);
  }
}

export class History {
  #states;
  #at = 0;

  constructor(first) {
    this.#states = [first];
  }

  push(state) {
    this.#states.splice(this.#at + 1, Infinity, state);
    if (this.#states.length > MOST) this.#states.shift();
    this.#at = this.#states.length - 1;
  }

  get now() {
    return this.#states[this.#at];
  }

  get undo() {
    return this.#at > 0;
  }

  get redo() {
    return this.#at < this.#states.length - 1;
  }

  step(by) {
    this.#at = Math.min(Math.max(this.#at + by, 0), this.#states.length - 1);
    return this.now;
  }
}

// A prompt names pictures in its text; the bar shows them beside the words. Here one becomes the other, and back.
import { found, without } from "./parameters.js";

const REF = "(?:image|upload):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const FIRST = new RegExp(`^\\s*(${REF})(?=\\s|$)`, "i");
const STYLE = new RegExp(`^\\s+(${REF}(?:::[\\d.]+)?)(?=\\s|$)`, "i");
const STRENGTH = " --strength .6"; // a start image gives up so much, where the words do not say it

const length = (text) => Array.from(text).length;

// Text → {words, pictures: [{ref, role}]}. Between braces a name stays where it is: it is one of several.
export function split(text) {
  const pictures = [];
  let words = text;
  for (let match; (match = words.match(FIRST)); words = words.slice(match[0].length).trimStart()) {
    pictures.push({ ref: match[1].toLowerCase(), role: "image" });
  }
  if (pictures.length && found(words, "strength").length) pictures[0].role = "start";
  const [sref] = found(words, "sref");
  if (!sref) return { words, pictures };
  let rest = words.slice(sref.nameEnd);
  const before = rest;
  for (let match; (match = rest.match(STYLE)); rest = rest.slice(match[0].length)) {
    pictures.push({ ref: match[1].toLowerCase(), role: "style" });
  }
  if (rest === before) return { words, pictures };
  words = words.slice(0, sref.nameEnd) + rest;
  return { words: /^\s*($|[-—–])/.test(rest) ? without(words, "sref") : words, pictures };
}

// Words and pictures → {text, back}. back: a column of the text → one of the words; null for what stands in a picture.
export function join(words, pictures) {
  const refs = (role) => pictures.filter((picture) => picture.role === role).map(({ ref }) => ref);
  const front = [...refs("start"), ...refs("image"), ""].join(" ");
  const [sref] = found(words, "sref");
  const at = sref ? sref.nameEnd : words.trimEnd().length;
  const styles = refs("style").join(" ");
  const inner = styles && `${sref ? "" : " --sref"} ${styles}`;
  const tail = refs("start").length && !found(words, "strength").length ? STRENGTH : "";
  const [head, middle, filled, end] = [front, words.slice(0, at), inner, words].map(length);
  const back = (column) => {
    const typed = column - head;
    const place = typed <= middle ? typed : typed - filled;
    return typed < 0 || (typed > middle && place < middle) || place > end ? null : place;
  };
  return { text: front + words.slice(0, at) + inner + words.slice(at) + tail, back };
}

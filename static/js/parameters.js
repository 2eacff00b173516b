// Parameters in typed words; what stands between quotes is left alone.
const DASHES = "(?:-[-—–―]+|[—–―][-—–―]*)";
const QUOTED = /(?<![^\s([{,，、:;])"[^"]*"|“[^”]*”/g;
const blank = (text) => " ".repeat(text.length);

// Quotes blanked out and braces filled, so that columns stay.
function open(text, braces = true) {
  const plain = text.replace(QUOTED, (quote) => "x" + blank(quote.slice(1)));
  if (!braces) return plain;
  let depth = 0;
  return plain.replace(/\\[{}]|[^]/g, (letter) => {
    if (letter === "{") depth += 1;
    const inside = depth > 0;
    if (letter === "}" && depth) depth -= 1;
    return inside ? "{".repeat(letter.length) : letter;
  });
}

export function found(text, names, braces = true) {
  const name = names.trim().split(/\s+/).join("|");
  const pattern = new RegExp(`(?<=^|[\\s{,])${DASHES}(${name})(?![\\w-])([ \\t]+(?!${DASHES})[^\\s{},]+)?`, "gi");
  return [...open(text, braces).matchAll(pattern)].map((match) => {
    const end = match.index + match[0].length;
    const nameEnd = end - (match[2]?.length ?? 0);
    const valueStart = nameEnd + (match[2]?.search(/\S/) ?? 0);
    return { name: match[1].toLowerCase(), start: match.index, nameEnd, valueStart, end };
  });
}

// Between braces a press cannot say which is meant.
export const isVaried = (text, names) =>
  found(text, names, false).length > found(text, names).length ||
  found(text, names).some(({ nameEnd }) => /^\s*\{/.test(text.slice(nameEnd)));

const removed = (text, names) =>
  found(text, names).reduceRight((left, { start, end }) => left.slice(0, start).trimEnd() + left.slice(end), text);

export function without(text, names) {
  const left = removed(text, names);
  return /^\s+[^\s\-—–]/.test(left) ? left.trimStart() : left;
}

// Replaced or added, without those that it excludes.
export function put(text, names, written, against = "") {
  if (against) text = without(text, against);
  const [first] = found(text, names);
  if (!first) return `${text.trimEnd()} ${written}`;
  return text.slice(0, first.start) + written + removed(text.slice(first.end), names);
}

// --- a prompt names pictures in its text; the bar shows them beside the words.

const REF = "(?:image|upload):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const FIRST = new RegExp(`^\\s*(${REF})(?=\\s|$)`, "i");
const STYLE = new RegExp(`^\\s+(${REF}(?:::[\\d.]+)?)(?=\\s|$)`, "i");
const STRENGTH = " --strength .6"; // a start image gives up so much, where the words do not say it

const length = (text) => Array.from(text).length;

// Text → {words, pictures: [{ref, role}]}
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

// → {text, back}; back: a column of the text → one of the words; null within a picture.
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

// Parameters in typed words: found, replaced, taken out. What stands between quotes or braces is left alone.
const DASHES = "(?:-[-—–―]+|[—–―][-—–―]*)";
const QUOTED = /(?<![^\s([{,，、:;])"[^"]*"|“[^”]*”/g;
const blank = (text) => " ".repeat(text.length);

// The text with quotes blanked out and braces filled, so that columns stay. Without `braces` what is in them stays.
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

// Where these parameters stand, [{name, start, nameEnd, valueStart, end}]; names are parted by spaces.
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

// Whether a parameter stands between braces, where a press cannot say which of several is meant.
export const isVaried = (text, names) =>
  found(text, names, false).length > found(text, names).length ||
  found(text, names).some(({ nameEnd }) => /^\s*\{/.test(text.slice(nameEnd)));

const removed = (text, names) =>
  found(text, names).reduceRight((left, { start, end }) => left.slice(0, start).trimEnd() + left.slice(end), text);

export function without(text, names) {
  const left = removed(text, names);
  return /^\s+[^\s\-—–]/.test(left) ? left.trimStart() : left;
}

// The text with a parameter as it is written here, where it stood or at the end, without those that it excludes.
export function put(text, names, written, against = "") {
  if (against) text = without(text, against);
  const [first] = found(text, names);
  if (!first) return `${text.trimEnd()} ${written}`;
  return text.slice(0, first.start) + written + removed(text.slice(first.end), names);
}

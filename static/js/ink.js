// Marks under the words. Columns are code points, as the server counts them.

// [{start, end, kind}] → <mark>s; the ink must hold exactly the letters of the field.
export function draw(ink, text, marks) {
  const points = Array.from(text);
  const pieces = [];
  let at = 0;
  for (const { start, end, kind } of marks) {
    const mark = document.createElement("mark");
    mark.dataset.kind = kind;
    mark.textContent = points.slice(start, end).join("");
    pieces.push(points.slice(at, start).join(""), mark);
    at = end;
  }
  // A field shows an empty last line; a block does not, unless something stands on it.
  const rest = points.slice(at).join("");
  ink.replaceChildren(...pieces, text.endsWith("\n") ? `${rest}\u200b` : rest);
}

// The marks of the old text in the new one, until the server has read it.
export function moved(marks, before, after) {
  const [old, now] = [Array.from(before), Array.from(after)];
  const least = Math.min(old.length, now.length);
  let head = 0;
  while (head < least && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < least - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const delta = now.length - old.length;
  const shifted = (column) => (column <= head ? column : column >= old.length - tail ? column + delta : head);
  return marks
    .map(({ start, end, kind }) => ({ start: shifted(start), end: Math.max(shifted(start), shifted(end)), kind }))
    .filter(({ start, end }) => end > start && end <= now.length);
}

export const offset = (text, column) => Array.from(text).slice(0, column).join("").length;
export const replaced = (text, start, end, by) => {
  const points = Array.from(text);
  return points.slice(0, start).join("") + by + points.slice(end).join("");
};

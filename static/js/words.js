// The words of the imagine bar, and the pictures beside them. Everybody reads and writes them here and hears of changes
// by events of the form: `words` and `pictures` when they changed, `checked` when the server has read them.
import { join, split } from "./references.js";

export const bar = document.getElementById("imagine");
export const field = bar.querySelector("textarea");
export const tell = (name, detail) => bar.dispatchEvent(new CustomEvent(name, { detail }));

// {ref, role, locked, row}: what the text calls it (empty while it is on its way), what for, whether it stays after
// Imagine, and the element that shows it.
export const pictures = [];

// The prompt as it is sent: {text, back}; back gives a column of it as one of the words.
export const whole = () => join(field.value, pictures.filter(({ ref }) => ref));

// New words by other means than typing, with the caret or a selection where it is wanted.
export function write(text, from = text.length, to = from) {
  field.value = text;
  field.focus();
  field.setSelectionRange(from, to);
  tell("words");
}

// The same while the person is elsewhere. Before words that nobody has typed yet the caret waits at the beginning.
export function set(text) {
  field.value = text;
  if (text.startsWith(" ")) field.setSelectionRange(0, 0);
  tell("words");
}

// A whole prompt as a card has it: its pictures come beside its words, and of those that were there the locked ones stay.
export function fill(prompt, how = write) {
  const { words, pictures: named } = split(prompt);
  tell("pictures", named);
  how(words);
}

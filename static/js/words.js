// The words of the imagine bar and the pictures beside them. Events of the form: `words` and `pictures` when they changed,
// `checked` when the server has read them.
import { join, split } from "./parameters.js";

export const bar = document.getElementById("imagine");
export const field = bar.querySelector("textarea");
export const tell = (name, detail) => bar.dispatchEvent(new CustomEvent(name, { detail }));

// {ref (empty while it is on its way), role, locked, row}
export const pictures = [];

// {text, back} as it is sent; back: a column of the text as one of the words.
export const whole = () => join(field.value, pictures.filter(({ ref }) => ref));

export function write(text, from = text.length, to = from) {
  field.value = text;
  field.focus();
  field.setSelectionRange(from, to);
  tell("words");
}

// While the person is elsewhere. Before words that nobody has typed yet the caret waits at the beginning.
export function set(text) {
  field.value = text;
  if (text.startsWith(" ")) field.setSelectionRange(0, 0);
  tell("words");
}

// A whole prompt: of the pictures that were there the locked ones stay.
export function fill(prompt, how = write) {
  const { words, pictures: named } = split(prompt);
  tell("pictures", named);
  how(words);
}

// Asked for once, when somebody begins to type.
const NOTHING = { parameters: [], sets: [], earlier: [] };
let asked = null;

export const vocabulary = () =>
  (asked ??= fetch(bar.dataset.vocabulary)
    .then((answer) => (answer.ok && !answer.redirected ? answer.json() : NOTHING))
    .catch(() => ((asked = null), NOTHING)));

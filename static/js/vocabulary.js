// What can be completed and recalled, asked for once per page and only when somebody begins to type.
import { bar } from "./words.js";

const NOTHING = { parameters: [], sets: [], earlier: [] };
let asked = null;

export const vocabulary = () =>
  (asked ??= fetch(bar.dataset.vocabulary)
    .then((answer) => (answer.ok && !answer.redirected ? answer.json() : NOTHING))
    .catch(() => ((asked = null), NOTHING)));

// Drag to order: what lies in [data-arrange] changes places, and the list says `arranged` when it is let go.
let held = null;
const item = (target) => target.closest?.("[data-arrange] > li");

document.addEventListener("dragstart", ({ target }) => (held = item(target)));
document.addEventListener("dragover", (event) => {
  const over = item(event.target);
  if (!held || over?.parentElement !== held.parentElement) return;
  event.preventDefault();
  if (over === held) return;
  const isLater = held.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
  over[isLater ? "after" : "before"](held);
});
document.addEventListener("dragend", () => {
  if (held) htmx.trigger(held.parentElement, "arranged");
  held = null;
});

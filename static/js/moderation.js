// J and K go from case to case. What htmx put in a case's place takes the focus.
const cases = () => [...document.querySelectorAll("[data-case]")];

document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const all = cases(), at = all.indexOf(event.target.closest("[data-case]"));
  const next = all[at < 0 ? 0 : at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
});
document.addEventListener("htmx:afterSwap", ({ detail }) => detail.elt?.matches?.("[data-case]") && detail.elt.focus());

// The page of one picture: arrow keys between the pictures of a grid, Esc back to where the person came from.
const close = document.querySelector("[data-close-view]");

// Pictures of one grid are one place: going through them leaves a single step in the history.
function go(link) {
  if (link) location.replace(link.href);
}

function leave() {
  if (window.navigation?.canGoBack) history.back();
  else location.assign(close.href);
}

document.addEventListener("click", (event) => {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[data-sibling], a[data-close-view]");
  if (!link) return;
  event.preventDefault();
  if (link === close) leave();
  else go(link);
});

const KEYS = {
  ArrowLeft: () => go(document.querySelector(".viewer__step.prev")),
  ArrowRight: () => go(document.querySelector(".viewer__step.next")),
  Escape: leave,
};

document.addEventListener("keydown", (event) => {
  const rests = event.target.closest("input, textarea, select, [popover]");
  if (rests || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

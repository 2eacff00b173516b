// Before and after under one range, and a picture laid out as tiles.
const frameOf = (part) => part.closest("[data-viewer]").querySelector("[data-frame]");

function press(button) {
  const pressed = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(pressed));
  return pressed;
}

document.addEventListener("click", ({ target }) => {
  const compares = target.closest("[data-compares]");
  if (compares) {
    const compare = frameOf(compares).querySelector("[data-compare]");
    compare.hidden = !press(compares);
    if (!compare.hidden) compare.querySelector("input").focus();
  }
  const tiles = target.closest("[data-tiles]");
  if (!tiles) return;
  const frame = frameOf(tiles);
  frame.style.setProperty("--tile", `url("${frame.querySelector("img").src}")`);
  frame.toggleAttribute("data-tiled", press(tiles));
});

document.addEventListener("input", ({ target }) => {
  target.closest("[data-compare]")?.style.setProperty("--cut", `${target.value}%`);
});

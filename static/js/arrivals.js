// What ends while the person is on a page without job cards: new pictures come on top of My images, elsewhere a toast
// leads to them. What is left of the fast minutes is told anew on every page.
import { say } from "./shell.js";

const WITH_IT_MS = 800;
const pictures = location.pathname === "/my/images/";
const toast = document.getElementById("made");
let together = 0;
let failed = 0;
let timer = 0;

export function arrived(id, state) {
  if (state === "succeeded") recount();
  if (document.getElementById("jobs")) return; // the card says it
  if (state === "succeeded" && pictures && !location.search) return void show(id);
  together += state === "succeeded";
  failed += state === "failed" || state === "blocked";
  clearTimeout(timer);
  timer = setTimeout(tell, WITH_IT_MS);
}

// Pictures leave and come back, whichever tab moved them to the trash or out of it.
export function moved(change, ids) {
  if (!pictures || location.search || !["trashed", "restored"].includes(change)) return;
  for (const id of ids) document.getElementById(`image-${id}`)?.toggleAttribute("hidden", change === "trashed");
}

async function show(id) {
  const grid = document.getElementById("pictures");
  if (!grid) return void location.reload(); // the page said that there are none
  const html = await fetched(`/jobs/${id}/tiles/`);
  const fresh = document.createRange().createContextualFragment(html);
  for (const tile of fresh.querySelectorAll("[id]")) if (document.getElementById(tile.id)) tile.remove();
  const tiles = [...fresh.children];
  grid.prepend(fresh);
  tiles.forEach((tile) => htmx.process(tile));
}

function tell() {
  const parts = [together && (together > 1 ? `${together} jobs are ready.` : "Your pictures are ready."), failed && (failed > 1 ? `${failed} jobs failed.` : "A job failed.")];
  together = failed = 0;
  const sentence = parts.filter(Boolean).join(" ");
  if (!sentence || !toast) return;
  const fresh = toast.content.cloneNode(true);
  fresh.querySelector("p").textContent = sentence;
  document.getElementById("toasts").append(fresh);
  say(sentence);
}

async function recount() {
  const shown = document.querySelectorAll("[data-lane]");
  if (!shown.length) return;
  const fresh = document.createRange().createContextualFragment(await fetched("/lanes/"));
  for (const old of shown) {
    const now = fresh.querySelector(`[data-lane="${old.dataset.lane}"]`);
    if (now) old.replaceWith(now.cloneNode(true));
  }
}

async function fetched(address) {
  try {
    const response = await fetch(address);
    return response.ok && !response.redirected ? await response.text() : "";
  } catch {
    return ""; // offline: the next page tells
  }
}

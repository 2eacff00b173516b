// What ends on a page without job cards: new pictures come on top of My images, elsewhere a toast leads to them.
import { counted, enliven, parsed, say, toast } from "./shell.js";

const WITH_IT_MS = 800;
const pictures = location.pathname === "/my/images/";
const OWN = { trashed: true, restored: false }; // whether a picture has left the page
const SHOWN = { ...OWN, private: true, unlisted: true, published: false };
let together = 0;
let failed = 0;
let timer = 0;

export function arrived(id, state) {
  if (state === "succeeded") recount();
  if (document.getElementById("jobs")) return;
  if (state === "succeeded" && pictures && !location.search) return void show(id);
  together += state === "succeeded";
  failed += state === "failed" || state === "blocked";
  clearTimeout(timer);
  timer = setTimeout(tell, WITH_IT_MS);
}

export function moved(change, ids) {
  const isGone = (pictures ? !location.search && OWN : SHOWN)[change];
  if (isGone === undefined) return;
  for (const id of ids) document.getElementById(`image-${id}`)?.toggleAttribute("hidden", isGone);
}

async function show(id) {
  const grid = document.getElementById("pictures");
  if (!grid) return void location.reload();
  const fresh = parsed(await fetched(`/jobs/${id}/tiles/`));
  for (const tile of fresh.querySelectorAll("[id]")) if (document.getElementById(tile.id)) tile.remove();
  const tiles = [...fresh.children];
  grid.prepend(fresh);
  tiles.forEach(enliven);
}

function tell() {
  const parts = [together && counted("ready", together), failed && counted("failed", failed)];
  together = failed = 0;
  const sentence = parts.filter(Boolean).join(" ");
  if (!sentence) return;
  toast(sentence, "made");
  say(sentence);
}

async function recount() {
  const shown = document.querySelectorAll("[data-lane]");
  if (!shown.length) return;
  const fresh = parsed(await fetched("/lanes/"));
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
    return "";
  }
}

// What a running job shows: state, bar, preview.
import { locale, phrase } from "./shell.js";

const DEVELOP_MS = 700;
const pace = new Map();
const wanted = new WeakMap();
const shownAt = new WeakMap();
const still = matchMedia("(prefers-reduced-motion: reduce)");
const part = (card, name) => card.querySelector(`[data-live="${name}"]`);

export function paint(card, shot) {
  card.dataset.state = shot.state;
  const percent = shot.steps ? Math.round((100 * shot.step) / shot.steps) : 0;
  const sentence = sentenceOf(shot);
  part(card, "sentence").textContent = sentence;
  part(card, "percent").textContent = `${percent} %`;
  const progress = part(card, "progress");
  progress.max = shot.steps || 1;
  progress.value = shot.step;
  progress.textContent = sentence;
  part(card, "left").textContent = leftOf(shot);
  if (shot.preview) develop(part(card, "preview"), shot.preview);
}

function sentenceOf({ state, step, steps, position, lane, starts_in_s: wait, sentence }) {
  if (state === "finishing") return phrase("saving");
  if (state === "running") return step ? phrase("step", { step, steps }) : phrase("starting");
  if (sentence) return sentence;
  const line = lane === "relaxed" ? "Relaxed" : "";
  const place = position === 1 ? phrase(`next${line}`) : phrase(`place${line}`, { place: ordinal(position) });
  return wait ? phrase("starts", { place, n: wait }) : place;
}

function ordinal(number) {
  return phrase(`ordinal${new Intl.PluralRules(locale, { type: "ordinal" }).select(number)}`, { n: number });
}

function leftOf({ job_id: id, state, step, steps }) {
  if (state === "queued") pace.delete(id);
  if (state !== "running" || !step) return state === "queued" ? phrase("waiting") : "";
  const now = performance.now();
  if (!pace.has(id) || pace.get(id).step > step) pace.set(id, { at: now, step });
  const first = pace.get(id);
  if (step === first.step) return "";
  const left = ((steps - step) * (now - first.at)) / (step - first.step) / 1000;
  return left < 1 ? phrase("almost") : phrase("left", { n: Math.ceil(left) });
}

async function develop(frame, url) {
  if (wanted.get(frame) === url) return;
  wanted.set(frame, url);
  const picture = new Image();
  picture.src = url;
  picture.alt = phrase("soFar");
  try {
    await picture.decode();
  } catch {
    return;
  }
  if (wanted.get(frame) !== url) return;
  // Fades last no longer than the time between two previews, and what lies below is whole, or all would grow dark.
  const gap = performance.now() - (shownAt.get(frame) ?? 0);
  shownAt.set(frame, performance.now());
  if (!still.matches) frame.style.setProperty("--develop", `${Math.min(DEVELOP_MS, gap)}ms`);
  while (frame.children.length > 1) frame.firstElementChild.remove();
  const earlier = [...frame.children];
  earlier.forEach((old) => old.getAnimations().forEach((fade) => fade.finish()));
  if (earlier.length) picture.className = "arriving";
  frame.append(picture);
  requestAnimationFrame(() => requestAnimationFrame(() => picture.classList.remove("arriving")));
  const clear = () => earlier.forEach((old) => old.remove());
  picture.addEventListener("transitionend", clear, { once: true });
  setTimeout(clear, 1000);
}

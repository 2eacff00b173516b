// What a running job's card shows: its state in words, its bar, its newest preview.
const DEVELOP_MS = 700;
const pace = new Map(); // id → {at, step}: where the first step was seen, for the time that is left
const wanted = new WeakMap(); // preview frame → address of its newest picture
const shownAt = new WeakMap(); // preview frame → when its newest picture began to fade in
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
  if (state === "finishing") return "Saving";
  if (state === "running") return step ? `Step ${step} of ${steps}` : "Starting";
  if (sentence) return sentence; // no worker has the model
  const line = lane === "relaxed" ? "the relaxed lane" : "line";
  const place = position === 1 ? `Next in ${line}` : `${ordinal(position)} in ${line}`;
  return wait ? `${place}, starts in about ${wait} s` : place;
}

function ordinal(number) {
  return `${number}${{ one: "st", two: "nd", few: "rd", other: "th" }[new Intl.PluralRules("en", { type: "ordinal" }).select(number)]}`;
}

function leftOf({ job_id: id, state, step, steps }) {
  if (state === "queued") pace.delete(id);
  if (state !== "running" || !step) return state === "queued" ? "waiting" : "";
  const now = performance.now();
  if (!pace.has(id) || pace.get(id).step > step) pace.set(id, { at: now, step });
  const first = pace.get(id);
  if (step === first.step) return "";
  const left = ((steps - step) * (now - first.at)) / (step - first.step) / 1000;
  return left < 1 ? "almost there" : `about ${Math.ceil(left)} s left`;
}

// The newest preview fades in over the one before. One that comes while it is being decoded takes its place.
async function develop(frame, url) {
  if (wanted.get(frame) === url) return;
  wanted.set(frame, url);
  const picture = new Image();
  picture.src = url;
  picture.alt = "The pictures so far";
  try {
    await picture.decode();
  } catch {
    return; // a broken preview costs nothing: the next one comes in a moment
  }
  if (wanted.get(frame) !== url) return;
  // A quick model sends the next one while this one fades in: fades last no longer than the time between two, and
  // what lies below is always whole, or everything would grow dark.
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

// A toast that the page itself has to say.
const toasts = document.getElementById("toasts");

export function toast(sentence) {
  const shown = document.getElementById("complaint").content.cloneNode(true).firstElementChild;
  shown.classList.remove("bad");
  delete shown.dataset.stays;
  shown.querySelector(".icon")?.remove();
  shown.querySelector("p").textContent = sentence;
  toasts.append(shown);
}

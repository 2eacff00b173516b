// A picture that is dropped on the search box, or pasted into it, is what similar ones are searched by.
const form = document.querySelector("#by-picture form");
const box = document.querySelector(".searchbox");

function search(event, { files }) {
  const picture = [...files].find(({ type }) => type.startsWith("image/"));
  if (!picture) return;
  event.preventDefault();
  event.stopPropagation();
  const one = new DataTransfer();
  one.items.add(picture);
  form.elements.file.files = one.files;
  form.requestSubmit();
}

if (form) {
  for (const name of ["dragover", "dragleave", "drop"]) {
    box.addEventListener(name, (event) => {
      if (name === "dragover") event.preventDefault();
      box.toggleAttribute("data-over", name === "dragover");
    });
  }
  box.addEventListener("drop", (event) => search(event, event.dataTransfer));
  box.addEventListener("paste", (event) => search(event, event.clipboardData));
}

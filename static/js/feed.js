// Follows the link to older pictures before its end of the feed is in sight. Without it the link is a link.
const AHEAD = "0px 0px 1600px";

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      document.getElementById("pictures").setAttribute("aria-busy", "true");
      htmx.trigger(target, "near");
    }
  },
  { rootMargin: AHEAD },
);

function watch() {
  const link = document.querySelector("[data-more]");
  if (link) watcher.observe(link);
}

document.addEventListener("htmx:oobAfterSwap", watch);
document.addEventListener("htmx:afterRequest", () => document.getElementById("pictures")?.removeAttribute("aria-busy"));
watch();

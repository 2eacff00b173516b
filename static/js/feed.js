// The next page is asked for before the end of a feed is in sight; without a script the link is a link.
const feed = document.querySelector("#pictures, #jobs");

const ahead = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      ahead.unobserve(target);
      feed.setAttribute("aria-busy", "true");
      htmx.trigger(target, "near");
    }
  },
  { rootMargin: "0px 0px 2000px" },
);

// Not before htmx knows the link: what it is told earlier is lost.
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  const link = elt.matches?.("body, #more") && document.querySelector("[data-more]");
  if (link) ahead.observe(link);
});
document.addEventListener("htmx:afterRequest", () => feed?.removeAttribute("aria-busy"));

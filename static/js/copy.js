// Copy buttons beside digests: they appear only where copying works.
"use strict";
(() => {
  if (!navigator.clipboard) return;
  const show = (root) => root.querySelectorAll(".copy[hidden]").forEach((button) => { button.hidden = false; });
  show(document);
  document.addEventListener("htmx:after:swap", () => show(document));
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1500);
  });
})();

// Beside a date in its task's time zone, the same in the reader's own.
"use strict";
(() => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const show = (root) => root.querySelectorAll("time.when:not([data-local])").forEach((time) => {
    time.dataset.local = own;
    if (time.textContent.trim().endsWith(` ${own}`)) return;
    const moment = new Date(time.dateTime);
    const told = moment.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const local = document.createElement("span");
    local.className = "quiet small local";
    local.textContent = ` (${told} ${own})`;
    time.after(local);
  });
  show(document);
  document.addEventListener("htmx:after:swap", () => show(document));
})();

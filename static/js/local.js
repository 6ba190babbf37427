// Beside a date in its task's time zone, the same in the reader's own.
"use strict";
(() => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const two = (number) => String(number).padStart(2, "0");
  const iso = (moment) => `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
    + ` ${two(moment.getHours())}:${two(moment.getMinutes())}`;
  const show = (root) => root.querySelectorAll("time.when:not([data-local])").forEach((time) => {
    time.dataset.local = own;
    const moment = new Date(time.dateTime);
    const told = iso(moment);
    if (time.textContent.trim().startsWith(told)) return;
    const local = document.createElement("span");
    local.className = "quiet small local";
    local.textContent = ` (${told} ${own})`;
    time.after(local);
  });
  show(document);
  document.addEventListener("htmx:after:swap", () => show(document));
})();

// Arrow keys from point to point of a picture, which is then one stop of the Tab key. Without it every point is a stop.
"use strict";
document.querySelectorAll(".picture").forEach((picture) => {
  const points = [...picture.querySelectorAll("a.dot")];
  const stop = (at) => points.forEach((point, index) => point.setAttribute("tabindex", index === at ? "0" : "-1"));
  picture.addEventListener("keydown", (event) => {
    const at = points.indexOf(event.target.closest("a.dot"));
    if (at < 0) return;
    const next = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: points.length - 1 }[event.key];
    if (!points[next]) return;
    event.preventDefault();
    stop(next);
    points[next].focus();
  });
  stop(0);
});

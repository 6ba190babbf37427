// Marks that stay from page to page of a gallery, and arrow keys. Without it a page's own marks are listed all the same.
"use strict";
(() => {
  const form = document.getElementById("marks");
  if (!form) return;
  const key = `marks-${form.dataset.dataset}`;
  const boxes = [...form.querySelectorAll("input[name=row]")];
  const told = document.getElementById("marked");
  const unmark = document.getElementById("unmark");
  const listing = document.getElementById("listing");
  const marks = new Set(JSON.parse(sessionStorage.getItem(key) || "[]"));

  const show = () => {
    boxes.forEach((box) => { box.checked = marks.has(box.value); });
    told.hidden = unmark.hidden = listing.disabled = marks.size === 0;
    told.textContent = ` · ${marks.size} ${told.dataset.word}`;
  };
  const keep = () => { sessionStorage.setItem(key, JSON.stringify([...marks])); show(); };

  form.addEventListener("change", (event) => {
    marks[event.target.checked ? "add" : "delete"](event.target.value);
    keep();
  });
  unmark.addEventListener("click", () => { marks.clear(); keep(); });
  form.addEventListener("formdata", (event) => {
    event.formData.delete("row");
    event.formData.set("rows", [...marks].join(","));
  });
  form.addEventListener("keydown", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0) return;
    const target = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: below(at, 1), ArrowUp: below(at, -1), Home: 0, End: boxes.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    boxes[target]?.focus();
  });

  // The nearest box in the next line of pictures, by where it stands on the page.
  const below = (at, step) => {
    const own = boxes[at].closest("li").getBoundingClientRect();
    let best = at;
    let distance = Infinity;
    for (let next = at + step; next >= 0 && next < boxes.length; next += step) {
      const place = boxes[next].closest("li").getBoundingClientRect();
      if (Math.abs(place.top - own.top) < 8) continue;
      const away = Math.abs(place.top - own.top) * 4 + Math.abs(place.left - own.left);
      if (away >= distance && Math.abs(place.top - own.top) > own.height * 2) break;
      if (away < distance) { best = next; distance = away; }
    }
    return best;
  };
  document.getElementById("arrows").hidden = false;
  show();
})();

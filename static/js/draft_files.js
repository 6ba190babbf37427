// The file fields of a draft's step: when the step is saved, what was typed is kept at once, then what is chosen there goes
// over in pieces, one file after the other, and the form follows. Without this file the form works as every form does.
"use strict";
(() => {
  const form = document.getElementById("step");
  const words = document.getElementById("words").dataset;
  const about = document.getElementById("in-pieces");
  const { endpoint, draft, limit } = about.dataset;
  const buttons = [...form.querySelectorAll("button[type=submit]")];
  const { baseline_title: title, baseline_role: role } = form.elements;
  let listed = [];
  let isBusy = false;
  let isPlain = false; // the library cannot be had

  const fieldOf = (zone) => {
    const input = zone.querySelector("input[type=file]");
    const [pause, discard] = ["pause", "discard"].map((name) => zone.querySelector(`[data-does=${name}]`));
    const kept = zone.querySelector(".unfinished");
    const begun = zone.querySelector(".as-begun");
    const named = input.name === "baseline" ? [title, role] : [];
    let [settle, typed] = [null, null];

    // A baseline keeps the name and the role that it was begun with; what was typed comes back with another file.
    const adopt = (known) => {
      if (typed) [title.value, role.value] = typed;
      typed = known && named.length ? [title.value, role.value] : null;
      if (typed) [title.value, role.value] = [known.name, known.role || role.value];
    };
    const shown = () => {
      input.disabled = isBusy;
      for (const each of named) each.disabled = isBusy || (sent.known !== null && !isPlain);
      begun.hidden = sent.known === null || named.length === 0;
      const own = listed.filter((each) => each.field === input.name && (!sent.upload || each.fingerprint !== sent.mark()));
      kept.hidden = own.length === 0;
      kept.textContent = own.map((each) => telling.kept(words.unfinished, each)).join(" ");
    };
    // `settle` hears whether the file is in the draft: until then the form waits.
    const ended = (isIn) => {
      if (isIn) input.value = "";
      settle?.(isIn);
    };
    const sent = sending({
      input, state: zone.querySelector(".upload-state"), pause, discard, words, all: about.querySelector("a"),
      endpoint, place: `${draft} ${input.name}`, limit: Number(limit),
      facts: () => ({ draft, field: input.name, ...(named.length ? { name: title.value, role: role.value } : {}) }),
      look: () => look(), adopt, shown, chosen: () => {}, ended,
      discarded: () => { if (sent.upload) input.value = ""; }, // or the next saving would send it again
      done: () => { sent.end(true); sent.say(words.taken); },
    });

    telling.droppable(zone, input, () => !isBusy);
    const arrive = () => new Promise((resolve) => { settle = resolve; sent.begin(); });
    return { arrive, isTooBig: sent.isTooBig, library: sent.library, dropping: () => sent.dropping, heed: () => sent.heed(listed), show: sent.show, isChosen: () => input.files.length > 0 };
  };

  const fields = [...form.querySelectorAll(".dropzone")].map(fieldOf);

  const look = async () => {
    const all = await resumable.unfinished(endpoint).catch(() => listed);
    listed = all.filter((each) => each.draft === draft);
    for (const each of fields) each.heed();
  };

  const hold = (isHeld) => {
    isBusy = isHeld;
    for (const each of buttons) each.disabled = isHeld;
    for (const each of fields) each.show();
  };

  // Before the files, which may take long. If it does not get through, the form says so when it follows them.
  const keepTyped = () => {
    const typed = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) typed.delete(input.name);
    typed.set("typed", "1");
    return fetch(form.action, { method: "POST", body: typed }).catch(() => null);
  };

  form.addEventListener("submit", async (event) => {
    const chosen = fields.filter((each) => each.isChosen());
    if (!chosen.length || isPlain) return;
    event.preventDefault();
    if (isBusy || chosen.filter((each) => each.isTooBig()).length) return;
    const isKept = keepTyped();
    hold(true);
    await Promise.all([isKept, ...fields.map((each) => each.dropping())]);
    isPlain = !(await chosen[0].library());
    if (isPlain) {
      hold(false);
      setTimeout(() => form.requestSubmit(event.submitter));
      return;
    }
    let areIn = true;
    for (const each of chosen) areIn = (await each.arrive()) && areIn;
    hold(false);
    if (areIn) form.requestSubmit(event.submitter);
  });
  about.hidden = false;
  look();
})();

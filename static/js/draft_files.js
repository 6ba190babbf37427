// The file fields of a draft's step: what is chosen there goes over in pieces when the step is saved, one file after the
// other, and the rest of the form follows when all are in the draft. Without this file the form works as every form does.
"use strict";
(() => {
  if (typeof tus === "undefined") return;
  const form = document.getElementById("step");
  const words = document.getElementById("sending").dataset;
  const { endpoint, draft, limit } = words;
  const buttons = [...form.querySelectorAll("button[type=submit]")];
  const { baseline_title: title, baseline_role: role } = form.elements;
  let listed = [];
  let isBusy = false;

  const fieldOf = (zone) => {
    const input = zone.querySelector("input[type=file]");
    const state = zone.querySelector(".upload-state");
    const [bar, line] = [state.querySelector("progress"), state.querySelector("[role=status]")];
    const [pause, discard] = ["pause", "discard"].map((name) => state.querySelector(`[data-does=${name}]`));
    const kept = zone.querySelector(".unfinished");
    const begun = zone.querySelector(".as-begun");
    const place = `${draft} ${input.name}`;
    const named = input.name === "baseline" ? [title, role] : [];
    let [upload, known, pace, settle, typed] = [null, null, null, null, null];
    let [isSending, hasFailed] = [false, false];

    const say = (text, { bad = false, progress = null } = {}) => {
      state.hidden = false;
      bar.hidden = progress === null && !upload;
      if (progress !== null) bar.value = progress;
      line.textContent = text;
      line.classList.toggle("bad", bad);
    };
    const markOf = () => input.files[0] && resumable.fingerprint(input.files[0], place);
    const show = () => {
      const mark = markOf();
      input.disabled = isBusy;
      pause.hidden = upload === null;
      pause.textContent = isSending ? words.pause : words.resume;
      discard.hidden = !upload && !known;
      for (const each of named) each.disabled = isBusy || known !== null;
      begun.hidden = known === null || named.length === 0;
      const own = listed.filter((each) => each.field === input.name && (!upload || each.fingerprint !== mark));
      kept.hidden = own.length === 0;
      kept.textContent = own.map((each) => telling.kept(words.kept, each)).join(" ");
    };
    // A baseline keeps the name and the role that it was begun with; what was typed comes back with another file.
    const adopt = (found) => {
      if (typed) [title.value, role.value] = typed;
      typed = found && named.length ? [title.value, role.value] : null;
      known = found;
      if (typed) [title.value, role.value] = [known.name, known.role || role.value];
    };
    const heed = () => {
      const found = listed.find((each) => each.fingerprint === markOf()) ?? null;
      if (found || !upload) adopt(found);
      show();
    };
    // In the end `settle` hears whether the file is in the draft: until then the form waits.
    const end = (isIn) => {
      upload = null;
      isSending = false;
      if (isIn) input.value = "";
      show();
      settle?.(isIn);
      look();
    };
    const failed = (text, status) => {
      hasFailed = true;
      isSending = false;
      if (!telling.mayGoOn(status)) end(false);
      show();
      say(text || telling.fault(words, status), { bad: true });
    };
    const send = () => {
      [hasFailed, isSending, pace] = [false, true, telling.pace(words)];
      show();
      say(words.begins);
      resumable.start(upload, () => isSending);
    };
    const begin = () => {
      const told = { draft, field: input.name, ...(named.length ? { name: title.value, role: role.value } : {}) };
      const heard = {
        failed,
        moved: (sent, total) => say(...pace(sent, total)),
        waits: () => say(words.waits),
        unreadable: () => { end(false); say(words.unreadable, { bad: true }); },
        done: () => { end(true); say(words.taken); },
      };
      upload = resumable.uploadOf(input.files[0], endpoint, place, told, heard);
      bar.value = 0;
      send();
      return new Promise((resolve) => { settle = resolve; });
    };
    const isTooBig = () => {
      const chosen = input.files[0];
      if (!chosen || chosen.size <= Number(limit)) return false;
      const [size, most] = [chosen.size, Number(limit)].map(telling.mebibytes);
      say(`${words.tooBig} ${size}, ${words.limitWord} ${most}.`, { bad: true });
      return true;
    };
    const drop = async () => {
      if (upload) await upload.abort();
      if (!upload?.url) await look(); // its beginning may have arrived, though no answer came
      const url = upload?.url ?? known?.url;
      const status = url ? await resumable.discard(url) : 204;
      if (status === 409) return window.location.assign(url); // by then in the draft: on to it
      if (![204, 404, 410].includes(status)) return say(words.undiscarded, { bad: true });
      if (upload) input.value = ""; // or the next saving would send it again
      end(false);
      return say(words.discarded);
    };

    input.addEventListener("change", async () => {
      state.hidden = true;
      if (isTooBig()) return;
      await look();
      if (known && !upload) say(telling.filled(words.known, { PERCENT: telling.percentOf(known.offset, known.length) }));
    });
    pause.addEventListener("click", async () => {
      if (!isSending) return send();
      await upload.abort();
      isSending = false;
      say(words.paused);
      return look();
    });
    discard.addEventListener("click", async () => {
      [hasFailed, isSending] = [false, false];
      show();
      say(words.discarding);
      pause.disabled = discard.disabled = true;
      await drop();
      pause.disabled = discard.disabled = false;
    });
    window.addEventListener("online", () => { if (upload && hasFailed) send(); });
    telling.droppable(zone, input, () => !isBusy);
    return { begin, isTooBig, heed, show, isChosen: () => input.files.length > 0 };
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

  form.addEventListener("submit", async (event) => {
    const chosen = fields.filter((each) => each.isChosen());
    if (!chosen.length) return;
    event.preventDefault();
    if (isBusy || chosen.filter((each) => each.isTooBig()).length) return;
    hold(true);
    let areIn = true;
    for (const each of chosen) areIn = (await each.begin()) && areIn;
    hold(false);
    if (areIn) form.requestSubmit(event.submitter);
  });
  document.getElementById("in-pieces").hidden = false;
  look();
})();

// The upload form: a limit checked before anything is sent, drag and drop, progress, pause and resume.
// Without this file the form works as every form does.
"use strict";
(() => {
  const form = document.getElementById("upload");
  const zone = document.getElementById("dropzone");
  const state = document.getElementById("upload-state");
  const bar = state.querySelector("progress");
  const line = state.querySelector("p");
  const submit = form.querySelector("button[type=submit]");
  const [pause, discard] = ["pause", "discard"].map((id) => document.getElementById(id));
  const kept = document.getElementById("unfinished");
  const { file, name, enters } = form.elements;
  const { endpoint, task } = form.dataset;
  const words = state.dataset;
  let upload = null;
  let isSending = false;
  let marks = [];

  const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const clock = (seconds) => (seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`);
  const percentOf = (part, whole) => Math.floor((100 * part) / whole);
  const filled = (sentence, values) => sentence.replace(/[A-Z]{3,}/g, (word) => values[word] ?? word);

  const say = (text, { bad = false, progress = null } = {}) => {
    state.hidden = false;
    bar.hidden = progress === null && !upload;
    if (progress !== null) bar.value = progress;
    line.textContent = text;
    line.classList.toggle("bad", bad);
  };

  const show = (sending) => {
    isSending = sending;
    submit.hidden = upload !== null;
    pause.hidden = discard.hidden = upload === null;
    pause.textContent = sending ? words.pause : words.resume;
    file.disabled = upload !== null;
  };

  const isTooBig = () => {
    const chosen = file.files[0];
    const limit = Number(file.dataset.limit);
    if (!chosen || chosen.size <= limit) return false;
    say(`${words.tooBig} ${mebibytes(chosen.size)}, ${words.limit} ${mebibytes(limit)}.`, { bad: true });
    return true;
  };

  const forget = () => { upload = null; show(false); };

  // What is the file's own fault ends the upload; what may pass leaves it paused.
  const failed = (text, status) => {
    const mayGoOn = status === 0 || status === 401 || status >= 500;
    const fault = status === 0 ? words.lost : `${status >= 500 ? words.fault : words.refused} ${status}.`;
    if (!mayGoOn) upload = null;
    show(false);
    say(text || fault, { bad: true });
  };

  const unreadable = () => { forget(); say(words.unreadable, { bad: true }); };

  const moved = (sent, total) => {
    const now = performance.now();
    marks = [...marks.filter(([at]) => now - at < 10000), [now, sent]];
    const [begin, before] = marks[0];
    if (sent === total) return say(words.checking, { progress: 100 });
    const speed = Math.max(sent - before, 0) / Math.max((now - begin) / 1000, 0.1);
    const left = speed ? `, ${clock((total - sent) / speed)} ${words.left}` : "";
    const percent = percentOf(sent, total);
    return say(`${words.sending} ${percent} %, ${mebibytes(speed)}/s${left}`, { progress: percent });
  };

  const send = () => {
    marks = [];
    show(true);
    say(words.begins);
    resumable.start(upload);
  };

  const begin = () => {
    const told = { task, name: name.value, enters: enters.checked ? "1" : "0" };
    const heard = { moved, failed, unreadable, waits: () => say(words.waits), done: (url) => window.location.assign(url) };
    upload = resumable.uploadOf(file.files[0], endpoint, told, heard);
    send();
  };

  const tell = (each) => {
    const item = document.createElement("li");
    const values = {
      FILE: each.filename, PERCENT: percentOf(each.offset, each.length), SIZE: mebibytes(each.length),
      DATE: new Date(each.expires).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }),
    };
    item.textContent = filled(kept.dataset.sentence, values);
    return item;
  };

  const listed = resumable.unfinished(endpoint).catch(() => []).then((all) => all.filter((each) => each.task === task));
  listed.then((all) => {
    kept.hidden = all.length === 0;
    kept.querySelector("ul").replaceChildren(...all.map(tell));
  });

  const recognise = async () => {
    const mark = file.files[0] && resumable.fingerprint(file.files[0], task);
    const known = (await listed).find((each) => each.fingerprint === mark);
    if (!known || upload) return;
    name.value = known.name;
    enters.checked = known.enters;
    say(filled(words.known, { PERCENT: percentOf(known.offset, known.length) }));
  };

  file.addEventListener("change", () => {
    state.hidden = true;
    if (!isTooBig()) recognise();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!upload && !isTooBig()) begin();
  });
  pause.addEventListener("click", async () => {
    if (!isSending) return send();
    await upload.abort();
    show(false);
    return say(words.paused);
  });
  discard.addEventListener("click", async () => {
    const stopped = upload;
    forget();
    say(words.discarded);
    await stopped.abort(true).catch(() => say(words.kept, { bad: true }));
  });
  window.addEventListener("online", () => { if (upload && !isSending && line.classList.contains("bad")) send(); });
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (upload) return;
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change"));
  });
})();

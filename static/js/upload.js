// The upload form: a limit checked before anything is sent, drag and drop, progress, pause and resume.
// Without this file, or without tus-js-client, the form works as every form does.
"use strict";
(() => {
  if (typeof tus === "undefined") return;
  const form = document.getElementById("upload");
  const zone = document.getElementById("dropzone");
  const state = document.getElementById("upload-state");
  const bar = state.querySelector("progress");
  const line = state.querySelector("p");
  const submit = form.querySelector("button[type=submit]");
  const [pause, discard] = ["pause", "discard"].map((id) => document.getElementById(id));
  const kept = document.getElementById("unfinished");
  const begun = document.getElementById("as-begun");
  const { file, name, enters } = form.elements;
  const { endpoint, task } = form.dataset;
  const words = state.dataset;
  let upload = null;
  let isSending = false;
  let hasFailed = false;
  let marks = [];
  let listed = [];
  let known = null; // what the site holds of the chosen file
  let suggested = ""; // the name that was taken from the chosen file
  let typed = null; // what the form said before it showed the name that this was begun with

  const lang = document.documentElement.lang;
  const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const mebibytes = (bytes) => `${(bytes / 2 ** 20).toLocaleString(lang, oneDigit)} MiB`;
  const clock = (seconds) => (seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`);
  const percentOf = (part, whole) => Math.floor((100 * part) / whole);
  const filled = (sentence, values) => sentence.replace(/[A-Z]{3,}/g, (word) => values[word] ?? word);

  const say = (text, { bad = false, progress = null, isLinked = false } = {}) => {
    state.hidden = false;
    bar.hidden = progress === null && !upload;
    if (progress !== null) bar.value = progress;
    line.textContent = text;
    if (isLinked) line.append(" ", kept.querySelector("a").cloneNode(true));
    line.classList.toggle("bad", bad);
  };

  const markOf = () => file.files[0] && resumable.fingerprint(file.files[0], task);

  const tell = (each) => {
    const item = document.createElement("li");
    const values = {
      FILE: each.filename, PERCENT: percentOf(each.offset, each.length), SIZE: mebibytes(each.length),
      DATE: new Date(each.expires).toLocaleString("sv", { dateStyle: "short", timeStyle: "short" }),
    };
    item.textContent = filled(kept.dataset.sentence, values);
    return item;
  };

  const show = (sending) => {
    isSending = sending;
    submit.hidden = file.disabled = upload !== null;
    pause.hidden = upload === null;
    pause.textContent = sending ? words.pause : words.resume;
    discard.hidden = begun.hidden = !upload && !known;
    name.disabled = enters.disabled = !begun.hidden;
    const others = listed.filter((each) => !sending || each.fingerprint !== markOf());
    kept.hidden = others.length === 0;
    kept.querySelector("ul").replaceChildren(...others.map(tell));
  };

  // An upload keeps the name and the entering that it was begun with; what was typed comes back with another file.
  const adopt = (found) => {
    if (typed) [name.value, enters.checked] = typed;
    typed = found ? [name.value, enters.checked] : null;
    known = found;
    if (known) [name.value, enters.checked] = [known.name, known.enters];
  };

  const look = async () => {
    const all = await resumable.unfinished(endpoint).catch(() => listed);
    listed = all.filter((each) => each.task === task);
    const found = listed.find((each) => each.fingerprint === markOf()) ?? null;
    if (found || !upload) adopt(found);
    show(isSending);
  };

  const isTooBig = () => {
    const chosen = file.files[0];
    const limit = Number(file.dataset.limit);
    if (!chosen || chosen.size <= limit) return false;
    say(`${words.tooBig} ${mebibytes(chosen.size)}, ${words.limit} ${mebibytes(limit)}.`, { bad: true });
    return true;
  };

  const forget = () => { upload = null; show(false); return look(); };

  // What is the file's own fault ends the upload; what may pass leaves it paused.
  const failed = (text, status) => {
    const mayGoOn = status === 0 || status === 401 || status >= 500;
    const fault = status === 0 ? words.lost : `${status >= 500 ? words.fault : words.refused} ${status}.`;
    hasFailed = true;
    if (!mayGoOn) upload = null;
    show(false);
    say(text || fault, { bad: true, isLinked: status === 429 });
    look();
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
    hasFailed = false;
    marks = [];
    show(true);
    say(words.begins);
    resumable.start(upload, () => isSending);
  };

  const begin = () => {
    bar.value = 0;
    const told = { task, name: name.value, enters: enters.checked ? "1" : "0" };
    const heard = { moved, failed, unreadable, waits: () => say(words.waits), done: (url) => window.location.assign(url) };
    upload = resumable.uploadOf(file.files[0], endpoint, told, heard);
    send();
  };

  // Who has typed no name has the file's, which may be typed over.
  const suggest = () => {
    if (known || upload || !file.files[0] || ![suggested, ""].includes(name.value.trim())) return;
    name.value = suggested = file.files[0].name.replace(/\.zip$/i, "").trim().slice(0, name.maxLength);
  };

  const recognise = async () => {
    await look();
    suggest();
    if (known && !upload) say(filled(words.known, { PERCENT: percentOf(known.offset, known.length) }));
  };

  // Asked again just before: what is shown then and was not before, the person must see before it is gone on with.
  const isAsShown = async () => {
    const before = known;
    await look();
    return !known || known.url === before?.url || (known.name === typed[0] && known.enters === typed[1]);
  };

  const drop = async () => {
    if (upload) await upload.abort();
    if (!upload?.url) await look(); // its beginning may have arrived, though no answer came
    const url = upload?.url ?? known?.url;
    const status = url ? await resumable.discard(url) : 204;
    if (status === 409) return window.location.assign(url); // by then a dataset: on to its page
    if (![204, 404, 410].includes(status)) return say(words.kept, { bad: true, isLinked: true });
    await forget();
    return say(words.discarded);
  };

  file.addEventListener("change", () => {
    state.hidden = true;
    if (!isTooBig()) recognise();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (upload || submit.disabled || isTooBig()) return;
    submit.disabled = true;
    if (await isAsShown()) begin();
    else recognise();
    submit.disabled = false;
  });
  pause.addEventListener("click", async () => {
    if (!isSending) return send();
    await upload.abort();
    show(false);
    say(words.paused);
    return look();
  });
  discard.addEventListener("click", async () => {
    hasFailed = false;
    show(false);
    say(words.discarding);
    pause.disabled = discard.disabled = submit.disabled = true;
    await drop();
    pause.disabled = discard.disabled = submit.disabled = false;
  });
  window.addEventListener("online", () => { if (upload && hasFailed) send(); });
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
  look();
})();

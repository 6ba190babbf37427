// The upload form: a limit checked before anything is sent, drag and drop, progress with speed and time left.
// Without this file the form works as every form does.
"use strict";
(() => {
  const form = document.getElementById("upload");
  const zone = document.getElementById("dropzone");
  const state = document.getElementById("upload-state");
  const bar = state.querySelector("progress");
  const line = state.querySelector("p");
  const button = form.querySelector("button[type=submit]");
  const file = form.elements.file;

  const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const clock = (seconds) => (seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`);

  const say = (text, { bad = false, progress = null } = {}) => {
    state.hidden = false;
    bar.hidden = progress === null;
    bar.value = progress ?? 0;
    line.textContent = text;
    line.classList.toggle("bad", bad);
  };

  const isTooBig = () => {
    const chosen = file.files[0];
    const limit = Number(file.dataset.limit);
    if (!chosen || chosen.size <= limit) return false;
    say(`${state.dataset.tooBig} ${mebibytes(chosen.size)}, ${state.dataset.limit} ${mebibytes(limit)}.`, { bad: true });
    return true;
  };

  const failed = (text) => {
    button.disabled = false;
    say(text, { bad: true });
  };

  const isPlain = (request) => request.getResponseHeader("content-type")?.startsWith("text/plain");

  const refused = (request) => {
    // The form came back with what is wrong in it, or a sentence, or something that a proxy wrote.
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.getElementById("main");
    if (!main) return failed(isPlain(request) ? request.responseText.trim() : `${state.dataset.refused} ${request.status}.`);
    document.getElementById("main").replaceWith(main);
    return document.querySelector(".errorlist")?.scrollIntoView();
  };

  const done = (request) => {
    if (request.status >= 500) return failed(`${state.dataset.fault} ${request.status}.`);
    if (request.status >= 400) return refused(request);
    return window.location.assign(request.responseURL);
  };

  const send = () => {
    const request = new XMLHttpRequest();
    const begin = performance.now();
    request.upload.addEventListener("progress", (event) => {
      const seconds = (performance.now() - begin) / 1000;
      const speed = event.loaded / Math.max(seconds, 0.1);
      const percent = Math.floor((100 * event.loaded) / event.total);
      const left = clock((event.total - event.loaded) / Math.max(speed, 1));
      say(`${state.dataset.sending} ${percent} %, ${mebibytes(speed)}/s, ${left} ${state.dataset.left}`, { progress: percent });
    });
    request.upload.addEventListener("load", () => say(state.dataset.checking, { progress: 100 }));
    request.addEventListener("load", () => done(request));
    request.addEventListener("error", () => failed(state.dataset.lost));
    request.open("POST", form.action);
    request.send(new FormData(form));
    button.disabled = true;
  };

  file.addEventListener("change", () => { state.hidden = true; isTooBig(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isTooBig()) send();
  });
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change"));
  });
})();

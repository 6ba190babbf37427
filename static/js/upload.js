// The upload form: the chosen file goes over in pieces, under the name and with the entering that it was begun with.
// Without this file, or without tus-js-client, the form works as every form does.
"use strict";
(() => {
  const form = document.getElementById("upload");
  const submit = form.querySelector("button[type=submit]");
  const [pause, discard] = ["pause", "discard"].map((id) => document.getElementById(id));
  const kept = document.getElementById("unfinished");
  const begun = document.getElementById("as-begun");
  const words = document.getElementById("words").dataset;
  const { file, name, enters } = form.elements;
  const { endpoint, task } = form.dataset;
  let listed = [];
  let isPlain = false; // the library cannot be had
  let suggested = ""; // the name that was taken from the chosen file
  let typed = null; // what the form said before it showed the name that this was begun with

  const tell = (each) => {
    const item = document.createElement("li");
    item.textContent = telling.kept(words.unfinished, each);
    return item;
  };

  // An upload keeps the name and the entering that it was begun with; what was typed comes back with another file.
  const adopt = (known) => {
    if (typed) [name.value, enters.checked] = typed;
    typed = known ? [name.value, enters.checked] : null;
    if (known) [name.value, enters.checked] = [known.name, known.enters];
  };

  const shown = () => {
    submit.hidden = file.disabled = sent.upload !== null;
    begun.hidden = discard.hidden;
    name.disabled = enters.disabled = !begun.hidden;
    const others = listed.filter((each) => !sent.isSending || each.fingerprint !== sent.mark());
    kept.hidden = others.length === 0;
    kept.querySelector("ul").replaceChildren(...others.map(tell));
  };

  // Who has typed no name has the file's, which may be typed over.
  const suggest = () => {
    if (sent.known || sent.upload || !file.files[0] || ![suggested, ""].includes(name.value.trim())) return;
    name.value = suggested = file.files[0].name.replace(/\.zip$/i, "").trim().slice(0, name.maxLength);
  };

  const look = async () => {
    const all = await resumable.unfinished(endpoint).catch(() => listed);
    listed = all.filter((each) => each.task === task);
    sent.heed(listed);
  };

  const sent = sending({
    input: file, state: document.getElementById("upload-state"), pause, discard, words, all: kept.querySelector("a"),
    endpoint, place: task, limit: Number(file.dataset.limit),
    facts: () => ({ task, name: name.value, enters: enters.checked ? "1" : "0" }),
    look, adopt, shown, chosen: suggest, ended: () => {}, discarded: () => {}, done: (url) => window.location.assign(url),
  });

  // Asked again just before: what is shown then and was not before, the person must see before it is gone on with.
  const isAsShown = async () => {
    const before = sent.known;
    await look();
    const { known } = sent;
    return !known || known.url === before?.url || (known.name === typed[0] && known.enters === typed[1]);
  };

  const sendAsFormsDo = () => {
    isPlain = true;
    submit.disabled = name.disabled = enters.disabled = false;
    setTimeout(() => form.requestSubmit(submit)); // while this sending is still being heard a form takes no other
  };

  form.addEventListener("submit", async (event) => {
    if (isPlain) return;
    event.preventDefault();
    if (sent.upload || submit.disabled || sent.isTooBig()) return;
    submit.disabled = true;
    await sent.dropping;
    if (!(await sent.library())) return sendAsFormsDo();
    if (await isAsShown()) sent.begin();
    else sent.recognise();
    submit.disabled = false;
  });
  telling.droppable(document.getElementById("dropzone"), file, () => !sent.upload);
  look();
})();

// How an upload is told to its sender: sizes, times, speed, faults; and where a file may be dropped.
"use strict";
const telling = (() => {
  const lang = document.documentElement.lang;
  const oneDigit = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const mebibytes = (bytes) => `${(bytes / 2 ** 20).toLocaleString(lang, oneDigit)} MiB`;
  const clock = (seconds) => (seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`);
  const percentOf = (part, whole) => Math.floor((100 * part) / whole);
  const filled = (sentence, values) => sentence.replace(/[A-Z]{3,}/g, (word) => values[word] ?? word);

  // What the list of the unfinished says of one of them, in a sentence of the page's own.
  const kept = (sentence, each) => filled(sentence, {
    FILE: each.filename, PERCENT: percentOf(each.offset, each.length), SIZE: mebibytes(each.length),
    DATE: new Date(each.expires).toLocaleString("sv", { dateStyle: "short", timeStyle: "short" }),
  });

  // A function of how much is sent, which says so with the speed of the last ten seconds: a sentence, and the progress.
  const pace = (words) => {
    let marks = [];
    return (sent, total) => {
      const now = performance.now();
      marks = [...marks.filter(([at]) => now - at < 10000), [now, sent]];
      const [begin, before] = marks[0];
      if (sent === total) return [words.checking, { progress: 100 }];
      const speed = Math.max(sent - before, 0) / Math.max((now - begin) / 1000, 0.1);
      const left = speed ? `, ${clock((total - sent) / speed)} ${words.left}` : "";
      const percent = percentOf(sent, total);
      return [`${words.sending} ${percent} %, ${mebibytes(speed)}/s${left}`, { progress: percent }];
    };
  };

  // What is the file's own fault ends the upload; what may pass leaves it paused.
  const mayGoOn = (status) => status === 0 || status === 401 || status >= 500;
  const fault = (words, status) => (status === 0 ? words.lost : `${status >= 500 ? words.fault : words.refused} ${status}.`);

  const droppable = (zone, input, isFree) => {
    for (const kind of ["dragenter", "dragover"]) {
      zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
    }
    for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!isFree()) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change"));
    });
  };

  return { mebibytes, percentOf, filled, kept, pace, mayGoOn, fault, droppable };
})();

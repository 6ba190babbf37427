// One file of a page on its way: its progress is told, it can be paused, gone on with and discarded. The page says whose
// it is: `endpoint`, `place`, `limit`; `facts()` for the site; `look()` asks the site anew and then calls `heed(listed)`.
// And what it does itself: `adopt(known)`, `shown()`, `chosen()`, `ended(isIn)`, `discarded()`, `done(url)`.
"use strict";
const sending = ({ input, state, pause, discard, words, all, endpoint, place, limit, facts, look, ...page }) => {
  const [bar, line] = [state.querySelector("progress"), state.querySelector("[role=status]")];
  const self = { upload: null, known: null, isSending: false, dropping: Promise.resolve() };
  let [hasFailed, pace] = [false, null];

  // `isLinked`: with the way to all that is unfinished.
  const say = (text, { bad = false, progress = null, isLinked = false } = {}) => {
    state.hidden = false;
    bar.hidden = progress === null && !self.upload;
    if (progress !== null) bar.value = progress;
    line.textContent = text;
    if (isLinked) line.append(" ", all.cloneNode(true));
    line.classList.toggle("bad", bad);
  };

  const mark = () => input.files[0] && resumable.fingerprint(input.files[0], place);

  const show = () => {
    pause.hidden = self.upload === null;
    pause.textContent = self.isSending ? words.pause : words.resume;
    discard.hidden = !self.upload && !self.known;
    page.shown();
  };

  // `known`: what the site holds of the chosen file.
  const heed = (listed) => {
    const found = listed.find((each) => each.fingerprint === mark()) ?? null;
    if (found || !self.upload) {
      self.known = found;
      page.adopt(found);
    }
    show();
  };

  // `isIn`: it has arrived whole.
  const end = (isIn) => {
    self.upload = null;
    self.isSending = false;
    page.ended(isIn);
    show();
    return look();
  };

  // What is the file's own fault ends the upload; what may pass leaves it paused.
  const failed = (text, status) => {
    hasFailed = true;
    self.isSending = false;
    if (telling.mayGoOn(status)) look();
    else end(false);
    show();
    say(text || telling.fault(words, status), { bad: true, isLinked: status === 429 });
  };

  const send = () => {
    [hasFailed, self.isSending, pace] = [false, true, telling.pace(words)];
    show();
    say(words.begins);
    resumable.start(self.upload, () => self.isSending);
  };

  // Told while it lasts: this comes before the first byte, and the line may be down.
  const library = () => {
    say(words.begins);
    return resumable.library(() => say(words.waits));
  };

  const begin = () => {
    bar.value = 0;
    const heard = {
      failed,
      moved: (sent, total) => say(...pace(sent, total)),
      waits: () => say(words.waits),
      unreadable: () => { end(false); say(words.unreadable, { bad: true }); },
      done: page.done,
    };
    self.upload = resumable.uploadOf(input.files[0], endpoint, place, facts(), heard);
    send();
  };

  const isTooBig = () => {
    const chosen = input.files[0];
    if (!chosen || chosen.size <= limit) return false;
    say(`${words.tooBig} ${telling.mebibytes(chosen.size)}, ${words.limit} ${telling.mebibytes(limit)}.`, { bad: true });
    return true;
  };

  const recognise = async () => {
    await look();
    page.chosen();
    const { known, upload } = self;
    if (known && !upload) say(telling.filled(words.known, { PERCENT: telling.percentOf(known.offset, known.length) }));
  };

  const drop = async () => {
    if (self.upload) await self.upload.abort();
    if (!self.upload?.url) await look(); // its beginning may have arrived, though no answer came
    const url = self.upload?.url ?? self.known?.url;
    const status = url ? await resumable.discard(url) : 204;
    if (status === 409) { // by then it has become what it is for: on to that, and nothing else is done here
      window.location.assign(url);
      return new Promise(() => {});
    }
    if (![204, 404, 410].includes(status)) return say(words.kept, { bad: true, isLinked: true });
    page.discarded();
    await end(false);
    return say(words.discarded);
  };

  input.addEventListener("change", () => {
    state.hidden = true;
    resumable.prepare();
    if (!isTooBig()) recognise();
  });
  pause.addEventListener("click", async () => {
    if (!self.isSending) return send();
    await self.upload.abort();
    self.isSending = false;
    show();
    say(words.paused);
    return look();
  });
  discard.addEventListener("click", async () => {
    [hasFailed, self.isSending] = [false, false];
    show();
    say(words.discarding);
    pause.disabled = discard.disabled = true;
    self.dropping = drop();
    await self.dropping;
    pause.disabled = discard.disabled = false;
  });
  window.addEventListener("online", () => { if (self.upload && hasFailed) send(); });
  return Object.assign(self, { begin, end, library, heed, isTooBig, mark, recognise, say, show });
};

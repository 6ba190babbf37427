// Follows what runs: by a stream of events, and by asking every second as long as there is none.
"use strict";
(() => {
  const ASK_SECONDS = 1; // without a stream
  const CHECK_SECONDS = 30; // with one: for what no event tells, and for a proxy that keeps events back
  const PATIENCE_SECONDS = 3; // for a stream to open, or to come back
  const AGAIN_SECONDS = 30; // after a refusal

  const poller = () => document.getElementById("poller");
  if (!poller()?.dataset.events) return;

  const live = document.getElementById("live");
  const said = document.getElementById("said");
  let stream = null;
  let since = 0; // when the stream was last there, or asked for
  let asked = 0;
  let state = live.querySelector("[data-state]")?.dataset.state;

  const seconds = () => performance.now() / 1000;
  const isOpen = () => stream?.readyState === EventSource.OPEN;

  const ask = () => {
    asked = seconds();
    poller()?.dispatchEvent(new CustomEvent("refresh"));
  };

  const close = () => {
    stream?.close();
    stream = null;
  };

  const open = () => {
    close();
    since = seconds();
    const { events, seen } = poller().dataset;
    stream = new EventSource(`${events}?after=${encodeURIComponent(seen)}`);
    stream.addEventListener("changed", (event) => {
      if (event.lastEventId !== poller()?.dataset.seen) ask();
    });
    stream.addEventListener("end", close);
  };

  const step = () => {
    if (!poller()) {
      close();
      clearInterval(clock);
      document.removeEventListener("visibilitychange", seen);
      return;
    }
    if (document.hidden) return;
    const now = seconds();
    if (isOpen()) since = now;
    else if ((!stream || stream.readyState === EventSource.CLOSED) && now - since > AGAIN_SECONDS) open();
    const isRefused = !stream || stream.readyState === EventSource.CLOSED;
    const isLate = isRefused || now - since > PATIENCE_SECONDS;
    if (now - asked >= (isLate ? ASK_SECONDS : CHECK_SECONDS)) ask();
  };

  // A page that nobody looks at holds no stream: a browser has few connections to a site.
  const seen = () => {
    if (document.hidden) close();
    else if (poller()) {
      open();
      ask();
    }
  };

  // Only what matters is said aloud: another state, not every epoch.
  new MutationObserver(() => {
    const now = live.querySelector("[data-state]")?.dataset.state;
    if (now && now !== state && said) said.textContent = now;
    state = now;
  }).observe(live, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"] });

  document.addEventListener("visibilitychange", seen);
  const clock = setInterval(step, 250);
  asked = seconds();
  open();
})();

// One file on its way by tus-js-client: in pieces with a sha256 each, gone on with from wherever it stopped.
// Which uploads are unfinished is remembered by the site, not by this browser: any tab and any device can go on.
"use strict";
const resumable = (() => {
  const PIECE = 8 * 2 ** 20;
  const DELAYS = [0, 1, 2, 4, 8, 15, ...Array(20).fill(30)].map((seconds) => seconds * 1000);
  const PASSING = new Set([0, 408, 409, 423, 460]);

  const STALLED = 30_000;

  // More than all the rest of a page weighs: fetched when a file was chosen. "here", "none" where the site does not have
  // it or this browser cannot read it, "away" where the line is down or the site is busy.
  const { tus: address } = document.currentScript.dataset;
  const isHere = () => typeof tus !== "undefined";
  const fetched = () => new Promise((resolve) => {
    const script = document.createElement("script");
    script.onload = () => resolve(isHere() ? "here" : "none");
    script.onerror = () => fetch(address, { method: "HEAD" })
      .then(({ ok, status }) => resolve(ok || status >= 500 ? "away" : "none"), () => resolve("away"));
    setTimeout(() => resolve("away"), STALLED);
    script.src = address;
    document.head.append(script);
  });

  let fetching = null;
  const prepare = async () => {
    if (isHere()) return "here";
    fetching ??= fetched();
    const found = await fetching;
    if (found === "away") fetching = null;
    return found;
  };

  // Tried until the site answers; `waits` is called while it does not. False where there is none.
  const library = async (waits) => {
    for (let tries = 1; ; tries += 1) {
      const found = await prepare();
      if (found !== "away") return found === "here";
      waits();
      await new Promise((resolve) => setTimeout(resolve, DELAYS[Math.min(tries, 5)]));
    }
  };

  const statusOf = (error) => error.originalResponse?.getStatus() ?? 0;
  // The browser's own: the file was moved or changed since it was chosen.
  const isUnreadable = (error) => error.causingError instanceof DOMException;
  // A full disk is not passing: somebody must make room.
  const isPassing = (error) => !isUnreadable(error) && (PASSING.has(statusOf(error)) || (statusOf(error) >= 500 && statusOf(error) !== 507));

  const sha256 = async (piece) => {
    const digest = await crypto.subtle.digest("SHA-256", await piece.arrayBuffer());
    return btoa(String.fromCharCode(...new Uint8Array(digest)));
  };

  const checked = (request) => {
    const [send, abort] = [request.send.bind(request), request.abort.bind(request)];
    let isAborted = false;
    request.abort = () => { isAborted = true; return abort(); };
    request.send = async (piece) => {
      request.setHeader("Upload-Checksum", `sha256 ${await sha256(piece)}`);
      return isAborted ? new Promise(() => {}) : send(piece);
    };
    return request;
  };

  // Browsers compute digests on https and on this computer only; elsewhere the pieces go without.
  const stack = {
    getName: () => "checked pieces",
    createRequest: (method, url) => {
      const request = tus.defaultOptions.httpStack.createRequest(method, url);
      return method === "PATCH" && globalThis.crypto?.subtle ? checked(request) : request;
    },
  };

  const unfinished = async (endpoint) => {
    const answer = await fetch(endpoint, { headers: { accept: "application/json" }, redirect: "manual" });
    return answer.ok ? (await answer.json()).uploads : [];
  };

  const fingerprint = (file, place) => [place, file.name, file.size, file.lastModified].join(" ").slice(-255);

  const memory = (endpoint) => ({
    findAllUploads: () => unfinished(endpoint),
    findUploadsByFingerprint: async (wanted) => (await unfinished(endpoint))
      .filter((each) => each.fingerprint === wanted)
      .map((each) => ({ uploadUrl: each.url, urlStorageKey: each.url })),
    removeUpload: async () => {},
    addUpload: async () => "",
  });

  // `place`: what the file is for, as fingerprints have it. `told`: what the site is told of it. `heard`: moved(sent, total), waits(), done(url), failed(text, status), unreadable().
  const uploadOf = (file, endpoint, place, told, heard) => {
    const mark = fingerprint(file, place);
    const upload = new tus.Upload(file, {
      endpoint,
      chunkSize: PIECE,
      retryDelays: DELAYS,
      httpStack: stack,
      urlStorage: memory(endpoint),
      fingerprint: async () => mark,
      metadata: { ...told, filename: file.name, fingerprint: mark },
      onProgress: heard.moved,
      onShouldRetry: (error) => {
        if (isPassing(error)) heard.waits();
        return isPassing(error);
      },
      onSuccess: () => heard.done(upload.url),
      onError: (error) => {
        if (isUnreadable(error)) return heard.unreadable();
        const answer = error.originalResponse;
        const isOurs = answer?.getHeader("content-type")?.startsWith("text/plain");
        return heard.failed(isOurs ? answer.getBody().trim() : "", statusOf(error));
      },
    });
    return upload;
  };

  // `isWanted`: it may have been paused or discarded while the site was asked.
  const start = async (upload, isWanted) => {
    const [previous] = await upload.findPreviousUploads().catch(() => []);
    if (previous) upload.resumeFromPreviousUpload(previous);
    if (isWanted()) upload.start();
  };

  // The status of the answer, 0 without one. A request that was just broken off may hold the file for some seconds more.
  const discard = async (url) => {
    for (const seconds of [0.5, 1, 2, 4]) {
      const status = await deleted(url);
      if (status !== 423) return status;
      await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    }
    return deleted(url);
  };

  const deleted = async (url) => {
    const answer = await fetch(url, { method: "DELETE", headers: { "tus-resumable": "1.0.0" } }).catch(() => null);
    return answer?.status ?? 0;
  };

  return { prepare, library, unfinished, fingerprint, uploadOf, start, discard };
})();

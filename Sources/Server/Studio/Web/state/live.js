// The server's events: one stream for each tab, with the progress of all of the account's jobs. A tab that nobody looks
// at lets go of its stream, since a browser has few connections to one server.

import { Cell } from "../base/cell.js";
import { askAgain, loadSession } from "./session.js";

/// Whether the server is reached: what the banner shows.
export const online = new Cell(navigator.onLine);

const types = ["snapshot", "job", "preview", "picture"];
const listeners = Object.fromEntries(types.map((type) => [type, []]));
let source = null;
let retry = null;
let delay = 1000;
let wanted = false;
let sleep = null;

/// Calls `listener` with the data of every event of a type: snapshot, job, preview, picture.
export function onEvent(type, listener) {
  listeners[type].push(listener);
}

export function connect() {
  wanted = true;
  open();
}

export function disconnect() {
  wanted = false;
  close();
}

function close() {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function open() {
  close();
  if (!wanted) return;
  source = new EventSource("/api/events");
  source.onopen = () => {
    delay = 1000;
    online.value = true;
  };
  for (const type of types) {
    source.addEventListener(type, (event) => {
      const data = JSON.parse(event.data);
      for (const listener of listeners[type]) listener(data);
    });
  }
  source.onerror = () => {
    online.value = false;
    close();
    retry = setTimeout(again, delay);
    delay = Math.min(delay * 2, 15_000);
  };
}

/// A stream that breaks: the server is away, or the session has ended. Only asking tells.
async function again() {
  if (!wanted) return;
  try {
    const { account } = await loadSession();
    online.value = true;
    if (account || (await askAgain())) open();
  } catch {
    retry = setTimeout(again, delay);
    delay = Math.min(delay * 2, 15_000);
  }
}

addEventListener("online", () => wanted && again());
addEventListener("offline", () => (online.value = false));
document.addEventListener("visibilitychange", () => {
  clearTimeout(sleep);
  if (document.hidden) sleep = setTimeout(close, 60_000);
  else if (wanted && !source) open();
});

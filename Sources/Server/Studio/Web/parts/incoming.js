// Pictures that come in by dropping or pasting, anywhere on a page.

import { listen } from "../base/dom.js";

/// Calls `take(files, event)` for what is dropped or pasted, until `signal` is aborted.
export function incoming(take, signal) {
  const hand = (transfer, event) => {
    const files = [...transfer.files].filter(({ type }) => type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    take(files, event);
  };
  listen(document, "dragover", (event) => event.preventDefault(), signal);
  listen(document, "drop", (event) => hand(event.dataTransfer, event), signal);
  listen(document, "paste", (event) => hand(event.clipboardData, event), signal);
}

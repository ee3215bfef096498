// What tabs of one browser tell each other: pictures that were changed or deleted.

const channel = new BroadcastChannel("limn");
const listeners = {};

channel.onmessage = ({ data: { type, value } }) => {
  for (const listener of listeners[type] ?? []) listener(value);
};

/// Tells the other tabs.
export const tell = (type, value) => channel.postMessage({ type, value });

/// Calls `listener` for what another tab told, until `signal` is aborted.
export function hear(type, listener, signal) {
  (listeners[type] ??= new Set()).add(listener);
  signal?.addEventListener("abort", () => listeners[type].delete(listener));
}

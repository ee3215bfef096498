// Keys are data: a page hands in a table, and the same table is what "?" shows.

import { keptCell } from "./cell.js";

/// Some people speak to their computer, and single letters get in their way: they can be turned off.
export const singleKeys = keptCell("limn.single-keys", true);

const tables = new Set();

const isTyping = (element) =>
  element.closest?.("input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/// Sliders and radio buttons need the arrows, buttons and links the space bar and Enter.
const usesItself = (element, key) =>
  (key.startsWith("Arrow") && element.closest?.("input, select, [role^=menuitem]")) ||
  ((key === " " || key === "Enter") && element.closest?.("button, a, summary, input, select, label"));

function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const modifiers = [(event.metaKey || event.ctrlKey) && "Mod", event.altKey && "Alt"];
  if (event.shiftKey && (key.length > 1 || /[a-z]/.test(key))) modifiers.push("Shift");
  return [...modifiers, key === " " ? "Space" : key].filter(Boolean).join("+");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  if (document.querySelector("dialog[open]")) return;
  if (isTyping(event.target) && !name.startsWith("Mod+Enter") && name !== "Escape") return;
  if (!name.startsWith("Mod+") && usesItself(event.target, event.key)) return;
  if (name.length === 1 && !singleKeys.value) return;
  for (const table of [...tables].reverse()) {
    const shortcut = table.find(({ keys }) => keys.includes(name));
    if (shortcut && shortcut.run(event) !== false) return void event.preventDefault();
  }
});

/// Listens for the keys of a table `[{keys: ["b"], label, run}]` until `signal` is aborted. A `run` that returns false
/// leaves the key to others.
export function shortcuts(table, signal) {
  tables.add(table);
  signal?.addEventListener("abort", () => tables.delete(table));
}

/// All shortcuts that work now, the page's own first.
export const activeShortcuts = () => [...tables].reverse().flat().filter(({ label }) => label);

const isApple = /Mac|iP(hone|ad)/.test(navigator.platform);
const signs = { Mod: isApple ? "⌘" : "Ctrl", Alt: isApple ? "⌥" : "Alt", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

/// How a key is written for people: "Mod+z" is "Ctrl Z" or "⌘ Z".
export const written = (name) =>
  (name === "+" ? ["+"] : name.split("+")).map((part) => signs[part] ?? (part.length === 1 ? part.toUpperCase() : part));

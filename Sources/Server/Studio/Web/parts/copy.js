import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { announce } from "./feedback.js";
import { icon } from "./icons.js";

/// A text to be taken along, with a button that copies it.
export function copyable(text, label, { multiline = false, autofocus = false } = {}) {
  const content = multiline
    ? h("pre", { tabindex: "0", role: "region", "aria-label": label }, h("code", null, text))
    : h("input", { class: "input code", readonly: true, value: text, "aria-label": label, onfocus: (event) => event.target.select() });
  const word = h("span", null, t("copy"));
  const button = h("button", { class: "button quiet", type: "button", onclick: copy, autofocus, "aria-label": `${t("copy")}: ${label}` }, icon("copy"), word);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without the permission: selected, so that the person's own key copies it.
      getSelection().selectAllChildren(content);
      content.select?.();
      return;
    }
    word.textContent = t("copied");
    announce(t("copied"));
    setTimeout(() => (word.textContent = t("copy")), 2000);
  }
  return h("div", { class: multiline ? "copyable multiline" : "copyable", dir: "ltr" }, content, button);
}

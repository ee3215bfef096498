// A heading of some lines: of a long text the beginning, and all of it when asked.

import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";

const short = 180; // characters

export function headingOf(text, attributes) {
  const heading = h("h1", { tabindex: "-1", dir: "auto", ...attributes }, text);
  if (text.length <= short) return heading;
  heading.className = "clamped";
  const button = h("button", { class: "button quiet small", type: "button", "aria-expanded": "false", onclick: turn }, t("text.all"));
  function turn() {
    const open = !heading.classList.toggle("clamped");
    button.setAttribute("aria-expanded", open);
    button.textContent = t(open ? "text.less" : "text.all");
  }
  return h("div", { class: "long-text" }, heading, button);
}

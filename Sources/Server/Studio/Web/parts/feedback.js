// What the page says: short notes, errors in words that say what to do, questions, and the live region.

import { freshID, h, show } from "../base/dom.js";
import { duration, t, tOr } from "../base/i18n.js";
import { icon } from "./icons.js";

const polite = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
const notes = h("div", { class: "notes" });

export const feedback = () => [polite, notes];

/// Says a text to people who listen to the page.
export function announce(text) {
  polite.textContent = "";
  setTimeout(() => (polite.textContent = text), 50);
}

/// Shows a note for a while; `action` is `{label, run}`.
export function note(text, { kind = "info", action, seconds = 6 } = {}) {
  const close = () => element.remove();
  const element = h(
    "div",
    { class: `note note-${kind}`, role: kind === "error" ? "alert" : "status" },
    kind === "error" && icon("warning"),
    h("p", null, text),
    action && h("button", { class: "button quiet", onclick: () => (close(), action.run()) }, action.label),
    iconButton("close", t("close"), close),
  );
  notes.append(element);
  while (notes.children.length > 3) notes.firstChild.remove();
  if (kind !== "error") setTimeout(close, seconds * 1000);
}

export const isRefusal = ({ code }) => code === "content_policy_violation";

/// An error in the person's words: what happened, and what to do. What the server said in its own words comes last, where
/// the page has none that are as exact.
export function messageOf(error) {
  if (error.status === 0) return t("error.offline");
  if (isRefusal(error)) {
    const rule = error.category ?? error.rule;
    return rule ? t("error.policy", { rule: tOr(`category.${rule}`, rule) }) : t("error.policy.plain");
  }
  const values = { time: duration(error.retryAfter ?? 10), field: fieldOf(error.param), detail: error.message ?? "" };
  return tOr(`error.${error.code}`, null, values) ?? tOr(`error.${error.status}`, null, values) ?? t("error.server");
}

/// The name that the page gives to a field of a request, such as "stages.decoder.steps".
function fieldOf(param) {
  const name = param?.split(".").at(-1) ?? t("error.field");
  return tOr(`create.${name}`, tOr(`blend.${name}`, name));
}

export function fail(error) {
  if (error?.name === "AbortError") return;
  if (error?.status === undefined) console.error(error);
  note(messageOf(error ?? {}), { kind: "error" });
}

/// Runs `work`, and tells its error.
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    fail(error);
    return undefined;
  }
}

export const iconButton = (name, label, onclick, attributes = {}) =>
  h(
    "button",
    { type: "button", ...attributes, class: `icon-button ${attributes.class ?? ""}`, "aria-label": label, title: label, onclick },
    icon(name),
  );

/// A modal window. `build` gets `close(value)` and returns the contents.
/// - Returns: what it was closed with; null where it was dismissed.
export function dialog(title, build, { wide = false } = {}) {
  return new Promise((resolve) => {
    let result = null;
    const name = freshID("dialog");
    const close = (value = null) => {
      result = value;
      element.close();
    };
    const element = h(
      "dialog",
      { class: wide ? "dialog wide" : "dialog", "aria-labelledby": name },
      h("header", null, h("h2", { id: name }, title), iconButton("close", t("close"), () => close())),
      build(close),
    );
    element.addEventListener("close", () => {
      element.remove();
      resolve(result);
    });
    element.addEventListener("click", (event) => event.target === element && close());
    document.body.append(element);
    element.showModal();
    element.querySelector("[autofocus]")?.focus();
  });
}

/// What was asked on a page is not asked on the next one.
export function closeDialogs() {
  for (const element of document.querySelectorAll("dialog[open]")) element.close();
}

/// Asks before something that cannot be undone.
export const confirm = (title, text, action) =>
  dialog(title, (close) => [
    h("p", null, text),
    h(
      "footer",
      null,
      h("button", { class: "button quiet", onclick: () => close(false) }, t("cancel")),
      h("button", { class: "button danger", autofocus: true, onclick: () => close(true) }, action),
    ),
  ]);

/// Asks for one line of text.
export const ask = (title, label, { value = "", action = t("save") } = {}) =>
  dialog(title, (close) => {
    const input = h("input", { class: "input", value, required: true, maxlength: 100, autofocus: true });
    return h(
      "form",
      { onsubmit: (event) => (event.preventDefault(), close(input.value.trim() || null)) },
      field(label, input),
      h(
        "footer",
        null,
        h("button", { class: "button quiet", type: "button", onclick: () => close() }, t("cancel")),
        h("button", { class: "button primary" }, action),
      ),
    );
  });

/// A control with its visible name, and what helps to fill it in.
export function field(label, control, hint) {
  control.id ||= freshID("field");
  const help = hint && h("small", { id: `${control.id}-hint` }, hint);
  if (help) control.setAttribute("aria-describedby", help.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, help);
}

/// A button that opens a list of actions `[{label, icon, run} or {label, icon, href}]`.
export function menu(trigger, items) {
  const list = h("div", { class: "menu", popover: "auto", id: freshID("menu") });
  trigger.setAttribute("popovertarget", list.id);
  trigger.setAttribute("aria-haspopup", "menu");
  list.setAttribute("role", "menu");
  const entries = () => [...list.querySelectorAll("[role^=menuitem]")];
  list.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return;
    show(list, items().filter(Boolean).map((item) => entry(item, list)));
    place(list, trigger);
  });
  list.addEventListener("toggle", (event) => event.newState === "open" && entries()[0]?.focus());
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = entries();
    all.at((all.indexOf(document.activeElement) + step) % all.length)?.focus();
  });
  return [trigger, list];
}

function entry({ label, icon: name, run, href, download, lang }, list) {
  const attributes = { role: "menuitem", class: "menu-item", lang, onclick: () => (list.hidePopover(), run?.()) };
  const contents = [name && icon(name), h("span", null, label)];
  return href ? h("a", { ...attributes, href, download }, contents) : h("button", { ...attributes, type: "button" }, contents);
}

/// Below or above the trigger, wherever there is more room, and no higher than that.
function place(list, trigger) {
  const box = trigger.getBoundingClientRect();
  const [above, below] = [box.top - 14, innerHeight - box.bottom - 14];
  list.style.inset = "auto";
  list.style.maxHeight = `${Math.max(above, below)}px`;
  if (below >= above) list.style.top = `${box.bottom + 6}px`;
  else list.style.bottom = `${innerHeight - box.top + 6}px`;
  if (box.left + box.width / 2 > innerWidth / 2) list.style.right = `${Math.max(8, innerWidth - box.right)}px`;
  else list.style.left = `${Math.max(8, box.left)}px`;
}

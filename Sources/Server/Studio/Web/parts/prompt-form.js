// The one text box, and the drawer under it.

import { h, show } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { shortcuts } from "../base/shortcuts.js";
import { changeDraft, draft, mainStage, requestFrom } from "../state/draft.js";
import { submit } from "../state/jobs.js";
import { defaultModel, loadModels, modelsFor } from "../state/models.js";
import { announce, fail, field } from "./feedback.js";
import { icon } from "./icons.js";
import { problemLine } from "./problem.js";
import { surprise } from "./surprise.js";

/// Grows with its text.
export function promptBox(attributes) {
  const box = h("textarea", { rows: 1, dir: "auto", enterkeyhint: "go", ...attributes });
  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  };
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    box.form?.requestSubmit();
  });
  requestAnimationFrame(grow);
  return box;
}

const longest = 1000;

/// What is wrong with a prompt; null where nothing is. A long text is not cut: nobody would see where.
export function faultOf(prompt) {
  const { length } = [...prompt.trim()];
  if (length === 0) return t("create.empty");
  return length > longest ? t("create.too-long", { n: length, limit: longest }) : null;
}

/// One of a few values: radio buttons that look like a switch. `options` are `[value, text]`.
export function segmented(label, options, value, onchange) {
  const name = `s${Math.random().toString(36).slice(2)}`;
  return h(
    "fieldset",
    { class: "segmented" },
    h("legend", null, label),
    options.map(([option, text]) =>
      h(
        "label",
        null,
        h("input", { type: "radio", name, value: option, checked: option === value, onchange: () => onchange(option) }),
        h("span", null, text),
      ),
    ),
  );
}

export function promptForm({ signal, onsubmit }) {
  const problem = problemLine();
  const box = promptBox({
    id: "prompt",
    placeholder: t("create.placeholder"),
    "aria-label": t("create.prompt"),
    oninput: () => changeDraft({ prompt: box.value }),
    "data-focus": true,
  });
  box.value = draft.value.prompt;
  const options = h("div", { class: "options" });
  const form = h(
    "form",
    { class: "prompt-form", onsubmit: send, autocomplete: "off" },
    h(
      "div",
      { class: "prompt-box" },
      box,
      h(
        "div",
        { class: "prompt-buttons" },
        h("button", { class: "button quiet", type: "button", onclick: wish }, icon("dice"), h("span", null, t("create.surprise"))),
        h("button", { class: "button primary", id: "generate" }, t("create.generate")),
      ),
    ),
    problem.element,
    options,
  );

  function wish() {
    box.value = surprise(box.value);
    changeDraft({ prompt: box.value });
    box.dispatchEvent(new Event("input"));
    announce(box.value);
    box.focus();
  }

  async function send(event) {
    event?.preventDefault();
    problem.clear();
    const fault = faultOf(box.value);
    if (fault) return void (problem.say(fault), box.focus());
    try {
      const job = await submit(requestFrom(draft.value));
      announce(t("create.queued"));
      onsubmit?.(job);
    } catch (error) {
      if (error.status !== 400) return fail(error);
      problem.tell(error);
      box.focus();
    }
  }

  shortcuts([{ keys: ["Mod+Enter"], label: "keys.generate", run: () => form.requestSubmit() }], signal);
  loadModels().then((models) => !signal.aborted && show(options, drawer(modelsFor(models, "text_to_image"))), fail);
  return form;
}

/// Size and count at hand; everything else behind "Advanced".
function drawer(models) {
  const state = { ...draft.value };
  const model = models.find(({ id }) => id === state.model) ?? defaultModel(models, "text_to_image");
  const element = h("div", { class: "drawer" });
  const set = (changes) => changeDraft(changes);
  const size = model.sizes.includes(state.size) ? state.size : model.native;
  if (size !== state.size) set({ size });
  show(
    element,
    h(
      "div",
      { class: "row" },
      segmented(t("create.size"), model.sizes.map((text) => [text, text.split("x")[0]]), size, (value) => set({ size: value })),
      segmented(t("create.count"), [1, 2, 4, 6, 8].map((n) => [n, String(n)]), state.count, (count) => set({ count })),
    ),
    h(
      "details",
      { class: "advanced" },
      h("summary", null, icon("tune"), t("create.advanced")),
      h("div", { class: "fields" }, advanced(models, model, state, set, () => element.replaceWith(drawer(models)))),
    ),
  );
  return element;
}

function advanced(models, model, state, set, changed) {
  const { stage: name, settings: stage } = mainStage(model.stages);
  if (state.stage !== name) set({ stage: name });
  const input = (key, attributes) =>
    h("input", { class: "input", type: "number", value: state[key] ?? "", oninput: (event) => set({ [key]: event.target.value }), ...attributes });
  const choice = (key, options, value, after) =>
    h(
      "select",
      { class: "input", onchange: (event) => (set({ [key]: event.target.value || null }), after?.()) },
      options.map(([option, text]) => h("option", { value: option, selected: option === (value ?? "") }, text)),
    );
  return [
    field(
      t("create.negative"),
      h("input", { class: "input", value: state.negative, maxlength: 1000, dir: "auto", oninput: (event) => set({ negative: event.target.value }) }),
      t("create.negative.hint"),
    ),
    models.length > 1 && field(t("create.model"), choice("model", models.map(({ id }) => [id, id]), model.id, changed)),
    model.presets?.length > 0 &&
      field(t("create.preset"), choice("preset", [["", t("create.preset.default")], ...model.presets.map((name) => [name, name])], state.preset)),
    field(t("create.seed"), input("seed", { min: 0, max: Number.MAX_SAFE_INTEGER, placeholder: t("create.seed.placeholder") }), t("create.seed.hint")),
    field(
      t("create.guidance"),
      input("guidance", { min: 0, max: 30, step: 0.1, placeholder: stage?.guidance ?? "" }),
      t("create.guidance.hint"),
    ),
    field(t("create.steps"), input("steps", { min: 1, max: 250, placeholder: stage?.steps ?? "" }), t("create.steps.hint")),
  ];
}

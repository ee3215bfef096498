// The bench on which one edits and extends: the canvas, the tools at its side, and the dock below.

import { Cell, keptCell } from "../base/cell.js";
import { h, listen, show } from "../base/dom.js";
import { number, t } from "../base/i18n.js";
import { shortcuts } from "../base/shortcuts.js";
import { freshID } from "../base/dom.js";
import { iconButton } from "../parts/feedback.js";
import { gestures } from "./gestures.js";
import { View } from "./view.js";

const kept = keptCell("limn.brush", { radius: 32, softness: 0.3 });

export class Workspace {
  /// - tools: those of this page by name, the first chosen at first.
  /// - draw: paints the page's layers.
  /// - commands: `[{icon, label, run, enabled?}]`, shown under the tools.
  constructor({ title, label, hint, tools, draw, commands, dock, signal }) {
    Object.assign(this, { tools, commands, signal, spaceHeld: false });
    const [first] = Object.values(tools);
    this.settings = new Cell({ tool: first, ...kept.value });
    const help = freshID("hint");
    this.canvas = h("canvas", { tabindex: "0", role: "application", "aria-label": label, "aria-describedby": help, "data-focus": true });
    this.view = new View(this.canvas, draw, signal);
    this.status = h("div", { class: "stage-status", role: "status" });
    this.toolbar = h("div", { class: "toolbar", role: "toolbar", "aria-label": t("tool.label"), "aria-orientation": "vertical" });
    this.brushPanel = h("div", { class: "brush-panel" });
    this.element = h(
      "section",
      { class: "workspace" },
      h("h1", { class: "visually-hidden", tabindex: "-1" }, title),
      h("p", { class: "visually-hidden", id: help }, hint),
      this.toolbar,
      h("div", { class: "stage" }, this.canvas, this.brushPanel, this.status, this.#zoomBar()),
      dock,
    );
    this.#buildToolbar();
    this.drawToolbar();
    this.#drawBrush();
    this.settings.subscribe(({ radius, softness }) => (kept.value = { radius, softness }), signal);
    this.#keys();
  }

  /// Connects the pointer to a page's drawing.
  connect({ stroke, hover, pans = () => false }) {
    gestures(this.canvas, this.view, {
      stroke,
      hover,
      pans: (event) => this.spaceHeld || this.settings.value.tool.pans || pans(event),
      signal: this.signal,
    });
  }

  set(changes) {
    this.settings.value = { ...this.settings.value, ...changes };
    if (changes.tool) {
      this.drawToolbar();
      this.#drawBrush();
    }
    this.view.refresh();
  }

  #buildToolbar() {
    this.toolButtons = Object.values(this.tools).map((tool) => ({
      tool,
      button: iconButton(tool.icon, `${t(tool.label)} (${tool.key.toUpperCase()})`, () => this.set({ tool })),
    }));
    this.commandButtons = this.commands.map(({ icon, label, run, enabled = () => true }) => ({
      enabled,
      button: iconButton(icon, t(label), run),
    }));
    show(
      this.toolbar,
      this.toolButtons.map(({ button }) => button),
      h("hr"),
      this.commandButtons.map(({ button }) => button),
    );
  }

  /// Shows which tool is chosen and which commands can be given. The buttons stay the same ones: a finger may be on them.
  drawToolbar() {
    for (const { tool, button } of this.toolButtons) button.setAttribute("aria-pressed", tool === this.settings.value.tool);
    for (const { enabled, button } of this.commandButtons) button.disabled = !enabled();
  }

  #drawBrush() {
    const { tool, radius, softness } = this.settings.value;
    this.brushPanel.hidden = !tool.sized;
    if (!tool.sized) return;
    this.sizeInput = range(t("brush.size"), { min: 1, max: 400, value: radius }, (value) => this.set({ radius: value }));
    show(
      this.brushPanel,
      this.sizeInput,
      !tool.hard && range(t("brush.softness"), { min: 0, max: 100, value: softness * 100 }, (value) => this.set({ softness: value / 100 }), "%"),
    );
  }

  #zoomBar() {
    const factor = 1.25;
    return h(
      "div",
      { class: "zoom-bar" },
      iconButton("minus", t("view.out"), () => this.view.zoom(1 / factor)),
      iconButton("fit", t("view.fit"), () => this.fit()),
      iconButton("plus", t("view.in"), () => this.view.zoom(factor)),
    );
  }

  fit() {
    this.onFit?.();
  }

  resize(factor) {
    const radius = Math.min(400, Math.max(1, Math.round(this.settings.value.radius * factor + (factor > 1 ? 1 : -1))));
    this.set({ radius });
    this.#drawBrush();
  }

  #keys() {
    const tool = (each) => ({ keys: [each.key], label: each.label, run: () => this.set({ tool: each }) });
    shortcuts(
      [
        ...Object.values(this.tools).map(tool),
        { keys: ["["], label: "keys.smaller", run: () => this.resize(0.85) },
        { keys: ["]"], label: "keys.larger", run: () => this.resize(1.18) },
        { keys: ["+", "="], label: "view.in", run: () => this.view.zoom(1.25) },
        { keys: ["-"], label: "view.out", run: () => this.view.zoom(0.8) },
        { keys: ["0"], label: "view.fit", run: () => this.fit() },
        { keys: ["Space"], label: "keys.pan", run: () => this.#holdSpace(true) },
      ],
      this.signal,
    );
    listen(document, "keyup", (event) => event.key === " " && this.#holdSpace(false), this.signal);
  }

  #holdSpace(is) {
    this.spaceHeld = is;
    this.canvas.classList.toggle("pannable", is);
  }
}

function range(label, { min, max, value }, change, unit = "") {
  const id = freshID("range");
  const output = h("output", { for: id }, number(Math.round(value)) + unit);
  const input = h("input", { id, type: "range", min, max, value: Math.round(value), oninput: () => {
    output.textContent = number(Number(input.value)) + unit;
    change(Number(input.value));
  } });
  return h("div", { class: "slider" }, h("div", { class: "slider-ends" }, h("label", { for: id }, label), output), input);
}

// Editing: what is painted over is drawn anew. The server keeps every other pixel as it is; the page only shows.

import { api } from "../base/api.js";
import { debounce, h, listen, save } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { keep } from "../base/keep.js";
import { go } from "../base/router.js";
import { shortcuts } from "../base/shortcuts.js";
import { session } from "../state/session.js";
import { bitmapOf, upload } from "../state/pictures.js";
import { isActive } from "../state/jobs.js";
import { Dock } from "../canvas/dock.js";
import { Drawing } from "../canvas/drawing.js";
import { accentColor, PictureLayer, TileLayer, tint } from "../canvas/layers.js";
import { everything } from "../canvas/shapes.js";
import { Tiles } from "../canvas/tiles.js";
import { tools } from "../canvas/tools.js";
import { Undo } from "../canvas/undo.js";
import { Workspace } from "../canvas/workspace.js";
import { maskFile } from "../canvas/files.js";
import { altOf } from "../parts/tile.js";
import { icon } from "../parts/icons.js";

export default async function edit({ params, signal }) {
  const picture = await api.get(`/api/pictures/${encodeURIComponent(params.picture)}`);
  const layer = await PictureLayer.of(await bitmapOf(picture));
  const page = new EditPage(picture, layer, signal);
  await page.restore();
  return { title: t("edit.title"), kind: "full", element: page.workspace.element };
}

class EditPage {
  candidate = null;

  constructor(picture, layer, signal) {
    Object.assign(this, { picture, layer });
    this.area = { x: 0, y: 0, width: layer.width, height: layer.height };
    this.mask = new Tiles(1, this.area);
    this.maskLayer = new TileLayer(this.mask, tint(accentColor()));
    this.undo = new Undo(this.mask, () => this.changed());
    this.keepSoon = debounce(300, () => this.keep());
    this.dock = new Dock({
      placeholder: t("edit.placeholder"),
      request: (prompt) => this.request(prompt),
      show: (bitmap) => {
        this.candidate = bitmap;
        this.workspace?.view.refresh();
      },
      accept: (accepted) => this.accept(accepted),
      changed: () => this.keepSoon?.(),
      signal,
    });
    this.workspace = new Workspace({
      title: t("edit.title"),
      label: t("edit.canvas", { prompt: altOf(picture) }),
      hint: t("edit.hint"),
      tools,
      signal,
      dock: this.dock.element,
      draw: (context, view) => this.draw(context, view),
      commands: [
        { icon: "undo", label: "edit.undo", run: () => this.undo.undo(), enabled: () => this.undo.canUndo },
        { icon: "redo", label: "edit.redo", run: () => this.undo.redo(), enabled: () => this.undo.canRedo },
        { icon: "invert", label: "edit.invert", run: () => this.drawing.apply(everything(this.area), "invert") },
        { icon: "trash", label: "edit.clear", run: () => this.clear() },
        { icon: "download", label: "edit.save-mask", run: async () => save(await maskFile(this.mask, this.area), "mask.png") },
      ],
    });
    const { view, settings } = this.workspace;
    this.drawing = new Drawing({ tiles: this.mask, undo: this.undo, view, settings });
    this.workspace.onFit = () => view.fit(this.area, this.inset());
    view.onFirstSize = () => this.workspace.fit();
    this.workspace.connect({ stroke: this.drawing.stroke, hover: this.drawing.hover, pans: () => this.dock.isChoosing });
    this.workspace.element.append(this.head());
    this.keys(signal);
  }

  inset() {
    return { top: 24, right: 24, bottom: 24, left: 24 };
  }

  head() {
    return h("a", { class: "button quiet back", href: `/pictures/${this.picture.id}`, "aria-label": t("edit.done") }, icon("left"), h("span", null, t("edit.done")));
  }

  keys(signal) {
    const onCanvas = (run) => (event) => (document.activeElement === this.workspace.canvas && !this.dock.isChoosing ? void run(event) : false);
    const arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
    listen(window, "pagehide", () => this.keep(), signal);
    shortcuts(
      [
        { keys: ["Mod+z"], label: "edit.undo", run: () => this.undo.undo() },
        { keys: ["Mod+Shift+z", "Mod+y"], label: "edit.redo", run: () => this.undo.redo() },
        { keys: ["i"], label: "edit.invert", run: () => this.drawing.apply(everything(this.area), "invert") },
        { keys: ["f"], label: "view.fit", run: () => this.workspace.fit() },
        { keys: arrows.flatMap((key) => [key, `Shift+${key}`, `Alt+${key}`]), label: "keys.cross", run: onCanvas((event) => this.drawing.moveCross(event)) },
        { keys: ["Enter"], label: "keys.paint", run: onCanvas(() => this.drawing.pressCross()) },
      ],
      signal,
    );
  }

  draw(context, view) {
    if (this.candidate) {
      const [left, top, width, height] = view.device(this.area);
      context.drawImage(this.candidate, left, top, width, height);
      return;
    }
    this.layer.draw(context, view);
    this.maskLayer.draw(context, view);
    if (!this.workspace.settings.value.tool.pans) this.drawing.drawMarks(context, view);
  }

  clear() {
    this.undo.push(this.mask.record(() => this.mask.clear()));
    this.changed();
    this.workspace.view.refresh();
  }

  changed() {
    this.keepSoon();
    this.workspace?.drawToolbar();
    this.workspace?.view.refresh();
  }

  async request(prompt) {
    if (!this.mask.bounds()) return void this.dock.say(t("edit.no-mask"));
    const mask = await upload(await maskFile(this.mask, this.area), "mask");
    return { task: "inpaint", origin: "edit", picture: this.picture.id, mask: mask.id, prompt, count: 4 };
  }

  /// The accepted picture is the next to be edited; the mask has done its work.
  async accept(picture) {
    this.keep = this.keepSoon = () => {};
    await keep.delete(this.key);
    go(`/edit/${picture.id}`);
  }

  // What is kept over a reload: mask, prompt, and the job that is under way or waits to be chosen from.

  get key() {
    return `edit:${session.value.account?.id}:${this.picture.id}`;
  }

  async keep() {
    const tiles = [...this.mask.tiles.values()].map(({ x, y, data }) => ({ x, y, data }));
    await keep.set(this.key, { tiles, prompt: this.dock.prompt, job: this.dock.job?.id ?? null });
  }

  async restore() {
    const kept = await keep.get(this.key);
    if (!kept) return void (this.dock.prompt = "");
    for (const { x, y, data } of kept.tiles) this.mask.open(x, y).set(data);
    this.dock.prompt = kept.prompt;
    if (!kept.job) return;
    const job = await api.get(`/api/jobs/${kept.job}`).catch(() => null);
    if (job && (isActive(job) || job.pictures.length)) this.dock.take(job);
  }
}

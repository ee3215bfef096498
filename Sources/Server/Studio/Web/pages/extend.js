// Extending: an endless canvas and a frame in it. What the frame holds already stays; the rest of it is drawn.

import { api } from "../base/api.js";
import { debounce, h, listen, save } from "../base/dom.js";
import { number, t } from "../base/i18n.js";
import { keep } from "../base/keep.js";
import { shortcuts } from "../base/shortcuts.js";
import { defaultModel, loadModels, sideOf } from "../state/models.js";
import { session } from "../state/session.js";
import { bitmapOf, upload } from "../state/pictures.js";
import { isActive } from "../state/jobs.js";
import { Dock } from "../canvas/dock.js";
import { doubleStroke, Drawing } from "../canvas/drawing.js";
import { pictureFile, pixelsOf } from "../canvas/files.js";
import { contains, grid, judge, nudged, overlapOf, snapped } from "../canvas/frame.js";
import { picturePixels, TileLayer } from "../canvas/layers.js";
import { side, Tiles } from "../canvas/tiles.js";
import { pictureEraser, tools } from "../canvas/tools.js";
import { Undo } from "../canvas/undo.js";
import { Workspace } from "../canvas/workspace.js";
import { announce, attempt, confirm, dialog, note } from "../parts/feedback.js";
import { choosePicture } from "../parts/picker.js";
import { segmented } from "../parts/prompt-form.js";

const frameTool = { key: "f", icon: "frame", label: "tool.frame", moves: true };
const arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

export default async function extend({ signal }) {
  const model = defaultModel(await loadModels());
  const page = new ExtendPage(model, signal);
  await page.restore();
  const wanted = location.hash.slice(1);
  if (wanted) {
    history.replaceState(null, "", "/extend");
    await attempt(async () => page.place(await bitmapOf(await api.get(`/api/pictures/${encodeURIComponent(wanted)}`))));
  }
  return { title: t("extend.title"), kind: "full", element: page.workspace.element };
}

class ExtendPage {
  candidate = null;
  overlap = 0;
  changedTiles = new Set();

  constructor(model, signal) {
    this.model = model;
    this.sides = model.sizes.map(sideOf).sort((a, b) => a - b);
    const length = sideOf(model.native);
    this.frame = { x: 0, y: 0, width: length, height: length };
    this.tiles = new Tiles(4);
    this.layer = new TileLayer(this.tiles, picturePixels);
    this.undo = new Undo(this.tiles, () => this.changed());
    this.keepSoon = debounce(400, () => this.keep());
    this.measureSoon = debounce(60, () => this.measure());
    this.makeWorkspace(signal);
    this.listen(signal);
    this.measure();
  }

  makeWorkspace(signal) {
    this.dock = new Dock({
      placeholder: t("extend.placeholder"),
      request: (prompt) => this.request(prompt),
      show: (bitmap) => {
        this.candidate = bitmap;
        this.workspace?.view.refresh();
      },
      accept: (_, bitmap) => this.accept(bitmap),
      changed: () => this.keepSoon(),
      signal,
    });
    this.workspace = new Workspace({
      title: t("extend.title"),
      label: t("extend.canvas"),
      hint: t("extend.hint"),
      tools: { frame: frameTool, eraser: pictureEraser, hand: tools.hand },
      signal,
      dock: this.dock.element,
      draw: (context, view) => this.draw(context, view),
      commands: [
        { icon: "undo", label: "edit.undo", run: () => this.undo.undo(), enabled: () => this.undo.canUndo },
        { icon: "redo", label: "edit.redo", run: () => this.undo.redo(), enabled: () => this.undo.canRedo },
        { icon: "upload", label: "extend.import", run: () => this.import() },
        { icon: "download", label: "extend.export", run: () => this.export(), enabled: () => !this.isEmpty },
        { icon: "tune", label: "extend.options", run: () => this.options() },
        { icon: "trash", label: "extend.clear", run: () => this.clear(), enabled: () => !this.isEmpty },
      ],
    });
    const { view, settings } = this.workspace;
    this.drawing = new Drawing({ tiles: this.tiles, undo: this.undo, view, settings, changed: () => this.changed() });
    this.workspace.onFit = () => view.fit(this.whole(), { top: 60, right: 40, bottom: 60, left: 40 });
    view.onFirstSize = () => this.workspace.fit();
    this.workspace.connect({ stroke: this.stroke(), hover: this.drawing.hover, pans: () => this.dock.isChoosing });
  }

  get isEmpty() {
    return !this.bounds;
  }

  /// Everything that is there, and the frame.
  whole() {
    const { bounds, frame } = this;
    if (!bounds) return frame;
    const x = Math.min(bounds.x, frame.x);
    const y = Math.min(bounds.y, frame.y);
    return {
      x,
      y,
      width: Math.max(bounds.x + bounds.width, frame.x + frame.width) - x,
      height: Math.max(bounds.y + bounds.height, frame.y + frame.height) - y,
    };
  }

  /// The frame tool drags the frame; the eraser erases; a drag beside the frame moves the view.
  stroke() {
    let grip = null;
    const { view, settings } = this.workspace;
    const erases = () => !settings.value.tool.moves;
    return {
      begin: (point, event) => {
        if (erases()) return this.drawing.stroke.begin(point, event);
        const inside = contains(this.frame, point);
        grip = { inside, dx: point.x - this.frame.x, dy: point.y - this.frame.y, from: point };
      },
      move: (points, event) => {
        if (erases()) return this.drawing.stroke.move(points, event);
        const point = points.at(-1);
        if (!grip) return;
        if (!grip.inside) return view.pan((point.x - grip.from.x) * view.scale, (point.y - grip.from.y) * view.scale);
        this.move({ x: snapped(point.x - grip.dx, event.altKey), y: snapped(point.y - grip.dy, event.altKey) });
      },
      end: (event) => (erases() ? this.drawing.stroke.end(event) : (grip = null)),
      cancel: () => (erases() ? this.drawing.stroke.cancel() : (grip = null)),
    };
  }

  move(place) {
    this.frame = { ...this.frame, ...place };
    this.workspace.view.refresh();
    this.measureSoon();
    this.keepSoon();
  }

  nudge(event) {
    this.move(nudged(this.frame, event));
    this.workspace.view.reveal(this.frame);
    this.measure();
    announce(`${t("extend.at", { x: this.frame.x, y: this.frame.y })} ${this.overlapText()}`);
  }

  listen(signal) {
    const free = (run) => (event) => (this.dock.isChoosing ? false : void run(event));
    shortcuts(
      [
        { keys: ["Mod+z"], label: "edit.undo", run: () => this.undo.undo() },
        { keys: ["Mod+Shift+z", "Mod+y"], label: "edit.redo", run: () => this.undo.redo() },
        { keys: arrows.flatMap((key) => [key, `Shift+${key}`, `Alt+${key}`]), label: "keys.frame", run: free((event) => this.nudge(event)) },
      ],
      signal,
    );
    listen(document, "dragover", (event) => event.preventDefault(), signal);
    listen(document, "drop", (event) => this.drop(event), signal);
    listen(document, "paste", (event) => this.paste(event), signal);
  }

  measure() {
    this.bounds = this.tiles.bounds();
    this.overlap = this.isEmpty ? 0 : overlapOf(this.tiles, this.frame);
    const { warns } = judge(this.overlap, this.isEmpty);
    this.workspace.status.textContent = this.overlapText();
    this.workspace.status.classList.toggle("warns", Boolean(warns));
    this.workspace.drawToolbar();
    this.workspace.view.refresh();
  }

  overlapText() {
    const { kind } = judge(this.overlap, this.isEmpty);
    return t(`overlap.${kind}`, { share: number(this.overlap, { style: "percent" }) });
  }

  draw(context, view) {
    this.layer.draw(context, view);
    const { frame } = this;
    const [left, top, width, height] = view.device(frame);
    if (this.candidate) context.drawImage(this.candidate, left, top, width, height);
    context.save();
    context.fillStyle = "#0000000d";
    context.beginPath();
    context.rect(0, 0, view.canvas.width, view.canvas.height);
    context.rect(left, top, width, height);
    context.fill("evenodd");
    const path = new Path2D();
    path.rect(left, top, width, height);
    doubleStroke(context, path, judge(this.overlap, this.isEmpty).warns ? 2 : 1.4);
    context.restore();
    if (this.workspace.settings.value.tool.sized) this.drawing.drawMarks(context, view);
  }

  /// An empty canvas begins with a picture from the prompt alone; later the frame goes along, transparent where it is
  /// to be drawn.
  async request(prompt) {
    this.measure();
    const { kind, draws } = judge(this.overlap, this.isEmpty);
    if (!draws) return void this.dock.say(t("overlap.full"));
    const { width, height } = this.frame;
    const base = { origin: "extend", prompt, count: 4 };
    if (kind === "first" || kind === "apart") return { ...base, task: "text_to_image", size: `${width}x${height}` };
    const frame = await upload(await pictureFile(this.tiles, this.frame), "frame");
    return { ...base, task: "inpaint", picture: frame.id, mask: null };
  }

  /// Only pixels that were not there are written: what one has stays bit for bit.
  accept(bitmap) {
    const there = (data, i) => data[i + 3] !== 0;
    this.put(pixelsOf(bitmap), { ...this.frame, width: bitmap.width, height: bitmap.height }, there);
  }

  put(pixels, area, keeps) {
    this.undo.push(this.tiles.record(() => this.tiles.write(pixels, area, keeps)));
    this.measure();
  }

  // Bringing in and taking out

  /// Puts a picture on the canvas, at a point or in the middle of what is seen; the first one into the frame.
  place(bitmap, at = null) {
    const { view } = this.workspace;
    const middle = { x: view.visible.x + view.visible.width / 2, y: view.visible.y + view.visible.height / 2 };
    const { x, y } = at ?? (this.isEmpty || !view.width ? { x: this.frame.x + bitmap.width / 2, y: this.frame.y + bitmap.height / 2 } : middle);
    const area = { x: snapped(x - bitmap.width / 2), y: snapped(y - bitmap.height / 2), width: bitmap.width, height: bitmap.height };
    const first = this.isEmpty;
    this.put(pixelsOf(bitmap), area);
    if (first) this.frameBeside(area);
    this.workspace.fit();
    announce(t("extend.placed"));
  }

  /// The first picture's right half, and as much beyond it.
  frameBeside({ x, y, width, height }) {
    const length = this.sides.findLast((each) => each <= Math.min(width, height)) ?? this.frame.width;
    this.move({ x: x + width - snapped(length / 2), y, width: length, height: length });
    this.measure();
  }

  async take(files, at) {
    for (const file of files) {
      if (file.type.startsWith("image/")) await attempt(async () => this.place(await bitmapOf(file), at));
    }
  }

  drop(event) {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    const box = this.workspace.canvas.getBoundingClientRect();
    this.take(event.dataTransfer.files, this.workspace.view.toPlane({ x: event.clientX - box.left, y: event.clientY - box.top }));
  }

  paste(event) {
    const { files } = event.clipboardData;
    if (files.length) this.take(files, null);
  }

  import() {
    return attempt(async () => {
      const chosen = await choosePicture(t("extend.import"));
      if (chosen) this.place(await bitmapOf(chosen));
    });
  }

  async export() {
    const area = this.tiles.bounds();
    if (!area) return;
    const file = await pictureFile(this.tiles, area);
    save(file, "limn-canvas.png");
    note(t("extend.exported", { width: area.width, height: area.height }), {
      action: { label: t("extend.keep"), run: () => attempt(async () => (await upload(file), announce(t("extend.kept")))) },
    });
  }

  options() {
    return dialog(t("extend.options"), () => [
      segmented(
        t("extend.frame-size"),
        this.sides.map((each) => [each, number(each)]),
        this.frame.width,
        (each) => {
          this.move({ width: each, height: each });
          this.measure();
        },
      ),
      h("p", { class: "aside" }, t("extend.snap", { n: grid })),
    ]);
  }

  async clear() {
    if (!(await confirm(t("extend.clear"), t("extend.clear.text"), t("extend.clear.action")))) return;
    this.undo.push(this.tiles.record(() => this.tiles.clear()));
    this.measure();
  }

  changed() {
    for (const [key, tile] of this.tiles.tiles) if (tile.dirty) this.changedTiles.add(key);
    this.keepSoon();
    this.measureSoon?.();
  }

  // What is kept over a reload: the tiles, the frame, the prompt, and the job that is under way.

  get key() {
    return `extend:${session.value.account?.id}`;
  }

  async keep() {
    const changed = [...this.changedTiles];
    this.changedTiles.clear();
    for (const place of changed) {
      const tile = this.tiles.tiles.get(place);
      const isBlank = !tile || !tile.data.some((byte) => byte);
      await (isBlank ? keep.delete(`${this.key}:${place}`) : keep.set(`${this.key}:${place}`, { x: tile.x, y: tile.y, data: tile.data }));
    }
    await keep.set(this.key, { frame: this.frame, prompt: this.dock.prompt, job: this.dock.job?.id ?? null });
  }

  async restore() {
    const kept = await keep.get(this.key);
    if (!kept) return;
    for (const { x, y, data } of (await keep.all(`${this.key}:`)) ?? []) {
      if (data.length === side * side * 4) this.tiles.open(x, y).set(data);
    }
    this.frame = kept.frame;
    this.dock.prompt = kept.prompt;
    this.measure();
    if (!kept.job) return;
    const job = await api.get(`/api/jobs/${kept.job}`).catch(() => null);
    if (job && (isActive(job) || job.pictures.length)) this.dock.take(job);
  }
}

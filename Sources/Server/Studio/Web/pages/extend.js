// Extending: an endless canvas and a frame in it. What the frame holds already stays; the rest of it is drawn. Or the
// whole picture grows to a shape.

import { api } from "../base/api.js";
import { debounce, h, listen, save, show } from "../base/dom.js";
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
import { contains, grid, snapped } from "../canvas/frame.js";
import { KeptTiles } from "../canvas/kept-tiles.js";
import { picturePixels, TileLayer } from "../canvas/layers.js";
import { Target } from "../canvas/target.js";
import { Tiles } from "../canvas/tiles.js";
import { pictureEraser, tools } from "../canvas/tools.js";
import { Undo } from "../canvas/undo.js";
import { Workspace } from "../canvas/workspace.js";
import { announce, attempt, confirm, dialog, note } from "../parts/feedback.js";
import { chooseGrowth } from "../parts/grow-dialog.js";
import { incoming } from "../parts/incoming.js";
import { choosePicture } from "../parts/picker.js";
import { segmented } from "../parts/prompt-form.js";

const frameTool = { key: "f", icon: "frame", label: "tool.frame", moves: true };
const arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

export default async function extend({ signal }) {
  const model = defaultModel(await loadModels(), "outpaint");
  const page = new ExtendPage(model, signal);
  await page.restore();
  const wanted = location.hash.slice(1);
  if (wanted) {
    history.replaceState(null, "", "/extend");
    await attempt(async () => page.add(await bitmapOf(await api.get(`/api/pictures/${encodeURIComponent(wanted)}`))));
  }
  return { title: t("extend.title"), kind: "full", element: page.workspace.element };
}

class ExtendPage {
  candidate = null;
  place = null; // where the candidates belong

  constructor(model, signal) {
    this.model = model;
    this.sides = model.sizes.map(sideOf).sort((a, b) => a - b);
    this.tiles = new Tiles(4);
    this.target = new Target(this.tiles, sideOf(model.native));
    this.layer = new TileLayer(this.tiles, picturePixels);
    this.kept = new KeptTiles(this.key, this.tiles);
    this.undo = new Undo(this.tiles, (change) => this.changed(change));
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
      changed: () => {
        this.keepSoon();
        this.workspace?.drawToolbar();
      },
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
        { icon: "grow", label: "extend.grow", run: () => this.grow(), enabled: () => this.canGrow },
        { icon: "upload", label: "extend.import", run: () => this.import() },
        { icon: "download", label: "extend.export", run: () => this.export(), enabled: () => !this.target.isEmpty },
        { icon: "tune", label: "extend.options", run: () => this.options() },
        { icon: "trash", label: "extend.clear", run: () => this.clear(), enabled: () => !this.target.isEmpty },
      ],
    });
    const { view, settings } = this.workspace;
    this.drawing = new Drawing({ tiles: this.tiles, undo: this.undo, view, settings });
    this.workspace.onFit = () => view.fit(this.target.whole, { top: 60, right: 40, bottom: 84, left: 40 });
    view.onFirstSize = () => this.workspace.fit();
    this.workspace.connect({ stroke: this.stroke(), hover: this.drawing.hover, pans: () => this.dock.isChoosing });
  }

  /// The frame tool drags the frame; the eraser erases; a drag beside the frame moves the view.
  stroke() {
    let grip = null;
    const { view, settings } = this.workspace;
    const erases = () => !settings.value.tool.moves;
    return {
      begin: (point, event) => {
        if (erases()) return this.drawing.stroke.begin(point, event);
        const { frame, growth } = this.target;
        grip = { inside: !growth && contains(frame, point), dx: point.x - frame.x, dy: point.y - frame.y, from: point };
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
    this.target.move(place);
    this.workspace.view.refresh();
    this.measureSoon();
    this.keepSoon();
  }

  nudge(event) {
    this.target.nudge(event);
    this.keepSoon();
    this.measure();
    const { frame, text } = this.target;
    this.workspace.view.reveal(frame);
    announce(`${t("extend.at", { x: frame.x, y: frame.y })} ${text}`);
  }

  listen(signal) {
    const free = (run) => (event) => (this.dock.isChoosing ? false : void run(event));
    shortcuts(
      [
        { keys: ["Mod+z"], label: "edit.undo", run: () => this.undo.undo() },
        { keys: ["Mod+Shift+z", "Mod+y"], label: "edit.redo", run: () => this.undo.redo() },
        { keys: arrows.flatMap((key) => [key, `Shift+${key}`, `Alt+${key}`]), label: "keys.frame", run: free((event) => this.nudge(event)) },
        { keys: ["g"], label: "extend.grow", run: free(() => this.canGrow && this.grow()) },
        { keys: ["Escape"], run: () => (this.target.growth && !this.dock.job ? this.shrink() : false) },
      ],
      signal,
    );
    listen(window, "pagehide", () => this.keep(), signal);
    incoming((files, event) => this.take(files, this.pointOf(event)), signal);
  }

  /// What one is likely to do next, by what the frame holds.
  ways = {
    first: { label: "extend.import", run: () => this.import() },
    grows: { label: "grow.back", run: () => this.shrink() },
  };

  measure() {
    this.target.measure();
    const { text, judged } = this.target;
    const way = this.ways[judged.kind];
    show(this.workspace.status, h("p", null, text), way && h("button", { class: "button small", type: "button", onclick: way.run }, t(way.label)));
    this.workspace.status.classList.toggle("warns", Boolean(judged.warns));
    this.workspace.drawToolbar();
    this.workspace.view.refresh();
  }

  draw(context, view) {
    this.layer.draw(context, view);
    const { candidate, place } = this;
    const [left, top, width, height] = view.device(candidate ? { ...place, width: candidate.width, height: candidate.height } : this.target.area);
    if (candidate) context.drawImage(candidate, left, top, width, height);
    context.save();
    context.fillStyle = "#0000000d";
    context.beginPath();
    context.rect(0, 0, view.canvas.width, view.canvas.height);
    context.rect(left, top, width, height);
    context.fill("evenodd");
    const path = new Path2D();
    path.rect(left, top, width, height);
    doubleStroke(context, path, this.target.judged.warns ? 2 : 1.4);
    context.restore();
    if (this.workspace.settings.value.tool.sized) this.drawing.drawMarks(context, view);
  }

  async request(prompt) {
    this.measure();
    if (!this.target.judged.draws) return void this.dock.say(t("overlap.full"));
    const { x, y } = this.target.area;
    this.place = { x, y };
    return { origin: "extend", prompt, count: 4, ...(await this.target.request()) };
  }

  /// While candidates are drawn and chosen from, their place stays.
  get canGrow() {
    return !this.target.isEmpty && !this.dock.job;
  }

  async grow() {
    if (this.target.hasGaps) return void this.dock.say(t("grow.gaps"));
    const growth = await chooseGrowth(this.target.bounds);
    if (!growth) return;
    this.target.growth = growth;
    this.showTarget();
    this.dock.focus();
  }

  /// Back to the frame.
  shrink() {
    this.target.growth = null;
    this.showTarget();
    this.workspace.canvas.focus();
  }

  showTarget() {
    this.measure();
    this.keepSoon();
    this.workspace.fit();
  }

  /// Only pixels that were not there are written: what one has stays bit for bit.
  accept(bitmap) {
    const there = (data, i) => data[i + 3] !== 0;
    this.put(pixelsOf(bitmap), { ...this.place, width: bitmap.width, height: bitmap.height }, there);
    this.workspace.canvas.focus();
  }

  put(pixels, area, keeps) {
    this.undo.push(this.tiles.record(() => this.tiles.write(pixels, area, keeps)));
    this.measure();
  }

  // Bringing in and taking out

  /// Puts a picture on the canvas, at a point or in the middle of what is seen; the first one into the frame.
  add(bitmap, at = null) {
    const { target } = this;
    const { view } = this.workspace;
    const middle = { x: view.visible.x + view.visible.width / 2, y: view.visible.y + view.visible.height / 2 };
    const { x, y } = at ?? (target.isEmpty || !view.width ? { x: target.frame.x + bitmap.width / 2, y: target.frame.y + bitmap.height / 2 } : middle);
    const area = { x: snapped(x - bitmap.width / 2), y: snapped(y - bitmap.height / 2), width: bitmap.width, height: bitmap.height };
    const first = target.isEmpty;
    this.put(pixelsOf(bitmap), area);
    if (first) this.frameBeside(area);
    this.workspace.fit();
    announce(t("extend.placed"));
  }

  /// The first picture's right half, and as much beyond it.
  frameBeside({ x, y, width, height }) {
    const length = this.sides.findLast((each) => each <= Math.min(width, height)) ?? this.target.frame.width;
    this.move({ x: x + width - snapped(length / 2), y, width: length, height: length });
    this.measure();
  }

  async take(files, at) {
    for (const file of files) await attempt(async () => this.add(await bitmapOf(file), at));
  }

  /// Where something was dropped, on the plane; null for what was pasted.
  pointOf(event) {
    if (event.type !== "drop") return null;
    const box = this.workspace.canvas.getBoundingClientRect();
    return this.workspace.view.toPlane({ x: event.clientX - box.left, y: event.clientY - box.top });
  }

  import() {
    return attempt(async () => {
      const chosen = await choosePicture(t("extend.import"));
      if (chosen) this.add(await bitmapOf(chosen));
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
        this.target.frame.width,
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

  changed(change) {
    this.target.growth = null;
    this.kept.note(change);
    this.keepSoon();
    this.measureSoon();
  }

  // What is kept over a reload: the tiles, the frame, the prompt, and the job that is under way.

  get key() {
    return `extend:${session.value.account?.id}`;
  }

  /// Tiles and job together: a candidate that was accepted is on the canvas, or still to be chosen.
  keep() {
    const { target, place, dock } = this;
    const state = { frame: target.frame, growth: target.growth, place, prompt: dock.prompt, job: dock.job?.id ?? null };
    return keep.setAll([...this.kept.entries(), [this.key, state]]);
  }

  async restore() {
    const kept = await keep.get(this.key);
    if (!kept) return;
    await this.kept.read();
    Object.assign(this.target, { frame: kept.frame, growth: kept.growth ?? null });
    this.place = kept.place ?? kept.frame;
    this.dock.prompt = kept.prompt;
    this.measure();
    if (!kept.job) return;
    const job = await api.get(`/api/jobs/${kept.job}`).catch(() => null);
    if (job && (isActive(job) || job.pictures.length)) this.dock.take(job);
  }
}

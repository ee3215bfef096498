// From gestures and keys to painted tiles. Keyboard: the arrows move a cross, Enter paints where it is (or sets the
// corners of a rectangle).

import { announce } from "../parts/feedback.js";
import { t } from "../base/i18n.js";
import { paint } from "./shapes.js";

const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Drawing {
  state = null; // of the stroke that is being drawn
  pointer = null; // where the brush would paint
  cross = null; // the keyboard's place, once it was used

  /// - settings: the cell of `{tool, radius, softness}`; `tool` is one of `tools`.
  constructor({ tiles, undo, view, settings }) {
    Object.assign(this, { tiles, undo, view, settings });
  }

  get tool() {
    return this.settings.value.tool;
  }

  brush(event) {
    const { radius, softness } = this.settings.value;
    const pressure = event?.pointerType === "pen" && event.pressure > 0 ? 0.4 + 0.6 * event.pressure : 1;
    return { radius: radius * pressure, softness: this.tool.hard ? 0 : softness };
  }

  stroke = {
    begin: (point, event) => {
      this.cross = null;
      this.tiles.begin();
      this.state = this.tool.begin(point, this.brush(event));
      this.#paint(this.state.shapes);
    },
    move: (points, event) => this.state && this.#paint(this.tool.move(this.state, points, this.brush(event))),
    end: () => {
      if (!this.state) return;
      this.#paint(this.tool.end?.(this.state) ?? []);
      this.state = null;
      this.undo.push(this.tiles.end());
    },
    cancel: () => {
      if (!this.state) return;
      this.state = null;
      const change = this.tiles.end();
      this.tiles.swap(change);
      this.view.refresh();
    },
  };

  #paint(shapes) {
    for (const shape of shapes) paint(this.tiles, shape, this.tool.effect);
    this.view.refresh();
  }

  /// One change that is no stroke, as "invert".
  apply(shape, effect) {
    this.undo.push(this.tiles.record(() => paint(this.tiles, shape, effect)));
    this.view.refresh();
  }

  hover = (point) => {
    this.pointer = point;
    this.view.refresh();
  };

  /// Moves the cross: an arrow's step is a half brush, with Shift a large one, with Alt a single pixel.
  moveCross(event) {
    const [dx, dy] = steps[event.key];
    const { radius } = this.settings.value;
    const step = event.altKey ? 1 : event.shiftKey ? radius * 4 : Math.max(1, radius / 2);
    const { limit } = this.tiles;
    const from = this.cross ?? { x: limit.x + limit.width / 2, y: limit.y + limit.height / 2 };
    this.cross = {
      x: Math.min(limit.x + limit.width, Math.max(limit.x, from.x + dx * step)),
      y: Math.min(limit.y + limit.height, Math.max(limit.y, from.y + dy * step)),
    };
    if (this.state) this.stroke.move([this.cross], event);
    this.view.reveal({ ...this.cross, width: 1, height: 1 });
    announce(t("canvas.cross", { x: Math.round(this.cross.x), y: Math.round(this.cross.y) }));
  }

  /// Enter: a dab of the brush; with the outlined tools, the first press begins and the second ends.
  pressCross() {
    const { limit } = this.tiles;
    const cross = (this.cross ??= { x: limit.x + limit.width / 2, y: limit.y + limit.height / 2 });
    if (this.tool.pans) return;
    if (this.state) this.stroke.end();
    else {
      this.stroke.begin(cross, null);
      if (this.tool.sized) this.stroke.end();
    }
    this.cross = cross;
    announce(t(this.state ? "canvas.begun" : "canvas.painted"));
  }

  /// The brush's ring, the outline of what is being drawn, and the cross.
  drawMarks(context, view) {
    const k = view.ratio;
    context.setTransform(k * view.scale, 0, 0, k * view.scale, view.x * k, view.y * k);
    const outline = this.state && this.tool.outline && this.state.points.length > 1 && this.tool.outline(this.state.points);
    const place = this.cross ?? this.pointer;
    const path = new Path2D();
    if (outline) {
      for (const { x, y } of outline) path.lineTo(x, y);
      path.closePath();
    }
    if (place && this.tool.sized) path.arc(place.x, place.y, this.settings.value.radius, 0, Math.PI * 2);
    if (this.cross) {
      const arm = 9 / view.scale;
      path.moveTo(this.cross.x - arm, this.cross.y);
      path.lineTo(this.cross.x + arm, this.cross.y);
      path.moveTo(this.cross.x, this.cross.y - arm);
      path.lineTo(this.cross.x, this.cross.y + arm);
    }
    doubleStroke(context, path, 1 / view.scale);
    context.setTransform(1, 0, 0, 1, 0, 0);
  }
}

/// A line that is seen on any ground: white on black.
export function doubleStroke(context, path, width) {
  context.lineWidth = width * 3;
  context.strokeStyle = "#000a";
  context.stroke(path);
  context.lineWidth = width * 1.5;
  context.strokeStyle = "#fff";
  context.stroke(path);
}

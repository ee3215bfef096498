// Where the next picture is drawn: a square frame that one moves, or the whole picture grown to a shape; and what is
// asked of the server for it.

import { number, t } from "../base/i18n.js";
import { upload } from "../state/pictures.js";
import { pictureFile } from "./files.js";
import { judge, nudged, overlapOf } from "./frame.js";

export class Target {
  growth = null; // where one was chosen, as `growth()` makes it
  bounds = null; // of everything that is there
  overlap = 0;

  /// - side: of the frame at first.
  constructor(tiles, side) {
    this.tiles = tiles;
    this.frame = { x: 0, y: 0, width: side, height: side };
    this.measure();
  }

  get isEmpty() {
    return !this.bounds;
  }

  get area() {
    return this.growth?.area ?? this.frame;
  }

  /// Everything that is there, and what is to be drawn.
  get whole() {
    const { bounds, area } = this;
    if (!bounds) return area;
    const x = Math.min(bounds.x, area.x);
    const y = Math.min(bounds.y, area.y);
    return {
      x,
      y,
      width: Math.max(bounds.x + bounds.width, area.x + area.width) - x,
      height: Math.max(bounds.y + bounds.height, area.y + area.height) - y,
    };
  }

  move(place) {
    this.growth = null;
    this.frame = { ...this.frame, ...place };
  }

  nudge(event) {
    this.move(nudged(this.frame, event));
  }

  measure() {
    this.bounds = this.tiles.bounds();
    this.overlap = this.isEmpty || this.growth ? 0 : overlapOf(this.tiles, this.frame);
  }

  /// Whether what is there fills its rectangle: only then it can grow.
  get hasGaps() {
    return overlapOf(this.tiles, this.bounds) < 1;
  }

  get judged() {
    return judge({ overlap: this.overlap, isEmpty: this.isEmpty, grows: this.growth });
  }

  get text() {
    const { width, height } = this.area;
    return t(`overlap.${this.judged.kind}`, { share: number(this.overlap, { style: "percent" }), width, height });
  }

  /// What is asked for. An empty canvas begins with a picture from words alone; later what is there goes along.
  request() {
    return this.#requests[this.judged.kind]();
  }

  #requests = {
    first: () => this.#fromWords(),
    apart: () => this.#fromWords(),
    little: () => this.#fromFrame(),
    good: () => this.#fromFrame(),
    grows: () => this.#fromPicture(),
  };

  #fromWords() {
    const { width, height } = this.frame;
    return { task: "text_to_image", size: `${width}x${height}` };
  }

  /// The frame as a file, transparent where it is to be drawn.
  async #fromFrame() {
    const frame = await upload(await pictureFile(this.tiles, this.frame), "frame");
    return { task: "inpaint", picture: frame.id, mask: null };
  }

  /// The whole picture, and by how much it grows.
  async #fromPicture() {
    const { from, margins } = this.growth;
    const picture = await upload(await pictureFile(this.tiles, from), "frame");
    return { task: "outpaint", picture: picture.id, margins };
  }
}

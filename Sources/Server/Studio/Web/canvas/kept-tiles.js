// Tiles that outlive a reload. Only those that changed are written.

import { keep } from "../base/keep.js";
import { side } from "./tiles.js";

export class KeptTiles {
  #changed = new Set();

  /// - key: under which each tile is kept, with its place behind it.
  constructor(key, tiles) {
    Object.assign(this, { key, tiles });
  }

  /// Notes what a change (see `Tiles.end`) has touched.
  note(change) {
    for (const place of change.keys()) this.#changed.add(place);
  }

  /// What is to be written (`keep.setAll`) since this was asked last.
  entries() {
    const places = [...this.#changed];
    this.#changed.clear();
    return places.map((place) => {
      const tile = this.tiles.tiles.get(place);
      const isBlank = !tile || !tile.data.some((byte) => byte);
      return [`${this.key}:${place}`, isBlank ? undefined : { x: tile.x, y: tile.y, data: tile.data }];
    });
  }

  async read() {
    for (const { x, y, data } of (await keep.all(`${this.key}:`)) ?? []) {
      if (data.length === side * side * this.tiles.channels) this.tiles.open(x, y).set(data);
    }
  }
}

// An endless plane of bytes in square tiles: a mask has one byte a pixel, a picture four (red, green, blue, alpha).
// Pixels are kept as they are, never premultiplied: what is put in comes out bit for bit.

export const side = 256;

const keyOf = (x, y) => `${x},${y}`;

export class Tiles {
  tiles = new Map();
  #recording = null;

  /// - limit: {x, y, width, height}; nothing is written outside it.
  constructor(channels, limit = null) {
    this.channels = channels;
    this.limit = limit;
  }

  get isEmpty() {
    return this.tiles.size === 0;
  }

  at(tx, ty) {
    return this.tiles.get(keyOf(tx, ty));
  }

  /// The tiles that a rectangle touches, as [tx, ty].
  *touched({ x, y, width, height }) {
    if (width <= 0 || height <= 0) return;
    for (let ty = Math.floor(y / side); ty * side < y + height; ty++) {
      for (let tx = Math.floor(x / side); tx * side < x + width; tx++) yield [tx, ty];
    }
  }

  /// A tile's bytes, to be written: what was there is noted for undoing.
  open(tx, ty) {
    const key = keyOf(tx, ty);
    let tile = this.tiles.get(key);
    if (this.#recording && !this.#recording.has(key)) this.#recording.set(key, tile ? tile.data.slice() : null);
    if (!tile) this.tiles.set(key, (tile = { x: tx, y: ty, data: new Uint8ClampedArray(side * side * this.channels) }));
    tile.dirty = true;
    return tile.data;
  }

  /// Runs `work`; then the change that it made can be undone.
  record(work) {
    this.begin();
    work();
    return this.end();
  }

  begin() {
    this.#recording = new Map();
  }

  /// What changed since `begin`: the former bytes by tile (null: no tile).
  end() {
    const change = this.#recording;
    this.#recording = null;
    return change;
  }

  /// Puts former bytes back. The result undoes that.
  swap(change) {
    const reverse = new Map();
    for (const [key, data] of change) {
      const tile = this.tiles.get(key);
      reverse.set(key, tile ? tile.data : null);
      if (!data) this.tiles.delete(key);
      else if (tile) Object.assign(tile, { data, dirty: true });
      else {
        const [x, y] = key.split(",").map(Number);
        this.tiles.set(key, { x, y, data, dirty: true });
      }
    }
    return reverse;
  }

  clear() {
    for (const tile of [...this.tiles.values()]) this.open(tile.x, tile.y).fill(0);
  }

  /// The pixels of a rectangle; where there is no tile, zeroes.
  read({ x, y, width, height }) {
    const { channels } = this;
    const out = new Uint8ClampedArray(width * height * channels);
    for (const [tx, ty] of this.touched({ x, y, width, height })) {
      const tile = this.at(tx, ty);
      if (!tile) continue;
      this.#rows(tx, ty, { x, y, width, height }, (from, to, count) =>
        out.set(tile.data.subarray(from * channels, (from + count) * channels), to * channels),
      );
    }
    return out;
  }

  /// Writes the pixels of a rectangle.
  /// - keeps: the pixels that stay as they are, by a function of the tile's bytes and the pixel's place in them.
  write(pixels, { x, y, width, height }, keeps = null) {
    const { channels } = this;
    for (const [tx, ty] of this.touched({ x, y, width, height })) {
      const data = this.open(tx, ty);
      this.#rows(tx, ty, { x, y, width, height }, (to, from, count) => {
        if (!keeps) return data.set(pixels.subarray(from * channels, (from + count) * channels), to * channels);
        for (let i = 0; i < count; i++) {
          if (keeps(data, (to + i) * channels)) continue;
          for (let c = 0; c < channels; c++) data[(to + i) * channels + c] = pixels[(from + i) * channels + c];
        }
      });
    }
  }

  /// The rows that a tile and a rectangle share: place in the tile, place in the rectangle, length.
  #rows(tx, ty, { x, y, width, height }, run) {
    const left = Math.max(x, tx * side);
    const right = Math.min(x + width, (tx + 1) * side);
    const top = Math.max(y, ty * side);
    const bottom = Math.min(y + height, (ty + 1) * side);
    for (let row = top; row < bottom; row++) {
      run((row - ty * side) * side + left - tx * side, (row - y) * width + left - x, right - left);
    }
  }

  /// The smallest rectangle that holds every pixel whose last channel is not 0; null where there is none.
  bounds() {
    const { channels } = this;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y, data } of this.tiles.values()) {
      for (let i = channels - 1, pixel = 0; i < data.length; i += channels, pixel++) {
        if (data[i] === 0) continue;
        const px = x * side + (pixel % side);
        const py = y * side + Math.floor(pixel / side);
        if (px < left) left = px;
        if (px > right) right = px;
        if (py < top) top = py;
        if (py > bottom) bottom = py;
      }
    }
    return right < left ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  }
}

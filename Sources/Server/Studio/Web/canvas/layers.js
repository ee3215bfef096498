// What is drawn on the screen from tiles and pictures. Here, and only here, pixels may be blended: nothing drawn is ever
// read back.

import { side } from "./tiles.js";

const meets = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/// Tiles as they are shown: each has a small canvas that is made anew when its bytes changed.
/// - fill: writes a tile's bytes into an ImageData's.
export class TileLayer {
  #shown = new WeakMap();
  #image = new ImageData(side, side);

  constructor(tiles, fill) {
    this.tiles = tiles;
    this.fill = fill;
  }

  draw(context, view) {
    const visible = view.visible;
    for (const tile of this.tiles.tiles.values()) {
      const place = { x: tile.x * side, y: tile.y * side, width: side, height: side };
      if (meets(place, visible)) context.drawImage(this.#canvas(tile), ...view.device(place));
    }
  }

  #canvas(tile) {
    let canvas = this.#shown.get(tile);
    if (!canvas) this.#shown.set(tile, (canvas = new OffscreenCanvas(side, side)));
    else if (!tile.dirty) return canvas;
    this.fill(tile.data, this.#image.data);
    canvas.getContext("2d").putImageData(this.#image, 0, 0);
    tile.dirty = false;
    return canvas;
  }
}

/// Bytes of a picture as they are.
export const picturePixels = (data, out) => out.set(data);

/// A mask as a tint. `color` is [red, green, blue].
export const tint = (color, strength = 0.62) => (data, out) => {
  for (let i = 0, o = 0; i < data.length; i++, o += 4) {
    out[o] = color[0];
    out[o + 1] = color[1];
    out[o + 2] = color[2];
    out[o + 3] = data[i] * strength;
  }
};

/// A large picture with smaller copies of itself, so that drawing it small stays fast and smooth.
export class PictureLayer {
  static async of(bitmap) {
    const copies = [bitmap];
    for (let { width, height } = bitmap; Math.max(width, height) > 1024; ) {
      width = Math.max(1, width >> 1);
      height = Math.max(1, height >> 1);
      copies.push(await createImageBitmap(copies.at(-1), { resizeWidth: width, resizeHeight: height, resizeQuality: "medium" }));
    }
    return new PictureLayer(copies);
  }

  constructor(copies) {
    this.copies = copies;
    this.width = copies[0].width;
    this.height = copies[0].height;
  }

  draw(context, view, place = { x: 0, y: 0, width: this.width, height: this.height }) {
    const [left, top, width, height] = view.device(place);
    const copy = this.copies.findLast((each) => each.width >= width) ?? this.copies[0];
    context.imageSmoothingEnabled = width < copy.width * 3;
    context.drawImage(copy, left, top, width, height);
    context.imageSmoothingEnabled = true;
  }
}

/// The accent colour as [red, green, blue]: what the style sheet says, in whatever notation.
export function accentColor() {
  const probe = new OffscreenCanvas(1, 1).getContext("2d");
  const element = document.createElement("i");
  element.className = "accent-probe";
  document.body.append(element);
  probe.fillStyle = getComputedStyle(element).color;
  element.remove();
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
}

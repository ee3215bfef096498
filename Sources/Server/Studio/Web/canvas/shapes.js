// What tools draw: a shape says for every pixel of a rectangle how much of it is covered, 0…255.

import { side } from "./tiles.js";

/// A stroke's piece from a to b: full up to `radius` × (1 − softness), nothing from `radius` on.
export function capsule(a, b, radius, softness = 0) {
  const inner = Math.max(0, radius * (1 - softness) - 0.5);
  const outer = Math.max(inner + 1, radius + 0.5);
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  return {
    bounds: around([a, b], outer),
    cover(x0, y0, width, height, out) {
      for (let y = 0, i = 0; y < height; y++) {
        const py = y0 + y + 0.5 - a.y;
        for (let x = 0; x < width; x++, i++) {
          const px = x0 + x + 0.5 - a.x;
          const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
          const [ex, ey] = [px - along * dx, py - along * dy];
          const distance = Math.sqrt(ex * ex + ey * ey);
          const share = (outer - distance) / (outer - inner);
          out[i] = share <= 0 ? 0 : share >= 1 ? 255 : 255 * share * share * (3 - 2 * share);
        }
      }
    },
  };
}

export function rectangle(a, b) {
  const left = Math.round(Math.min(a.x, b.x));
  const top = Math.round(Math.min(a.y, b.y));
  const right = Math.round(Math.max(a.x, b.x));
  const bottom = Math.round(Math.max(a.y, b.y));
  return {
    bounds: { x: left, y: top, width: right - left, height: bottom - top },
    cover(x0, y0, width, height, out) {
      for (let y = 0, i = 0; y < height; y++) {
        const inside = y0 + y >= top && y0 + y < bottom;
        for (let x = 0; x < width; x++, i++) out[i] = inside && x0 + x >= left && x0 + x < right ? 255 : 0;
      }
    },
  };
}

/// The area within a line that one draws around it.
export function polygon(points) {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return {
    bounds: around(points, 1),
    cover(x0, y0, width, height, out) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, side, side);
      context.translate(-x0, -y0);
      context.beginPath();
      for (const { x, y } of points) context.lineTo(x, y);
      context.fill("evenodd");
      const { data } = context.getImageData(0, 0, width, height);
      for (let i = 0; i < width * height; i++) out[i] = data[i * 4 + 3];
    },
  };
}

export function everything({ x, y, width, height }) {
  return rectangle({ x, y }, { x: x + width, y: y + height });
}

function around(points, margin) {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const left = Math.floor(Math.min(...xs) - margin);
  const top = Math.floor(Math.min(...ys) - margin);
  return { x: left, y: top, width: Math.ceil(Math.max(...xs) + margin) - left, height: Math.ceil(Math.max(...ys) + margin) - top };
}

const clip = (a, b) => {
  if (!b) return a;
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return { x, y, width: Math.min(a.x + a.width, b.x + b.width) - x, height: Math.min(a.y + a.height, b.y + b.height) - y };
};

/// What a covered pixel becomes, by the plane's channels and the tool's effect. A soft stroke over itself gets no harder.
const effects = {
  add: (data, i, cover) => {
    if (cover > data[i]) data[i] = cover;
  },
  subtract: (data, i, cover) => {
    if (255 - cover < data[i]) data[i] = 255 - cover;
  },
  invert: (data, i) => {
    data[i] = 255 - data[i];
  },
  // A picture's pixel is there or not: half-transparent ones would lose their colours on the way through a file.
  erase: (data, i, cover) => {
    if (cover >= 128) data[i] = data[i + 1] = data[i + 2] = data[i + 3] = 0;
  },
};

const buffer = new Uint8Array(side * side);

/// Paints a shape into tiles.
export function paint(tiles, shape, effect) {
  const area = clip(shape.bounds, tiles.limit);
  const apply = effects[effect];
  const { channels } = tiles;
  for (const [tx, ty] of tiles.touched(area)) {
    if (effect === "erase" && !tiles.at(tx, ty)) continue;
    const part = clip(area, { x: tx * side, y: ty * side, width: side, height: side });
    shape.cover(part.x, part.y, part.width, part.height, buffer);
    const data = tiles.open(tx, ty);
    for (let y = 0, i = 0; y < part.height; y++) {
      let place = ((part.y + y - ty * side) * side + part.x - tx * side) * channels;
      for (let x = 0; x < part.width; x++, i++, place += channels) {
        if (buffer[i]) apply(data, place, buffer[i]);
      }
    }
  }
}

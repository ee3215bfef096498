// The area in which the next picture is drawn: where it is, and how much of it is known already.

export const grid = 64;

export const snapped = (value, free) => Math.round(free ? value : Math.round(value / grid) * grid);

/// The share of a frame's pixels that are there already, 0…1.
export function overlapOf(tiles, frame) {
  const pixels = tiles.read(frame);
  let known = 0;
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i]) known++;
  return known / (frame.width * frame.height);
}

export const least = 0.25;

/// What a frame's overlap means: data for the page's words, and whether one can draw.
export function judge({ overlap, isEmpty, grows }) {
  if (isEmpty) return { kind: "first", draws: true };
  if (grows) return { kind: "grows", draws: true };
  if (overlap === 0) return { kind: "apart", draws: true, warns: true };
  if (overlap < least) return { kind: "little", draws: true, warns: true };
  if (overlap >= 0.9999) return { kind: "full", draws: false, warns: true };
  return { kind: "good", draws: true };
}

export const contains = (frame, { x, y }) => x >= frame.x && x < frame.x + frame.width && y >= frame.y && y < frame.y + frame.height;

const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/// A frame moved by an arrow: one step of the grid, half a frame with Shift, a pixel with Alt.
export function nudged(frame, { key, shiftKey, altKey }) {
  const [dx, dy] = directions[key];
  const step = altKey ? 1 : shiftKey ? frame.width / 2 : grid;
  return { ...frame, x: snapped(frame.x + dx * step, altKey), y: snapped(frame.y + dy * step, altKey) };
}

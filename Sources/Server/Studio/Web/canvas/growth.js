// How a picture grows past its edges: to an aspect, or by a share of itself on every side.

/// What is offered. `aspect` is width ÷ height.
export const growths = [
  { name: "square", aspect: 1 },
  { name: "landscape", aspect: 4 / 3 },
  { name: "wide", aspect: 16 / 9 },
  { name: "portrait", aspect: 3 / 4 },
  { name: "tall", aspect: 9 / 16 },
  { name: "around", share: 0.25 },
  { name: "around", share: 0.5 },
];

const shared = (more) => [Math.floor(more / 2), Math.ceil(more / 2)];

function marginsTo({ width, height }, aspect) {
  const [left, right] = shared(Math.max(0, Math.round(height * aspect) - width));
  const [top, bottom] = shared(Math.max(0, Math.round(width / aspect) - height));
  return { left, top, right, bottom };
}

function marginsAround({ width, height }, share) {
  const [across, down] = [Math.round(width * share), Math.round(height * share)];
  return { left: across, top: down, right: across, bottom: down };
}

/// The area that a picture's area becomes, and its margins in pixels; null where it is of that shape already.
export function growth(area, { aspect, share }) {
  const margins = aspect ? marginsTo(area, aspect) : marginsAround(area, share);
  const { left, top, right, bottom } = margins;
  if (left + top + right + bottom === 0) return null;
  return {
    margins,
    from: area,
    area: { x: area.x - left, y: area.y - top, width: area.width + left + right, height: area.height + top + bottom },
  };
}

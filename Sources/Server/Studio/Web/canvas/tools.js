// The tools, as data: the key, the sign, and what a drag does. A tool turns points into shapes; where they are painted
// is the page's affair.

import { capsule, polygon, rectangle } from "./shapes.js";

/// A brush covers piece by piece while it moves.
const brush = (effect) => ({
  effect,
  sized: true,
  begin: (point, { radius, softness }) => ({ last: point, shapes: [capsule(point, point, radius, softness)] }),
  move: (state, points, { radius, softness }) => {
    const shapes = [];
    for (const point of points) {
      shapes.push(capsule(state.last, point, radius, softness));
      state.last = point;
    }
    return shapes;
  },
});

/// A rectangle or a lasso covers once, at the end; meanwhile its outline is shown.
const outlined = (effect, add, shape) => ({
  effect,
  begin: (point) => ({ points: [point], shapes: [] }),
  move: (state, points) => (add(state, points), []),
  end: ({ points }) => (points.length > 1 ? [shape(points)] : []),
});

export const tools = {
  brush: { key: "b", icon: "brush", label: "tool.brush", ...brush("add") },
  eraser: { key: "e", icon: "eraser", label: "tool.eraser", ...brush("subtract") },
  rectangle: {
    key: "r",
    icon: "rectangle",
    label: "tool.rectangle",
    ...outlined("add", (state, points) => (state.points[1] = points.at(-1)), ([a, b]) => rectangle(a, b)),
    outline: ([a, b]) => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }],
  },
  lasso: {
    key: "l",
    icon: "lasso",
    label: "tool.lasso",
    ...outlined("add", (state, points) => state.points.push(...points), polygon),
    outline: (points) => points,
  },
  hand: { key: "v", icon: "hand", label: "tool.hand", pans: true },
};

/// Erases the picture itself, for the page that extends.
export const pictureEraser = { ...tools.eraser, ...brush("erase"), hard: true };

// A place where nothing is: an empty frame on the wall, and where to go from here.

import { h, svg } from "../base/dom.js";

export const emptyFrame = () =>
  svg(
    "svg",
    { viewBox: "0 0 240 190", class: "empty-frame", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: "M120 14v8M64 62 120 20l56 42", class: "string" }),
    svg("g", null, svg("rect", { x: 30, y: 60, width: 180, height: 118, rx: 5, class: "wood" }), svg("rect", { x: 46, y: 76, width: 148, height: 86, rx: 2, class: "canvas" })),
    svg("path", { d: "M66 142c18-30 28-2 44-22s20-28 32-8 14-4 32 10", class: "sketch" }),
    svg("circle", { cx: 158, cy: 98, r: 8, class: "sketch" }),
    svg("circle", { cx: 120, cy: 14, r: 3.5, class: "nail" }),
  );

/// - actions: links and buttons, the likeliest first.
export const nothing = ({ title, text, actions }) =>
  h(
    "section",
    { class: "page narrow empty" },
    emptyFrame(),
    h("h1", { tabindex: "-1" }, title),
    h("p", null, text),
    h("div", { class: "row" }, actions),
  );

// Choosing the shape that a picture grows to: each is drawn to scale, what is there already darker than what is new.

import { h, svg } from "../base/dom.js";
import { number, t } from "../base/i18n.js";
import { growth, growths } from "../canvas/growth.js";
import { dialog } from "./feedback.js";

const percent = (share = 0) => number(share, { style: "percent", signDisplay: "always" });

/// - area: that of the picture.
/// - Returns: a growth; null where none was chosen.
export function chooseGrowth(area) {
  const choices = growths.map((each) => ({ ...each, growth: growth(area, each) })).filter(({ growth }) => growth);
  return dialog(t("grow.title"), (close) => [
    h("p", null, t("grow.text")),
    h(
      "div",
      { class: "shapes" },
      choices.map(({ name, share, growth }, index) =>
        h(
          "button",
          { class: "shape", type: "button", autofocus: index === 0, onclick: () => close(growth) },
          drawing(growth),
          h("span", null, t(`grow.${name}`, { share: percent(share) })),
          h("small", null, t("grow.size", growth.area)),
        ),
      ),
    ),
  ]);
}

function drawing({ area, from }) {
  const box = ({ x, y, width, height }, name) => svg("rect", { x: x - area.x, y: y - area.y, width, height, class: name });
  const room = Math.max(area.width, area.height) * 0.03;
  return svg(
    "svg",
    { viewBox: `${-room} ${-room} ${area.width + 2 * room} ${area.height + 2 * room}`, "aria-hidden": "true", focusable: "false" },
    box(area, "new"),
    box(from, "old"),
  );
}

// One picture in a grid.

import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { fileOf, setFavourite } from "../state/pictures.js";
import { attempt, iconButton, menu } from "./feedback.js";
import { icon } from "./icons.js";
import { pictureActions } from "./actions.js";

export const altOf = (picture) => picture.prompt || t("picture.untitled");

export const image = (picture, attributes) =>
  h("img", {
    src: fileOf(picture, { width: 512 }),
    alt: altOf(picture),
    width: picture.width,
    height: picture.height,
    loading: "lazy",
    decoding: "async",
    ...attributes,
  });

export function heart(picture) {
  const button = iconButton("heart", t("picture.favourite"), async () => {
    const wanted = button.getAttribute("aria-pressed") !== "true";
    press(wanted);
    const changed = await attempt(() => setFavourite(picture, wanted));
    if (changed) picture.favourite = changed.favourite;
    press(picture.favourite);
  });
  const press = (is) => button.setAttribute("aria-pressed", is);
  press(picture.favourite);
  return button;
}

export function tile(picture, { onremove } = {}) {
  const more = iconButton("more", t("picture.more", { prompt: altOf(picture) }), null);
  return h(
    "figure",
    { class: "tile", "data-picture": picture.id },
    h("a", { href: `/pictures/${picture.id}` }, image(picture)),
    h("div", { class: "tile-actions" }, heart(picture), menu(more, () => pictureActions(picture, { onremove }))),
  );
}

/// A picture that can be chosen: a checkbox over its corner.
export function selectableTile(picture, { selected, onchange }) {
  const box = h("input", {
    type: "checkbox",
    checked: selected,
    "aria-label": altOf(picture),
    onchange: (event) => onchange(event.target.checked, event),
  });
  return h("label", { class: "tile selectable", "data-picture": picture.id }, box, image(picture, { alt: "" }), icon("check"));
}

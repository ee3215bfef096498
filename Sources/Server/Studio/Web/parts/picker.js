// Choosing a picture: from the history, or a file.

import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { fileOf, searchPictures, upload } from "../state/pictures.js";
import { attempt, dialog } from "./feedback.js";
import { icon } from "./icons.js";
import { altOf } from "./tile.js";

/// - Returns: a picture of the history (a file that was chosen is handed in first); null where nothing was.
export async function choosePicture(title) {
  const { pictures } = await searchPictures({ limit: 60 });
  return dialog(
    title,
    (close) => {
      const file = h("input", { type: "file", accept: "image/png,image/jpeg,image/webp", hidden: true, onchange: () => take(file.files[0], close) });
      return [
        file,
        h("button", { class: "button", type: "button", onclick: () => file.click() }, icon("upload"), t("picker.file")),
        pictures.length === 0 ? h("p", { class: "aside" }, t("picker.none")) : null,
        h(
          "div",
          { class: "picker" },
          h(
            "div",
            { class: "grid" },
            pictures.map((picture) =>
              h(
                "button",
                { class: "tile", type: "button", "aria-label": altOf(picture), onclick: () => close(picture) },
                h("img", { src: fileOf(picture, { width: 256 }), alt: "", loading: "lazy" }),
              ),
            ),
          ),
        ),
      ];
    },
    { wide: true },
  );
}

const take = (file, close) =>
  attempt(async () => {
    if (file) close(await upload(file));
  });

/// A place for one picture: a button that opens the history, and takes what is dropped on it.
export function pictureSlot(label, { picture = null, onchange }) {
  const button = h("button", { class: "source", type: "button" });
  const draw = () => {
    button.replaceChildren();
    button.classList.toggle("full", Boolean(picture));
    button.setAttribute("aria-label", picture ? `${label}: ${altOf(picture)}` : label);
    if (picture) button.append(h("img", { src: fileOf(picture, { width: 512 }), alt: "" }));
    else button.append(h("span", null, icon("plus"), label, h("small", null, t("picker.drop"))));
  };
  const set = (value) => {
    picture = value;
    draw();
    onchange(picture);
  };
  button.addEventListener("click", () => attempt(async () => {
    const chosen = await choosePicture(label);
    if (chosen) set(chosen);
  }));
  button.addEventListener("dragover", (event) => {
    event.preventDefault();
    button.classList.add("over");
  });
  button.addEventListener("dragleave", () => button.classList.remove("over"));
  button.addEventListener("drop", (event) => {
    event.preventDefault();
    button.classList.remove("over");
    const [file] = event.dataTransfer.files;
    if (file) attempt(async () => set(await upload(file)));
  });
  draw();
  return { element: button, set: (value) => ((picture = value), draw()) };
}

// One picture: large, with how it was made and where one can go from it.

import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { date, number, t, tOr } from "../base/i18n.js";
import { go } from "../base/router.js";
import { shortcuts } from "../base/shortcuts.js";
import { mainStage } from "../state/draft.js";
import { fileOf, sequence } from "../state/pictures.js";
import { collect, downloads, drawAgain, remove, waysOn } from "../parts/actions.js";
import { menu } from "../parts/feedback.js";
import { icon } from "../parts/icons.js";
import { headingOf } from "../parts/long-text.js";
import { sharing } from "../parts/sharing.js";
import { altOf, heart, image } from "../parts/tile.js";

export default async function picturePage({ params, signal }) {
  const picture = await api.get(`/api/pictures/${encodeURIComponent(params.picture)}`);
  const place = sequence.value.findIndex(({ id }) => id === picture.id);
  const neighbour = (step) => (place < 0 ? null : sequence.value[place + step]);
  const turn = (step) => {
    const other = neighbour(step);
    if (!other) return false;
    go(`/pictures/${other.id}`, { replace: true });
  };
  const away = () => go("/history");
  shortcuts(
    [
      { keys: ["ArrowLeft"], label: "keys.previous", run: () => turn(-1) },
      { keys: ["ArrowRight"], label: "keys.next", run: () => turn(1) },
      { keys: ["Escape"], label: "keys.back", run: away },
    ],
    signal,
  );
  const step = (by, name, label) =>
    neighbour(by) &&
    h("button", { class: `icon-button turn turn-${name}`, type: "button", "aria-label": label, onclick: () => turn(by) }, icon(name));
  return {
    title: altOf(picture),
    element: h(
      "section",
      { class: "page picture" },
      h(
        "div",
        { class: "picture-view" },
        image(picture, { src: fileOf(picture), loading: "eager", class: "large" }),
        step(-1, "left", t("picture.previous")),
        step(1, "right", t("picture.next")),
      ),
      h(
        "div",
        { class: "picture-side" },
        headingOf(altOf(picture)),
        h("div", { class: "picture-actions" }, heart(picture), download(picture), shareButton(picture), collectButton(picture), deleteButton(picture, away)),
        h("nav", { class: "ways", "aria-label": t("picture.ways") }, ways(picture)),
        recipe(picture),
      ),
    ),
  };
}

const ways = (picture) => [
  picture.task === "text_to_image" &&
    h("button", { class: "way", type: "button", onclick: () => drawAgain(picture) }, icon("again"), t("picture.again")),
  waysOn(picture).map(({ label, icon: name, href }) => h("a", { class: "way", href }, icon(name), label)),
];

const iconOnly = (name, label, onclick) => h("button", { class: "icon-button", type: "button", "aria-label": label, title: label, onclick }, icon(name));

function download(picture) {
  const trigger = h("button", { class: "button primary", type: "button" }, icon("download"), t("picture.download.menu"));
  return h("div", null, menu(trigger, () => downloads(picture)));
}

const shareButton = (picture) => iconOnly("share", t("picture.share"), () => sharing(picture));
const collectButton = (picture) => iconOnly("collection", t("picture.collect"), () => collect([picture.id]));
const deleteButton = (picture, done) => iconOnly("trash", t("picture.delete"), () => remove([picture.id], done));

/// What the picture was made from, as a list: only what is known.
function recipe(picture) {
  const made = picture.recipe ?? {};
  const { settings } = mainStage(made.stages);
  const rows = [
    ["recipe.task", picture.task && tOr(`task.${picture.task}`, picture.task)],
    ["recipe.negative", made.negative],
    ["recipe.model", made.model],
    ["recipe.size", `${number(picture.width)} × ${number(picture.height)}`],
    ["recipe.seed", picture.seed === null || picture.seed === undefined ? null : h("code", null, String(picture.seed))],
    ["recipe.steps", settings?.steps && number(settings.steps)],
    ["recipe.guidance", settings?.guidance && number(settings.guidance)],
    ["recipe.strength", made.strength !== undefined && number(made.strength, { style: "percent" })],
    ["recipe.source", made.picture && h("a", { href: `/pictures/${made.picture}` }, t("recipe.source.open"))],
    ["recipe.created", date(picture.created)],
  ];
  return h(
    "dl",
    { class: "recipe" },
    rows.filter(([, value]) => value).map(([key, value]) => h("div", null, h("dt", null, t(key)), h("dd", null, value))),
  );
}

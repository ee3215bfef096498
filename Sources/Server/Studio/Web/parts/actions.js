// What can be done with a picture, from a tile's menu or its own page.

import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { go } from "../base/router.js";
import { changeDraft, draftFrom } from "../state/draft.js";
import { bulk, collections, createCollection, fileOf, loadCollections } from "../state/pictures.js";
import { announce, ask, attempt, confirm, dialog, note } from "./feedback.js";
import { icon } from "./icons.js";
import { sharing } from "./sharing.js";

const formats = { png: "PNG", jpeg: "JPEG", webp: "WebP" };

export const downloads = (picture) =>
  Object.entries(formats).map(([format, name]) => ({
    label: t("picture.download", { format: name }),
    icon: "download",
    href: fileOf(picture, { format, download: true }),
    download: `limn.${format}`,
  }));

/// Ways to go on from a picture: data for links and menus.
export const waysOn = (picture) => [
  { label: t("picture.edit"), icon: "edit", href: `/edit/${picture.id}` },
  { label: t("picture.vary"), icon: "vary", href: `/blend#vary=${picture.id}` },
  { label: t("picture.blend"), icon: "blend", href: `/blend#blend=${picture.id}` },
  { label: t("picture.extend"), icon: "extend", href: `/extend#${picture.id}` },
];

export function drawAgain(picture) {
  changeDraft(draftFrom(picture));
  go("/");
}

export const pictureActions = (picture, { onremove } = {}) => [
  ...waysOn(picture),
  picture.task === "text_to_image" && { label: t("picture.again"), icon: "again", run: () => drawAgain(picture) },
  ...downloads(picture),
  { label: t("picture.collect"), icon: "collection", run: () => collect([picture.id]) },
  { label: t("picture.share"), icon: "share", run: () => sharing(picture) },
  { label: t("picture.delete"), icon: "trash", run: () => remove([picture.id], onremove) },
];

/// Deletes pictures, after a question.
export async function remove(ids, done) {
  const title = t("delete.title", { n: ids.length });
  if (!(await confirm(title, t("delete.text"), t("delete.action")))) return;
  await attempt(async () => {
    await bulk(ids, "delete");
    announce(t("delete.done", { n: ids.length }));
    done?.(ids);
  });
}

/// Puts pictures into a collection, one that is there or a new one.
export async function collect(ids) {
  if (!(await attempt(loadCollections))) return;
  const choice = await dialog(t("collect.title"), (close) =>
    h(
      "div",
      { class: "choices" },
      collections.value.map((collection) =>
        h("button", { class: "choice", onclick: () => close(collection) }, icon("collection"), collection.name, h("small", null, t("pictures.count", { n: collection.count }))),
      ),
      h("button", { class: "choice", onclick: () => close("new") }, icon("plus"), t("collect.new")),
    ),
  );
  if (!choice) return;
  await attempt(async () => {
    const name = choice === "new" ? await ask(t("collect.new"), t("collect.name"), { action: t("collect.create") }) : null;
    if (choice === "new" && !name) return;
    const collection = name ? await createCollection(name) : choice;
    await bulk(ids, "collect", collection.id);
    note(t("collect.done", { name: collection.name }), {
      action: { label: t("collect.open"), run: () => go(`/collections/${collection.id}`) },
    });
  });
}

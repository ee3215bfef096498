// A share link: made when asked for, and taken back as easily.

import { api } from "../base/api.js";
import { h, show } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { attempt, announce, dialog } from "./feedback.js";
import { copyable } from "./copy.js";

export function sharing(picture) {
  const body = h("div", { class: "sharing" });
  const make = () =>
    attempt(async () => {
      picture.share = (await api.post(`/api/pictures/${picture.id}/share`)).url;
      draw();
    });
  const revoke = () =>
    attempt(async () => {
      await api.delete(`/api/pictures/${picture.id}/share`);
      picture.share = null;
      announce(t("share.revoked"));
      draw();
    });
  const draw = () =>
    picture.share
      ? show(
          body,
          h("p", null, t("share.on")),
          copyable(new URL(picture.share, location.origin).href, t("share.link")),
          h("button", { class: "button danger", onclick: revoke }, t("share.revoke")),
        )
      : show(
          body,
          h("p", null, t("share.off")),
          h("button", { class: "button primary", onclick: make }, t("share.make")),
        );
  draw();
  return dialog(t("share.title"), () => body);
}

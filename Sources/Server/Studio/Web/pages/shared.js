// A picture that someone shares, for people without an account.

import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { date, t } from "../base/i18n.js";
import { headingOf } from "../parts/long-text.js";
import { mark } from "../parts/shell.js";

export default async function shared({ params }) {
  const token = encodeURIComponent(params.token);
  const { picture } = await api.get(`/api/shares/${token}`, { anonymous: true });
  const title = picture.prompt || t("picture.untitled");
  return {
    title,
    element: h(
      "section",
      { class: "page shared" },
      h("img", { class: "large", src: `/api/shares/${token}/file`, alt: title, width: picture.width, height: picture.height }),
      headingOf(title),
      h("p", { class: "aside" }, date(picture.created, { dateStyle: "long" })),
      h("a", { class: "brand", href: "/" }, mark(), h("span", null, "Limn")),
    ),
  };
}

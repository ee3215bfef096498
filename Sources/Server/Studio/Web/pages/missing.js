import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";

export default function missing() {
  return {
    title: t("missing.title"),
    element: h(
      "section",
      { class: "page narrow empty" },
      h("h1", { tabindex: "-1" }, t("missing.title")),
      h("p", null, t("missing.text")),
      h("a", { class: "button primary", href: "/" }, t("missing.home")),
    ),
  };
}

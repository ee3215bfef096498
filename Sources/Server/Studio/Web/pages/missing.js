// What has no page, or is not there any more.

import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { nothing } from "../parts/nothing.js";
import { session } from "../state/session.js";

export default function missing() {
  const ways = session.value.account
    ? [h("a", { class: "button primary", href: "/" }, t("missing.draw")), h("a", { class: "button", href: "/history" }, t("create.all"))]
    : [h("a", { class: "button primary", href: "/sign-in" }, t("sign-in.action"))];
  return { title: t("missing.title"), element: nothing({ title: t("missing.title"), text: t("missing.text"), actions: ways }) };
}

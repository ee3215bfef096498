import { api } from "../base/api.js";
import { h } from "../base/dom.js";
import { t, tOr } from "../base/i18n.js";

export default async function policy() {
  const { categories } = await api.get("/api/policy", { anonymous: true });
  return {
    title: t("policy.title"),
    element: h(
      "section",
      { class: "page narrow text" },
      h("h1", { tabindex: "-1" }, t("policy.title")),
      h("p", { class: "lead" }, t("policy.lead")),
      h("p", null, t("policy.how")),
      h("h2", null, t("policy.categories")),
      h(
        "ul",
        { class: "rules" },
        categories.map(({ id, name, blocked }) =>
          h("li", null, h("span", null, tOr(`category.${id}`, name ?? id)), h("span", { class: blocked ? "tag strong" : "tag" }, blocked ? t("policy.blocked") : t("policy.allowed"))),
        ),
      ),
      h("h2", null, t("policy.yours.title")),
      h("p", null, t("policy.yours")),
    ),
  };
}

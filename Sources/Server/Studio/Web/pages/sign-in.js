import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { go } from "../base/router.js";
import { session } from "../state/session.js";
import { mark } from "../parts/shell.js";
import { signInForm } from "../parts/sign-in-form.js";

/// Where the person was going before they were asked in.
function next() {
  const path = sessionStorage.getItem("limn.after-sign-in") ?? "/";
  sessionStorage.removeItem("limn.after-sign-in");
  return path;
}

export default function signInPage() {
  const up = location.pathname === "/sign-up";
  const { sign_up: mode, first_run: firstRun } = session.value;
  const invitation = new URLSearchParams(location.hash.slice(1) || location.search).get("invitation") ?? undefined;
  const closed = up && !firstRun && !invitation && mode !== "open";
  const title = up ? t("sign-up.title") : t("sign-in.title");
  const text = firstRun ? t("sign-up.first") : up ? t("sign-up.text") : t("sign-in.text");
  return {
    title,
    kind: "sign-in",
    element: h(
      "section",
      { class: "page sign-in" },
      h(
        "div",
        { class: "sign-in-card" },
        h("div", { class: "brand" }, mark(), h("span", null, "Limn")),
        h("h1", { tabindex: "-1" }, title),
        h("p", { class: "lead" }, closed ? t(`sign-up.${mode}`) : text),
        !closed && signInForm({ up, invitation, done: () => go(next(), { replace: true }) }),
        h("p", { class: "aside" }, up ? h("a", { href: "/sign-in" }, t("sign-in.instead")) : mode === "open" && h("a", { href: "/sign-up" }, t("sign-up.instead"))),
        h("p", { class: "aside" }, h("a", { href: "/policy" }, t("policy.title"))),
      ),
    ),
  };
}

// What surrounds every page: the name, the ways to the pages, the account, and a banner while the server is away.

import { h, show } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { go } from "../base/router.js";
import { activeShortcuts, written } from "../base/shortcuts.js";
import { online } from "../state/live.js";
import { isActive, jobs } from "../state/jobs.js";
import { session, signOut } from "../state/session.js";
import { attempt, dialog, menu } from "./feedback.js";
import { icon } from "./icons.js";

const places = [
  { path: "/", icon: "create", label: "nav.create" },
  { path: "/history", icon: "history", label: "nav.history", also: /^\/(pictures|collections)\// },
  { path: "/extend", icon: "extend", label: "nav.extend" },
  { path: "/blend", icon: "blend", label: "nav.blend" },
];

let last = new AbortController();

export function shell({ bare, main }) {
  last.abort();
  last = new AbortController();
  if (bare) return [banner(last.signal), main];
  return [
    h("a", { class: "skip", href: "#main", onclick: (event) => (event.preventDefault(), main.focus()) }, t("nav.skip")),
    h(
      "header",
      { class: "top" },
      h("a", { class: "brand", href: "/", "aria-label": t("nav.home") }, mark(), h("span", null, "Limn")),
      session.value.account && navigation(last.signal),
      session.value.account ? accountMenu() : h("a", { class: "button quiet", href: "/sign-in" }, t("sign-in.action")),
    ),
    banner(last.signal),
    main,
  ];
}

export const mark = () => h("img", { class: "mark", src: new URL("../icon.svg", import.meta.url).pathname, alt: "", width: 32, height: 32 });

function navigation(signal) {
  const here = location.pathname;
  const links = places.map(({ path, icon: name, label, also }) =>
    h(
      "a",
      { href: path, "aria-current": path === here || also?.test(here) ? "page" : null },
      icon(name),
      h("span", null, t(label)),
    ),
  );
  const count = h("span", { class: "count", hidden: true });
  links[0].append(count);
  jobs.subscribe((all) => {
    const active = all.filter(isActive).length;
    count.hidden = active === 0 || here === "/";
    count.textContent = active;
  }, signal);
  return h("nav", { class: "places", "aria-label": t("nav.label") }, links);
}

function accountMenu() {
  const { account } = session.value;
  const trigger = h(
    "button",
    { class: "avatar", type: "button", "aria-label": t("nav.account", { email: account.email }) },
    account.email[0].toUpperCase(),
  );
  return h(
    "div",
    { class: "account-menu" },
    menu(trigger, () => [
      { label: t("account.title"), icon: "account", href: "/account" },
      account.admin && { label: t("admin.title"), icon: "admin", href: "/admin" },
      { label: t("policy.title"), icon: "check", href: "/policy" },
      { label: t("keys.title"), icon: "keyboard", run: showShortcuts },
      { label: t("sign-out.action"), icon: "right", run: leave },
    ]),
  );
}

export const leave = () =>
  attempt(async () => {
    await signOut();
    go("/sign-in");
  });

function banner(signal) {
  const element = h("div", { class: "banner", role: "status" });
  online.subscribe((is) => {
    element.hidden = is;
    show(element, is ? null : [icon("warning"), t("offline.banner")]);
  }, signal);
  return element;
}

/// All keys that work on this page.
export function showShortcuts() {
  const rows = activeShortcuts().map(({ keys, label }) =>
    h("div", null, h("dt", null, t(label)), h("dd", null, written(keys[0]).map((part) => h("kbd", null, part)))),
  );
  return dialog(t("keys.title"), () => h("dl", { class: "keys" }, rows));
}

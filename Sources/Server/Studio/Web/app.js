// The studio's start: language and session, then the page that the address names.

import { h, show } from "./base/dom.js";
import { loadLanguage, t } from "./base/i18n.js";
import { go, match, start } from "./base/router.js";
import { shortcuts } from "./base/shortcuts.js";
import { connect, disconnect } from "./state/live.js";
import { loadSession, session, whenExpired } from "./state/session.js";
import "./state/jobs.js";
import { announce, feedback, messageOf } from "./parts/feedback.js";
import { applyTheme } from "./parts/theme.js";
import { shell, showShortcuts } from "./parts/shell.js";

const app = document.getElementById("app");
const main = h("main", { id: "main", tabindex: "-1" });
let page = new AbortController();
let first = true;

/// Where an address leads for who is (not) signed in.
function redirect({ options }) {
  const { account, first_run: firstRun } = session.value;
  const { pathname } = location;
  if (!account && !options.anonymous) return firstRun ? "/sign-up" : "/sign-in";
  if (account && (pathname === "/sign-in" || pathname === "/sign-up")) return "/";
  return null;
}

async function render() {
  const route = match(location.pathname);
  const elsewhere = redirect(route);
  if (elsewhere) {
    if (elsewhere !== "/") sessionStorage.setItem("limn.after-sign-in", location.pathname);
    return go(elsewhere, { replace: true });
  }
  page.abort();
  page = new AbortController();
  const { signal } = page;
  main.setAttribute("aria-busy", "true");
  try {
    const module = await route.load();
    const made = await module.default({ params: route.params, signal });
    if (signal.aborted) return;
    present(made, route.options);
  } catch (error) {
    if (signal.aborted) return;
    present(failed(error), route.options);
  }
}

function present({ title, element, kind = "" }, { bare = false }) {
  document.title = title ? `${title} · Limn` : "Limn";
  document.body.className = [kind, bare && "bare"].filter(Boolean).join(" ");
  show(app, shell({ bare, main }), feedback());
  show(main, element);
  main.removeAttribute("aria-busy");
  if (!first) {
    scrollTo(0, 0);
    (main.querySelector("[data-focus]") ?? main.querySelector("h1") ?? main).focus({ preventScroll: true });
    announce(document.title);
  }
  first = false;
}

const failed = (error) => ({
  title: t("error.title"),
  element: h(
    "section",
    { class: "page narrow empty" },
    h("h1", { tabindex: "-1" }, error.status === 404 ? t("missing.title") : t("error.title")),
    h("p", null, messageOf(error)),
    h("button", { class: "button primary", onclick: render }, t("error.retry")),
  ),
});

/// The server may be starting: the page waits for it.
async function firstSession() {
  for (;;) {
    try {
      return await loadSession();
    } catch (error) {
      show(app, h("p", { class: "waiting", role: "status" }, messageOf(error)));
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

applyTheme();
await loadLanguage();
await firstSession();
whenExpired(async () => (await import("./parts/sign-in-form.js")).signInAgain());
session.subscribe(({ account }) => (account ? connect() : disconnect()));
shortcuts([{ keys: ["?"], label: "keys.help", run: () => void showShortcuts() }]);
start(render);

// The studio's start: language and session, then the page that the address names.

import { h, show, wait } from "./base/dom.js";
import { loadLanguage, t, tOr } from "./base/i18n.js";
import { go, match, start } from "./base/router.js";
import { shortcuts } from "./base/shortcuts.js";
import { connect, disconnect } from "./state/live.js";
import { loadSession, session, whenExpired } from "./state/session.js";
import "./state/jobs.js";
import { announce, closeDialogs, feedback, messageOf } from "./parts/feedback.js";
import { nothing } from "./parts/nothing.js";
import missing from "./pages/missing.js";
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
  closeDialogs();
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

/// What could not be shown: it is not there, or something went wrong.
const failed = (error) =>
  error.status === 404
    ? missing()
    : {
        title: t("error.title"),
        element: nothing({
          title: t("error.title"),
          text: messageOf(error),
          actions: h("button", { class: "button primary", onclick: render }, t("error.retry")),
        }),
      };

/// The server may be starting: the page waits for it.
async function begin() {
  for (;;) {
    try {
      return await Promise.all([loadLanguage(), loadSession()]);
    } catch {
      show(app, h("p", { class: "waiting", role: "status" }, tOr("error.offline", "…")));
      await wait(2000);
    }
  }
}

applyTheme();
await begin();
whenExpired(async () => (await import("./parts/sign-in-form.js")).signInAgain());
session.subscribe(({ account }) => (account ? connect() : disconnect()));
shortcuts([{ keys: ["?"], label: "keys.help", run: () => void showShortcuts() }]);
start(render);

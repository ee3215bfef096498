// Addresses to pages. A page is a module whose default export makes, from its parameters, an element and a title; what
// it starts ends with the signal that it is given. No address holds a prompt.

const pages = [
  ["/", () => import("../pages/create.js")],
  ["/history", () => import("../pages/history.js")],
  ["/collections/:collection", () => import("../pages/history.js")],
  ["/pictures/:picture", () => import("../pages/picture.js")],
  ["/edit/:picture", () => import("../pages/edit.js")],
  ["/extend", () => import("../pages/extend.js")],
  ["/blend", () => import("../pages/blend.js")],
  ["/account", () => import("../pages/account.js")],
  ["/admin", () => import("../pages/admin.js")],
  ["/policy", () => import("../pages/policy.js"), { anonymous: true }],
  ["/sign-in", () => import("../pages/sign-in.js"), { anonymous: true, bare: true }],
  ["/sign-up", () => import("../pages/sign-in.js"), { anonymous: true, bare: true }],
  ["/s/:token", () => import("../pages/shared.js"), { anonymous: true, bare: true }],
];

const routes = pages.map(([pattern, load, options = {}]) => ({
  pattern: new RegExp(`^${pattern.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`),
  load,
  options,
}));

const missing = { load: () => import("../pages/missing.js"), options: { anonymous: true } };

/// The route of a path, with its parameters.
export function match(path) {
  for (const route of routes) {
    const found = route.pattern.exec(path);
    if (found) return { ...route, params: { ...found.groups } };
  }
  return { ...missing, params: {} };
}

let onChange = () => {};

/// Follows addresses: calls `change` now and at every navigation.
export function start(change) {
  onChange = change;
  addEventListener("popstate", () => onChange());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.origin !== location.origin || link.target || link.hasAttribute("download")) return;
    if (match(link.pathname).load === missing.load) return;
    event.preventDefault();
    go(link.pathname + link.hash);
  });
  onChange();
}

export function go(path, { replace = false } = {}) {
  if (replace) history.replaceState(null, "", path);
  else if (path !== location.pathname + location.hash) history.pushState(null, "", path);
  onChange();
}

/// Draws the page anew, as after a change of language.
export const refresh = () => onChange();

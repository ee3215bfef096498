// The account: what was used, keys for programs, the password, and how the page looks and speaks.

import { api } from "../base/api.js";
import { h, show } from "../base/dom.js";
import { bytes, chosenLanguage, date, language, languages, loadLanguage, number, t } from "../base/i18n.js";
import { go, refresh } from "../base/router.js";
import { singleKeys } from "../base/shortcuts.js";
import { session, signOut } from "../state/session.js";
import { announce, attempt, confirm, dialog, field, iconButton, note } from "../parts/feedback.js";
import { copyable } from "../parts/copy.js";
import { icon } from "../parts/icons.js";
import { problemLine } from "../parts/problem.js";
import { segmented } from "../parts/prompt-form.js";
import { leave } from "../parts/shell.js";
import { snippets } from "../parts/snippets.js";
import { theme } from "../parts/theme.js";

export default async function account() {
  const [usage, { keys }] = await Promise.all([api.get("/api/usage"), api.get("/api/keys")]);
  return {
    title: t("account.title"),
    element: h(
      "section",
      { class: "page narrow account" },
      h("header", { class: "page-head" }, h("h1", { tabindex: "-1" }, t("account.title")), h("p", { class: "lead" }, session.value.account.email)),
      usageSection(usage),
      keysSection(keys),
      looksSection(),
      signInSection(),
    ),
  };
}

const section = (title, ...contents) => h("section", { class: "card" }, h("h2", null, title), contents);

/// "12 of 50" with a bar, where there is a limit.
export const meter = (label, used, limit, hint) =>
  h(
    "div",
    { class: "meter" },
    h("div", { class: "meter-line" }, h("span", null, label), h("strong", null, limit ? t("usage.of", { used: number(used), limit: number(limit) }) : number(used))),
    limit && h("meter", { min: 0, max: limit, value: Math.min(used, limit), high: limit * 0.9, "aria-label": label }),
    hint && h("small", null, hint),
  );

function usageSection({ minute, month, queue, storage, days }) {
  const most = Math.max(1, ...days.map(({ images }) => images));
  return section(
    t("usage.title"),
    h(
      "div",
      { class: "meters" },
      meter(t("usage.minute"), minute.used, minute.limit),
      meter(t("usage.month"), month.used, month.quota, month.reset && t("usage.reset", { date: date(month.reset, { dateStyle: "medium" }) })),
      meter(t("usage.queue"), queue.active, queue.limit),
      storage && h("div", { class: "meter" }, h("div", { class: "meter-line" }, h("span", null, t("usage.storage")), h("strong", null, bytes(storage.bytes)))),
    ),
    days.length > 0 &&
      h(
        "figure",
        { class: "days" },
        h("figcaption", null, t("usage.days")),
        h(
          "ol",
          { class: "bars" },
          days.map(({ day, images }) => {
            const bar = h("li", { title: `${day}: ${images}` }, h("span", { class: "visually-hidden" }, `${day}: ${images}`));
            bar.style.setProperty("--share", images / most);
            return bar;
          }),
        ),
      ),
  );
}

function keysSection(initial) {
  let keys = initial;
  const list = h("ul", { class: "rows" });
  const draw = () =>
    show(
      list,
      keys.length === 0 && h("li", { class: "aside" }, t("key.none")),
      keys.map((key) =>
        h(
          "li",
          null,
          icon("key"),
          h("div", null, h("strong", { dir: "auto" }, key.name), h("code", null, key.prefix), h("small", null, key.last_used ? t("key.used", { date: date(key.last_used) }) : t("key.unused"), key.expires && ` · ${t("key.expires", { date: date(key.expires, { dateStyle: "medium" }) })}`)),
          iconButton("trash", t("key.revoke.name", { name: key.name }), () => revoke(key)),
        ),
      ),
    );

  async function revoke(key) {
    if (!(await confirm(t("key.revoke.title", { name: key.name }), t("key.revoke.text"), t("key.revoke")))) return;
    await attempt(async () => {
      await api.delete(`/api/keys/${key.id}`);
      keys = keys.filter(({ id }) => id !== key.id);
      draw();
      announce(t("key.revoked"));
    });
  }

  async function create() {
    const made = await newKey();
    if (!made) return;
    keys = [made, ...keys];
    draw();
    await showKey(made);
  }

  draw();
  return section(
    t("key.title"),
    h("p", null, t("key.text")),
    list,
    h("button", { class: "button primary", type: "button", onclick: create }, icon("plus"), t("key.create")),
  );
}

const newKey = () =>
  dialog(t("key.create"), (close) => {
    const name = h("input", { class: "input", required: true, maxlength: 60, autofocus: true });
    const expiry = h(
      "select",
      { class: "input" },
      [0, 30, 90, 365].map((days) => h("option", { value: days }, days ? t("key.days", { n: days }) : t("key.forever"))),
    );
    const problem = problemLine();
    const send = async (event) => {
      event.preventDefault();
      try {
        close(await api.post("/api/keys", { name: name.value.trim(), expires_in_days: Number(expiry.value) || undefined }));
      } catch (error) {
        problem.tell(error);
      }
    };
    return h(
      "form",
      { onsubmit: send },
      field(t("key.name"), name, t("key.name.hint")),
      field(t("key.expiry"), expiry),
      problem.element,
      h("footer", null, h("button", { class: "button quiet", type: "button", onclick: () => close() }, t("cancel")), h("button", { class: "button primary" }, t("key.create"))),
    );
  });

/// The one time that a key is shown, with programs that use it.
function showKey({ key, name }) {
  const example = h("div");
  const pick = (id) => show(example, copyable(snippets[id].text(location.origin, key), snippets[id].name, { multiline: true }));
  pick("python");
  return dialog(
    t("key.made", { name }),
    (close) => [
      h("p", { class: "problem" }, icon("warning"), t("key.once")),
      copyable(key, t("key.value"), { autofocus: true }),
      segmented(t("key.example"), Object.entries(snippets).map(([id, { name: title }]) => [id, title]), "python", pick),
      example,
      h("footer", null, h("button", { class: "button primary", onclick: () => close() }, t("key.kept"))),
    ],
    { wide: true },
  );
}

function looksSection() {
  const tongue = h(
    "select",
    { class: "input", onchange: async () => {
      chosenLanguage.value = tongue.value;
      await loadLanguage();
      refresh();
    } },
    Object.entries(languages).map(([code, name]) => h("option", { value: code, lang: code, selected: code === language() }, name)),
  );
  const single = h("input", { type: "checkbox", checked: singleKeys.value, onchange: () => (singleKeys.value = single.checked) });
  return section(
    t("looks.title"),
    field(t("looks.language"), tongue),
    segmented(t("looks.theme"), ["system", "light", "dark"].map((name) => [name, t(`looks.theme.${name}`)]), theme.value, (value) => (theme.value = value)),
    h("label", { class: "check" }, single, t("looks.keys")),
  );
}

function signInSection() {
  const old = h("input", { class: "input", type: "password", autocomplete: "current-password", required: true });
  const fresh = h("input", { class: "input", type: "password", autocomplete: "new-password", required: true, minlength: 8 });
  const problem = problemLine();
  const change = async (event) => {
    event.preventDefault();
    problem.clear();
    try {
      await api.patch("/api/account", { current_password: old.value, new_password: fresh.value });
      event.target.reset();
      note(t("password.changed"));
    } catch (error) {
      problem.tell(error);
    }
  };
  const everywhere = () =>
    attempt(async () => {
      await signOut({ everywhere: true });
      go("/sign-in");
    });
  return section(
    t("password.title"),
    h(
      "form",
      { onsubmit: change, class: "fields" },
      h("input", { type: "email", autocomplete: "username", value: session.value.account.email, hidden: true, readonly: true }),
      field(t("password.old"), old),
      field(t("password.new"), fresh, t("sign-up.password.hint")),
      problem.element,
      h("div", { class: "row" }, h("button", { class: "button" }, t("password.change"))),
    ),
    h("div", { class: "row" }, h("button", { class: "button", type: "button", onclick: leave }, t("sign-out.action")), h("button", { class: "button", type: "button", onclick: everywhere }, t("sign-out.everywhere"))),
  );
}

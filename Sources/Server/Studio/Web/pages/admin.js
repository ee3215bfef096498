// The host's page: how the server does, who may sign up, and the accounts.

import { api } from "../base/api.js";
import { debounce, h, show } from "../base/dom.js";
import { bytes, date, number, t } from "../base/i18n.js";
import { copyable } from "../parts/copy.js";
import { announce, attempt, dialog, field, iconButton } from "../parts/feedback.js";
import { icon } from "../parts/icons.js";
import { segmented } from "../parts/prompt-form.js";

export default async function admin() {
  const [status, first] = await Promise.all([api.get("/api/admin/status"), api.get("/api/admin/users")]);
  return {
    title: t("admin.title"),
    element: h(
      "section",
      { class: "page admin" },
      h("h1", { tabindex: "-1" }, t("admin.title")),
      figures(status),
      signUps(status),
      accounts(first),
    ),
  };
}

const figure = (label, value) => h("div", { class: "figure" }, h("dt", null, label), h("dd", null, value));

const figures = ({ queue, disk, models, images, version }) =>
  h(
    "dl",
    { class: "figures" },
    figure(t("admin.queue"), t("admin.queue.value", { running: number(queue.running), queued: number(queue.queued) })),
    figure(t("admin.images"), t("admin.images.value", { today: number(images.today), month: number(images.month) })),
    figure(t("admin.disk"), t("admin.disk.value", { free: bytes(disk.free) })),
    figure(t("admin.models"), models.map(({ id, loaded }) => h("span", { class: loaded ? "tag strong" : "tag" }, id))),
    figure(t("admin.version"), version),
  );

function signUps({ sign_up: mode }) {
  const change = (value) =>
    attempt(async () => {
      await api.patch("/api/admin/status", { sign_up: value });
      announce(t("admin.saved"));
    });
  const invite = () =>
    attempt(async () => {
      const { url } = await api.post("/api/admin/invitations", {});
      await dialog(t("admin.invite"), () => [h("p", null, t("admin.invite.text")), copyable(new URL(url, location.origin).href, t("admin.invite.link"))]);
    });
  return h(
    "section",
    { class: "card" },
    h("h2", null, t("admin.sign-up")),
    segmented(t("admin.sign-up.who"), ["open", "invitation", "closed"].map((name) => [name, t(`admin.sign-up.${name}`)]), mode, change),
    h("button", { class: "button", type: "button", onclick: invite }, icon("plus"), t("admin.invite")),
  );
}

function accounts(first) {
  let { users, next } = first;
  let q = "";
  const body = h("tbody");
  const more = h("button", { class: "button quiet", type: "button", onclick: () => load(true) }, t("history.more"));
  const draw = () => {
    more.hidden = !next;
    show(body, users.map(row));
  };
  const load = (further) =>
    attempt(async () => {
      const answer = await api.post("/api/admin/users/search", { q: q || undefined, cursor: further ? next : undefined });
      users = further ? [...users, ...answer.users] : answer.users;
      next = answer.next;
      draw();
    });
  const change = (user, changes) =>
    attempt(async () => {
      Object.assign(user, await api.patch(`/api/admin/users/${user.id}`, changes));
      draw();
      announce(t("admin.saved"));
    });

  function row(user) {
    return h(
      "tr",
      { class: user.disabled ? "disabled" : null },
      h("th", { scope: "row" }, user.email, user.admin && h("span", { class: "tag strong" }, t("admin.is-admin")), user.disabled && h("span", { class: "tag" }, t("admin.disabled"))),
      h("td", null, date(user.created, { dateStyle: "medium" })),
      h("td", { class: "number" }, number(user.images_month ?? 0)),
      h("td", { class: "number" }, user.limit_minute ? number(user.limit_minute) : t("admin.default")),
      h("td", { class: "number" }, user.quota_month ? number(user.quota_month) : t("admin.default")),
      h("td", null, iconButton("edit", t("admin.edit", { email: user.email }), () => edit(user, (changes) => change(user, changes)))),
    );
  }

  draw();
  const search = h("input", { class: "input", type: "search", "aria-label": t("admin.search"), placeholder: t("admin.search"), oninput: debounce(250, (event) => ((q = event.target.value.trim()), load(false))) });
  return h(
    "section",
    { class: "card" },
    h("header", { class: "page-head" }, h("h2", null, t("admin.accounts")), h("div", { class: "search" }, icon("search"), search)),
    h(
      "div",
      { class: "table", tabindex: "0", role: "region", "aria-label": t("admin.accounts") },
      h(
        "table",
        null,
        h("thead", null, h("tr", null, ["email", "since", "month", "minute", "quota", "change"].map((name) => h("th", { scope: "col" }, t(`admin.column.${name}`))))),
        body,
      ),
    ),
    more,
  );
}

function edit(user, save) {
  const value = (input) => (input.value.trim() === "" ? null : Number(input.value));
  return dialog(user.email, (close) => {
    const minute = h("input", { class: "input", type: "number", min: 0, value: user.limit_minute ?? "", placeholder: t("admin.default") });
    const quota = h("input", { class: "input", type: "number", min: 0, value: user.quota_month ?? "", placeholder: t("admin.default") });
    const isAdmin = h("input", { type: "checkbox", checked: user.admin });
    const disabled = h("input", { type: "checkbox", checked: user.disabled });
    const send = (event) => {
      event.preventDefault();
      close();
      save({ limit_minute: value(minute), quota_month: value(quota), admin: isAdmin.checked, disabled: disabled.checked });
    };
    return h(
      "form",
      { onsubmit: send },
      field(t("admin.column.minute"), minute),
      field(t("admin.column.quota"), quota),
      h("label", { class: "check" }, isAdmin, t("admin.is-admin")),
      h("label", { class: "check" }, disabled, t("admin.disable")),
      h("footer", null, h("button", { class: "button quiet", type: "button", onclick: () => close() }, t("cancel")), h("button", { class: "button primary" }, t("save"))),
    );
  });
}

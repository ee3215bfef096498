// Signing in and up: on a page of its own, or over the page where a session ended.

import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { lastEmail, signIn, signUp } from "../state/session.js";
import { dialog, field } from "./feedback.js";
import { problemLine } from "./problem.js";

/// - invitation: a token that came with the address, where one is needed.
export function signInForm({ up = false, invitation, email = "", done }) {
  const problem = problemLine();
  const address = h("input", { class: "input", type: "email", name: "email", autocomplete: "username", required: true, value: email, autofocus: true });
  const password = h("input", {
    class: "input",
    type: "password",
    name: "password",
    autocomplete: up ? "new-password" : "current-password",
    required: true,
    minlength: up ? 8 : null,
  });
  const button = h("button", { class: "button primary wide" }, up ? t("sign-up.action") : t("sign-in.action"));

  async function send(event) {
    event.preventDefault();
    problem.clear();
    button.disabled = true;
    try {
      await (up ? signUp(address.value, password.value, invitation) : signIn(address.value, password.value));
      done();
    } catch (error) {
      problem.tell(error);
      password.focus();
    } finally {
      button.disabled = false;
    }
  }

  return h(
    "form",
    { class: "sign-in-form", onsubmit: send },
    field(t("sign-in.email"), address),
    field(t("sign-in.password"), password, up && t("sign-up.password.hint")),
    problem.element,
    button,
  );
}

/// Over a page whose session ended: what is on the page stays.
export async function signInAgain() {
  const back = await dialog(t("expired.title"), (close) => [h("p", null, t("expired.text")), signInForm({ email: lastEmail, done: () => close(true) })]);
  return back === true;
}

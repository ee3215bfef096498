// A line that says what is wrong and what to do, beside what is to be changed.

import { h, show } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { isRefusal, messageOf } from "./feedback.js";
import { icon } from "./icons.js";

export function problemLine() {
  const element = h("p", { class: "problem", role: "alert", hidden: true });
  const say = (...contents) => {
    element.hidden = false;
    show(element, icon("warning"), h("span", null, contents));
  };
  return {
    element,
    say,
    /// Tells an error of the server. After a refusal one may want to read the rules.
    tell: (error) => say(messageOf(error), isRefusal(error) && [" ", h("a", { href: "/policy" }, t("error.policy.read"))]),
    clear: () => (element.hidden = true),
  };
}

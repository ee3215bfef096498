// The first page: one text box, "Generate", pictures.

import { h } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { changeDraft } from "../state/draft.js";
import { jobs } from "../state/jobs.js";
import { jobCard } from "../parts/job-card.js";
import { promptForm } from "../parts/prompt-form.js";
import { examples } from "../parts/surprise.js";

const shown = 12;

/// What was refused was told where it was asked for; of what was deleted nothing is left to show.
const isShown = ({ pictures, state }) => state !== "rejected" && (state !== "succeeded" || pictures.length > 0);

export default function create({ signal }) {
  const feed = h("div", { class: "feed" });
  const form = promptForm({ signal, onsubmit: () => feed.scrollIntoView({ block: "nearest", behavior: "smooth" }) });
  const start = h(
    "ul",
    { class: "examples", "aria-label": t("create.examples") },
    examples.map((text) =>
      h("li", null, h("button", { class: "example", type: "button", lang: "en", dir: "ltr", onclick: () => take(text) }, text)),
    ),
  );
  const all = h("p", { class: "after-feed" }, h("a", { class: "button quiet", href: "/history" }, t("create.all")));
  const element = h(
    "section",
    { class: "page create" },
    h("h1", { tabindex: "-1" }, t("create.title")),
    form,
    start,
    h("section", { class: "feed-section", "aria-label": t("create.feed") }, feed, all),
  );
  const cards = new Map();

  function take(text) {
    const box = form.querySelector("textarea");
    box.value = text;
    changeDraft({ prompt: text });
    box.dispatchEvent(new Event("input"));
    box.focus();
  }

  jobs.subscribe((list) => {
    const visible = list.filter(isShown).slice(0, shown);
    const ids = new Set(visible.map(({ id }) => id));
    for (const [id, card] of cards) {
      if (ids.has(id)) continue;
      card.element.remove();
      cards.delete(id);
    }
    visible.forEach((job, index) => {
      if (cards.has(job.id)) cards.get(job.id).update(job);
      else cards.set(job.id, jobCard(job, { signal }));
      const { element: card } = cards.get(job.id);
      if (feed.children[index] !== card) feed.insertBefore(card, feed.children[index] ?? null);
    });
    element.classList.toggle("has-feed", visible.length > 0);
    start.hidden = visible.length > 0;
    all.hidden = visible.length === 0;
  }, signal);

  return { title: t("nav.create"), element };
}

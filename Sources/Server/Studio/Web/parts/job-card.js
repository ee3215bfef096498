// A job as it goes: its place in the queue, pictures that sharpen, what is left, and how it ended.

import { h, show } from "../base/dom.js";
import { date, duration, t, tOr } from "../base/i18n.js";
import { cancel, isActive, previews, submit } from "../state/jobs.js";
import { announce, attempt, messageOf } from "./feedback.js";
import { icon } from "./icons.js";
import { tile } from "./tile.js";

export const picturesOf = (job) => job.total ?? job.count ?? 1;

/// "3rd in the queue, about 20 s left"
export function statusOf(job) {
  const left = job.eta ? t("job.left", { time: duration(job.eta) }) : "";
  const what = {
    queued: () => (job.position > 1 ? t("job.queued", { n: job.position - 1 }) : t("job.next")),
    running: () => (job.stage === "loading" ? t("job.loading") : t("job.drawing")),
    succeeded: () => (job.filtered ? t("job.filtered", { n: job.filtered }) : date(job.created)),
    cancelled: () => t("job.cancelled"),
    failed: () => messageOf(job.error ?? {}),
    rejected: () => messageOf({ code: "content_policy_violation", ...job.error }),
  }[job.state]?.();
  return [what, isActive(job) && left].filter(Boolean).join(" · ");
}

/// A card that is kept up to date by `update(job)`.
export function jobCard(job, { signal } = {}) {
  const status = h("p", { class: "job-status" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": t("job.progress") });
  const stop = h("button", { class: "button quiet small", type: "button", onclick: () => attempt(() => cancel(job.id)) }, t("cancel"));
  const again = h("button", { class: "button quiet small", type: "button", onclick: repeat }, icon("again"), t("job.again"));
  const grid = h("div", { class: "job-pictures" });
  const element = h(
    "article",
    { class: "job", "data-job": job.id, "data-task": job.task, "aria-label": job.prompt || tOr(`task.${job.task}`, job.task) },
    h("header", null, h("h2", { dir: "auto" }, job.prompt || tOr(`task.${job.task}`, job.task)), h("div", { class: "job-line" }, status, stop, again)),
    bar,
    grid,
  );
  let slots = [];
  let state = null;

  function repeat() {
    attempt(() => submit({ ...job.request, seed: undefined }));
  }

  function update(next) {
    job = next;
    element.dataset.state = job.state;
    status.textContent = statusOf(job);
    bar.hidden = !isActive(job);
    if (job.state === "running") bar.value = job.progress ?? 0;
    else bar.removeAttribute("value");
    stop.hidden = !isActive(job);
    again.hidden = isActive(job) || !job.request;
    drawSlots();
    if (state && state !== job.state) announce(`${job.prompt}: ${job.state === "succeeded" ? t("job.done", { n: job.pictures.length }) : status.textContent}`);
    state = job.state;
  }

  function drawSlots() {
    const total = isActive(job) ? picturesOf(job) : job.pictures.length;
    if (slots.length !== total) {
      slots = Array.from({ length: total }, () => ({ element: h("div", { class: "slot" }), key: null }));
      show(grid, slots.map((slot) => slot.element));
      grid.dataset.count = total;
    }
    const unfinished = previews.value[job.id] ?? [];
    const byIndex = new Map(job.pictures.map((picture) => [picture.index, picture]));
    slots.forEach((slot, index) => {
      const picture = isActive(job) ? byIndex.get(index) : job.pictures[index];
      if (picture) fill(slot, picture.id, () => tile(picture));
      else if (unfinished[index]) sharpen(slot, unfinished[index]);
      else fill(slot, "blank", () => h("div", { class: "blank", role: "img", "aria-label": t("job.blank") }));
    });
  }

  function fill(slot, key, make) {
    if (slot.key === key) return;
    slot.key = key;
    show(slot.element, make());
  }

  function sharpen(slot, address) {
    fill(slot, "preview", () => h("img", { class: "preview", alt: t("job.preview") }));
    const image = slot.element.querySelector("img");
    if (image && image.getAttribute("src") !== address) image.src = address;
  }

  previews.subscribe(() => state && drawSlots(), signal);
  update(job);
  return { element, update };
}


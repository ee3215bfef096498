// Below the canvas: the prompt, then the job, then its candidates. They are shown in place, one at a time, until one is
// accepted or all are left.

import { h, show } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { shortcuts } from "../base/shortcuts.js";
import { cancel, follow, isActive, jobByID, previews, submit } from "../state/jobs.js";
import { bitmapOf, fileOf } from "../state/pictures.js";
import { announce, attempt, fail, iconButton, note } from "../parts/feedback.js";
import { icon } from "../parts/icons.js";
import { picturesOf, statusOf } from "../parts/job-card.js";
import { problemLine } from "../parts/problem.js";
import { faultOf, promptBox } from "../parts/prompt-form.js";

export class Dock {
  job = null;
  chosen = 0;
  bitmaps = new Map();
  busy = false;

  /// - request: makes, of a prompt, what is handed in; null where the page has said what is missing.
  /// - show: draws a candidate's bitmap in place; null for none.
  /// - accept: takes a candidate.
  /// - changed: the prompt or the job changed, and shall be kept.
  constructor({ placeholder, request, show: showCandidate, accept, changed, signal }) {
    Object.assign(this, { request, showCandidate, onAccept: accept, changed, signal });
    this.box = promptBox({ placeholder, "aria-label": t("create.prompt"), oninput: () => this.changed() });
    this.problem = problemLine();
    this.form = h(
      "form",
      { class: "prompt-box", onsubmit: (event) => (event.preventDefault(), this.generate()) },
      this.box,
      h("button", { class: "button primary" }, t("create.generate")),
    );
    this.working = h("div", { class: "dock-working", hidden: true });
    this.choosing = h("div", { class: "dock-choosing", hidden: true });
    this.element = h("div", { class: "dock" }, this.problem.element, this.form, this.working, this.choosing);
    this.#keys();
    previews.subscribe(() => this.job && isActive(this.job) && this.#drawThumbs(), signal);
  }

  get prompt() {
    return this.box.value;
  }

  set prompt(text) {
    this.box.value = text;
    this.box.dispatchEvent(new Event("input"));
  }

  focus() {
    this.box.focus();
  }

  get isChoosing() {
    return !this.choosing.hidden;
  }

  say(text) {
    this.problem.say(text);
  }

  async generate() {
    if (this.busy || (this.job && isActive(this.job))) return;
    this.problem.clear();
    const fault = faultOf(this.prompt);
    if (fault) return void (this.say(fault), this.focus());
    this.busy = true;
    try {
      const request = await this.request(this.prompt.trim());
      if (request) this.take(await submit(request));
    } catch (error) {
      if (error.status === 400) this.problem.tell(error);
      else fail(error);
    } finally {
      this.busy = false;
    }
  }

  /// Follows a job: a new one, or the one that was under way when the page was left.
  take(job) {
    this.leave({ quiet: true });
    this.job = job;
    this.changed();
    announce(t("create.queued"));
    this.#buildWorking();
    follow(job.id, (next) => this.#update(next), this.signal);
    if (!jobByID(job.id)) this.#update(job);
  }

  #update(job) {
    if (this.job?.id !== job.id) return;
    this.job = job;
    if (isActive(job)) return this.#drawWorking();
    this.working.hidden = true;
    if (job.pictures.length) return this.#choose(0);
    this.form.hidden = false;
    if (job.state === "failed" || job.state === "rejected") this.say(statusOf(job));
    this.job = null;
    this.changed();
  }

  #buildWorking() {
    this.workStatus = h("p", { role: "status" });
    this.workBar = h("progress", { max: 1, "aria-label": t("job.progress") });
    this.thumbs = h("div", { class: "thumbs" });
    show(
      this.working,
      this.thumbs,
      h("div", { class: "dock-line" }, this.workStatus, this.workBar),
      h("button", { class: "button quiet", type: "button", onclick: () => this.stop() }, t("cancel")),
    );
    this.#drawWorking();
  }

  #drawWorking() {
    const focused = this.element.contains(document.activeElement);
    this.form.hidden = true;
    this.choosing.hidden = true;
    this.working.hidden = false;
    if (focused) this.working.querySelector("button").focus();
    this.workStatus.textContent = statusOf(this.job);
    if (this.job.state === "running") this.workBar.value = this.job.progress ?? 0;
    this.#drawThumbs();
  }

  #drawThumbs() {
    if (!this.thumbs || this.working.hidden) return;
    const images = previews.value[this.job.id] ?? [];
    const total = picturesOf(this.job);
    if (this.thumbs.children.length !== total) {
      show(this.thumbs, Array.from({ length: total }, () => h("img", { alt: "", class: "thumb" })));
    }
    images.forEach((address, index) => address && (this.thumbs.children[index].src = address));
  }

  async #choose(index) {
    const { pictures } = this.job;
    this.chosen = (index + pictures.length) % pictures.length;
    const picture = pictures[this.chosen];
    const first = this.choosing.hidden;
    this.choosing.hidden = false;
    this.#drawChoosing();
    if (first) this.choosing.querySelector(".primary").focus();
    announce(t("candidate.shown", { n: this.chosen + 1, of: pictures.length }));
    await attempt(async () => {
      if (!this.bitmaps.has(picture.id)) this.bitmaps.set(picture.id, await bitmapOf(picture));
      if (this.isChoosing && this.job?.pictures[this.chosen] === picture) this.showCandidate(this.bitmaps.get(picture.id), picture);
    });
  }

  #drawChoosing() {
    const { pictures } = this.job;
    const focused = [...this.choosing.querySelectorAll("button")].indexOf(document.activeElement);
    show(
      this.choosing,
      h(
        "div",
        { class: "thumbs", role: "group", "aria-label": t("candidate.label") },
        pictures.map((picture, index) =>
          h(
            "button",
            {
              class: "thumb",
              type: "button",
              "aria-pressed": String(index === this.chosen),
              "aria-label": t("candidate.name", { n: index + 1 }),
              onclick: () => this.#choose(index),
            },
            h("img", { src: fileOf(picture, { width: 256 }), alt: "" }),
          ),
        ),
      ),
      h(
        "div",
        { class: "dock-actions" },
        iconButton("left", t("candidate.previous"), () => this.cycle(-1)),
        iconButton("right", t("candidate.next"), () => this.cycle(1)),
        h("button", { class: "button quiet", type: "button", onclick: () => this.leave() }, t("candidate.leave")),
        h("button", { class: "button quiet", type: "button", onclick: () => this.retry() }, icon("again"), t("candidate.retry")),
        h("button", { class: "button primary", type: "button", onclick: () => this.accept() }, icon("check"), t("candidate.accept")),
      ),
    );
    if (focused >= 0) this.choosing.querySelectorAll("button")[focused]?.focus();
  }

  cycle(step) {
    if (this.isChoosing) this.#choose(this.chosen + step);
  }

  async accept() {
    const picture = this.job.pictures[this.chosen];
    await attempt(async () => {
      if (!this.bitmaps.has(picture.id)) this.bitmaps.set(picture.id, await bitmapOf(picture));
      await this.onAccept(picture, this.bitmaps.get(picture.id));
      announce(t("candidate.accepted"));
      this.leave({ quiet: true });
    });
  }

  async retry() {
    this.leave({ quiet: true });
    await this.generate();
  }

  stop() {
    const { job } = this;
    attempt(() => cancel(job.id)).then(() => note(t("job.cancelled")));
  }

  /// Back to the prompt. Candidates that nobody took stay in the history.
  leave({ quiet = false } = {}) {
    for (const bitmap of this.bitmaps.values()) bitmap.close();
    this.bitmaps.clear();
    this.job = null;
    const focused = this.element.contains(document.activeElement);
    this.working.hidden = true;
    this.choosing.hidden = true;
    this.form.hidden = false;
    this.showCandidate(null, null);
    this.changed();
    if (focused && !quiet) this.box.focus();
  }

  #keys() {
    const when = (run) => () => (this.isChoosing ? void run() : false);
    shortcuts(
      [
        { keys: ["Mod+Enter"], label: "keys.generate", run: () => (this.isChoosing ? this.accept() : this.generate(), undefined) },
        { keys: ["ArrowLeft"], label: "candidate.previous", run: when(() => this.cycle(-1)) },
        { keys: ["ArrowRight"], label: "candidate.next", run: when(() => this.cycle(1)) },
        { keys: ["Enter"], label: "candidate.accept", run: when(() => this.accept()) },
        { keys: ["r"], run: when(() => this.retry()) },
        { keys: ["Escape"], label: "keys.cancel", run: () => this.escape() },
      ],
      this.signal,
    );
  }

  escape() {
    if (this.isChoosing) return void this.leave();
    if (this.job && isActive(this.job)) return void this.stop();
    return false;
  }
}

// Three ways on from pictures that are there: variations of one, pictures between two, and a picture moved along the
// difference of two texts. They differ in their fields and their request: data, not pages.

import { api } from "../base/api.js";
import { h, freshID, show } from "../base/dom.js";
import { number, t } from "../base/i18n.js";
import { shortcuts } from "../base/shortcuts.js";
import { follow, isActive, jobs, submit } from "../state/jobs.js";
import { fileOf } from "../state/pictures.js";
import { fail, field } from "../parts/feedback.js";
import { jobCard } from "../parts/job-card.js";
import { pictureSlot } from "../parts/picker.js";
import { problemLine } from "../parts/problem.js";
import { segmented } from "../parts/prompt-form.js";
import { altOf } from "../parts/tile.js";

const percent = (value) => number(value, { style: "percent" });

const modes = {
  vary: {
    pictures: ["first"],
    fields: () => [
      slider("strength", { min: 0, max: 1, step: 0.05, value: 0.6, ends: ["vary.close", "vary.free"] }),
      count(),
    ],
    request: ({ first, strength, count }) => ({ task: "variation", origin: "vary", picture: first.id, strength, count }),
  },
  blend: {
    pictures: ["first", "second"],
    fields: () => [frames()],
    request: ({ first, second, frames }) => ({
      task: "blend",
      origin: "blend",
      sources: [{ picture: first.id }, { picture: second.id }],
      frames,
      count: 1,
    }),
    series: true,
  },
  difference: {
    pictures: ["first"],
    fields: () => [
      text("from", "difference.from.hint"),
      text("to", "difference.to.hint"),
      slider("amount", { min: 0.05, max: 0.5, step: 0.05, value: 0.35, ends: ["difference.little", "difference.much"] }),
      frames(),
    ],
    request: ({ first, from, to, amount, frames }) => ({
      task: "text_difference",
      origin: "difference",
      picture: first.id,
      from,
      to,
      amount,
      frames,
      count: 1,
    }),
    series: true,
  },
};

const taskModes = { variation: "vary", blend: "blend", text_difference: "difference" };

export default async function blend({ signal }) {
  const [, mode, id] = /^#(vary|blend|difference)(?:=(.+))?$/.exec(location.hash) ?? [];
  const first = id ? await api.get(`/api/pictures/${encodeURIComponent(id)}`) : null;
  if (mode) history.replaceState(null, "", "/blend");
  const page = new BlendPage(mode ?? "vary", first, signal);
  return { title: t("blend.title"), element: page.element };
}

class BlendPage {
  values = { first: null, second: null };

  constructor(mode, first, signal) {
    this.signal = signal;
    this.values.first = first;
    this.form = h("form", { class: "blend-form", onsubmit: (event) => (event.preventDefault(), this.generate()) });
    this.result = h("div", { class: "feed" });
    this.problem = problemLine();
    this.element = h(
      "section",
      { class: "page blend" },
      h("h1", { tabindex: "-1" }, t("blend.title")),
      segmented(t("blend.mode"), Object.keys(modes).map((name) => [name, t(`blend.mode.${name}`)]), mode, (name) => this.choose(name)),
      this.form,
      this.result,
    );
    shortcuts([{ keys: ["Mod+Enter"], label: "keys.generate", run: () => this.form.requestSubmit() }], signal);
    this.choose(mode);
  }

  choose(mode) {
    this.mode = mode;
    const { pictures, fields } = modes[mode];
    this.fields = fields();
    const slots = pictures.map((name, index) =>
      pictureSlot(pictures.length > 1 ? t("blend.picture.n", { n: index + 1 }) : t("blend.picture"), {
        picture: this.values[name],
        onchange: (picture) => (this.values[name] = picture),
      }),
    );
    this.problem.clear();
    const controls = h(
      "div",
      { class: "blend-form" },
      this.fields.map(({ element }) => element),
      this.problem.element,
      h("div", { class: "row" }, h("button", { class: "button primary" }, t("create.generate"))),
    );
    const places = slots.map(({ element }) => element);
    show(
      this.form,
      h("p", { class: "lead" }, t(`blend.text.${mode}`)),
      h("div", { class: "sources", "data-count": places.length }, places, controls),
    );
    this.showLast();
  }

  /// The job of this kind that is under way, so that a reload loses nothing.
  showLast() {
    this.showing?.abort();
    show(this.result);
    const find = new AbortController();
    this.showing = find;
    this.signal.addEventListener("abort", () => find.abort());
    let done = false;
    jobs.subscribe((all) => {
      const job = all.find((each) => taskModes[each.task] === this.mode);
      if (!job || done) return;
      done = true;
      queueMicrotask(() => !find.signal.aborted && this.showing === find && this.showJob(job));
    }, find.signal);
  }

  async generate() {
    this.problem.clear();
    const { pictures, request } = modes[this.mode];
    if (pictures.some((name) => !this.values[name])) return this.problem.say(t(pictures.length > 1 ? "blend.missing.two" : "blend.missing"));
    const values = { ...this.values, ...Object.fromEntries(this.fields.map(({ name, value }) => [name, value()])) };
    if (["from", "to"].some((name) => name in values && !values[name])) return this.problem.say(t("difference.missing"));
    try {
      this.showJob(await submit(request(values)));
    } catch (error) {
      if (error.status === 400) this.problem.tell(error);
      else fail(error);
    }
  }

  showJob(job) {
    this.showing?.abort();
    this.showing = new AbortController();
    const { signal } = this.showing;
    this.signal.addEventListener("abort", () => this.showing.abort());
    const card = jobCard(job, { signal });
    const series = modes[this.mode].series;
    show(this.result, card.element);
    const update = (next) => {
      card.update(next);
      if (series && !isActive(next) && next.pictures.length > 1) show(this.result, scrubber(next.pictures), card.element);
    };
    update(job);
    follow(job.id, update, signal);
  }
}

/// Slides through a series: the two nearest pictures, one over the other.
function scrubber(pictures) {
  const images = pictures.map((picture) => h("img", { src: fileOf(picture), alt: "" }));
  const stack = h("div", { class: "scrub-stack", role: "img", "aria-label": altOf(pictures[0]) }, images);
  const last = pictures.length - 1;
  const id = freshID("scrub");
  const open = h("a", { class: "button quiet" }, t("blend.open"));
  const move = () => {
    const place = Number(input.value) * last;
    images.forEach((image, index) => (image.style.opacity = index === 0 ? 1 : Math.min(1, Math.max(0, place - index + 1))));
    open.href = `/pictures/${pictures[Math.round(place)].id}`;
  };
  const input = h("input", { id, type: "range", min: 0, max: 1, step: 0.01, value: 0.5, oninput: move });
  move();
  return h("div", { class: "scrub" }, stack, h("div", { class: "slider" }, h("label", { for: id, class: "slider-ends" }, t("blend.slide")), input), open);
}

// Fields: an element, a name, and a value to be read.

function slider(name, { min, max, step, value, ends }) {
  const id = freshID(name);
  const output = h("output", { for: id }, percent(value));
  const input = h("input", { id, type: "range", min, max, step, value, oninput: () => (output.textContent = percent(Number(input.value))) });
  const element = h(
    "div",
    { class: "slider" },
    h("div", { class: "slider-ends" }, h("label", { for: id }, t(`blend.${name}`)), output),
    input,
    h("div", { class: "slider-ends" }, ends.map((key) => h("small", null, t(key)))),
  );
  return { name, element, value: () => Number(input.value) };
}

function text(name, hint) {
  const input = h("input", { class: "input", maxlength: 1000, dir: "auto" });
  return { name, element: field(t(`difference.${name}`), input, t(hint)), value: () => input.value.trim() };
}

function choice(name, label, options, initial) {
  let value = initial;
  return { name, element: segmented(label, options.map((each) => [each, number(each)]), initial, (each) => (value = each)), value: () => value };
}

const count = () => choice("count", t("create.count"), [1, 2, 4, 6, 8], 4);
const frames = () => choice("frames", t("blend.frames"), [3, 5, 9], 5);


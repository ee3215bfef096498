// All pictures, newest first: searched, narrowed, chosen many at a time. A collection is the same page, narrowed to it.

import { api } from "../base/api.js";
import { debounce, h, show } from "../base/dom.js";
import { t } from "../base/i18n.js";
import { go } from "../base/router.js";
import { shortcuts } from "../base/shortcuts.js";
import { onEvent } from "../state/live.js";
import { hear } from "../state/tabs.js";
import { bulk, collections, createCollection, downloadZip, loadCollections, searchPictures, sequence, upload } from "../state/pictures.js";
import { collect, remove } from "../parts/actions.js";
import { announce, ask, attempt, confirm, iconButton, menu } from "../parts/feedback.js";
import { icon } from "../parts/icons.js";
import { incoming } from "../parts/incoming.js";
import { emptyFrame } from "../parts/nothing.js";
import { selectableTile, tile } from "../parts/tile.js";

const pageSize = 60;

export default async function historyPage({ params, signal }) {
  await loadCollections();
  const collection = collections.value.find(({ id }) => id === params.collection);
  if (params.collection && !collection) throw Object.assign(new Error(t("missing.text")), { status: 404 });
  return new HistoryPage(collection, signal).page();
}

class HistoryPage {
  pictures = [];
  next = null;
  filter = {};
  selecting = false;
  selected = new Set();
  anchor = null;
  load = null;

  constructor(collection, signal) {
    this.collection = collection;
    this.signal = signal;
    this.grid = h("div", { class: "grid" });
    this.empty = h("div", { class: "empty", hidden: true });
    this.end = h("div", { class: "end", "aria-hidden": "true" });
    this.more = h("button", { class: "button quiet", type: "button", hidden: true, onclick: () => this.loadMore() }, t("history.more"));
    this.bar = h("div", { class: "bulk-bar", role: "toolbar", "aria-label": t("bulk.label"), hidden: true });
    this.selectButton = h("button", { class: "button quiet", type: "button", "aria-pressed": "false", onclick: () => this.select(!this.selecting) }, icon("select"), h("span", null, t("history.select")));
  }

  page() {
    const title = this.collection?.name ?? t("nav.history");
    this.restart();
    new IntersectionObserver(([entry]) => entry.isIntersecting && this.loadMore(), { rootMargin: "800px" }).observe(this.end);
    shortcuts(
      [
        { keys: ["/"], label: "keys.search", run: () => this.search.focus() },
        { keys: ["Escape"], label: "keys.cancel", run: () => this.selecting && this.select(false) },
      ],
      this.signal,
    );
    incoming((files) => this.import(files), this.signal);
    hear("deleted", (ids) => this.drop(ids), this.signal);
    onNew(() => !this.filter.q && !this.filter.favourite && !this.collection && this.refreshTop(), this.signal);
    return {
      title,
      element: h(
        "section",
        { class: "page history" },
        h("header", { class: "page-head" }, h("h1", { tabindex: "-1", dir: "auto" }, title), this.collection && this.collectionMenu()),
        this.tools(),
        !this.collection && this.shelf(),
        this.grid,
        this.empty,
        h("div", { class: "after-feed" }, this.more),
        this.end,
        this.bar,
      ),
    };
  }

  tools() {
    this.search = h("input", {
      class: "input",
      type: "search",
      placeholder: t("history.search"),
      "aria-label": t("history.search"),
      dir: "auto",
      oninput: debounce(250, (event) => this.narrow({ q: event.target.value.trim() || undefined })),
    });
    const favourites = h(
      "button",
      { class: "button quiet", type: "button", "aria-pressed": "false", onclick: () => {
        const is = favourites.getAttribute("aria-pressed") !== "true";
        favourites.setAttribute("aria-pressed", is);
        this.narrow({ favourite: is || undefined });
      } },
      icon("heart"),
      h("span", null, t("history.favourites")),
    );
    const file = h("input", { type: "file", accept: "image/png,image/jpeg,image/webp", multiple: true, hidden: true, onchange: () => this.import(file.files) });
    return h(
      "div",
      { class: "tools" },
      h("div", { class: "search" }, icon("search"), this.search),
      favourites,
      this.selectButton,
      h("button", { class: "button quiet", type: "button", onclick: () => file.click() }, icon("upload"), h("span", null, t("history.import"))),
      file,
    );
  }

  /// The collections, as a row of names.
  shelf() {
    const element = h("nav", { class: "shelf", "aria-label": t("collections.title") });
    collections.subscribe((all) => {
      show(
        element,
        all.map(({ id, name, count }) =>
          h("a", { class: "chip", href: `/collections/${id}` }, icon("collection"), h("span", { dir: "auto" }, name), h("small", null, String(count))),
        ),
        h("button", { class: "chip", type: "button", onclick: newCollection }, icon("plus"), t("collect.new")),
      );
    }, this.signal);
    return element;
  }

  collectionMenu() {
    const { id, name } = this.collection;
    const trigger = iconButton("more", t("collections.more"), null);
    return h(
      "div",
      null,
      menu(trigger, () => [
        { label: t("collections.rename"), icon: "edit", run: () => this.rename() },
        { label: t("collections.delete"), icon: "trash", run: () => dropCollection(id, name) },
      ]),
    );
  }

  rename() {
    return attempt(async () => {
      const name = await ask(t("collections.rename"), t("collect.name"), { value: this.collection.name });
      if (!name) return;
      await api.patch(`/api/collections/${this.collection.id}`, { name });
      go(location.pathname);
    });
  }

  narrow(changes) {
    Object.assign(this.filter, changes);
    return this.restart();
  }

  async restart() {
    this.load?.abort();
    this.load = new AbortController();
    this.pictures = [];
    this.next = null;
    this.busy = false;
    await this.fetchPage(true);
  }

  async loadMore() {
    if (this.next && !this.busy) await this.fetchPage(false);
  }

  async fetchPage(fresh) {
    this.busy = true;
    const { signal } = this.load;
    const answer = await attempt(() =>
      searchPictures({ ...this.filter, collection: this.collection?.id, cursor: this.next ?? undefined, limit: pageSize }, { signal }),
    );
    if (!answer || signal.aborted) return;
    this.busy = false;
    this.next = answer.next;
    this.pictures.push(...answer.pictures);
    sequence.value = this.pictures;
    if (fresh) this.grid.replaceChildren();
    this.grid.append(...answer.pictures.map((picture) => this.tile(picture)));
    this.finish();
    if (fresh && this.filter.q) announce(t("history.found", { n: this.pictures.length }));
  }

  finish() {
    this.more.hidden = !this.next;
    this.empty.hidden = this.pictures.length > 0;
    const text = this.filter.q ? t("history.none.search") : this.filter.favourite ? t("history.none.favourite") : t("history.none");
    show(this.empty, emptyFrame(), h("p", null, text), !this.filter.q && h("a", { class: "button primary", href: "/" }, t("history.none.action")));
  }

  /// What another tab, or a job that ended, has added.
  async refreshTop() {
    const answer = await searchPictures({ limit: 20 }).catch(() => null);
    if (!answer || this.signal.aborted) return;
    const known = new Set(this.pictures.map(({ id }) => id));
    const fresh = answer.pictures.filter(({ id }) => !known.has(id));
    this.pictures.unshift(...fresh);
    sequence.value = this.pictures;
    this.grid.prepend(...fresh.map((picture) => this.tile(picture)));
    this.finish();
  }

  tile(picture) {
    if (!this.selecting) return tile(picture, { onremove: (ids) => this.drop(ids) });
    return selectableTile(picture, {
      selected: this.selected.has(picture.id),
      onchange: (is, event) => this.mark(picture, is, event),
    });
  }

  mark(picture, is) {
    if (is) this.selected.add(picture.id);
    else this.selected.delete(picture.id);
    this.drawBar();
  }

  select(is) {
    this.selecting = is;
    this.selected.clear();
    this.selectButton.setAttribute("aria-pressed", is);
    show(this.grid, this.pictures.map((picture) => this.tile(picture)));
    this.drawBar();
  }

  drawBar() {
    const ids = [...this.selected];
    const none = ids.length === 0;
    const action = (name, label, run) => h("button", { class: "button quiet", type: "button", title: label, disabled: none, onclick: run }, icon(name), h("span", null, label));
    this.bar.hidden = !this.selecting;
    const focused = [...this.bar.children].indexOf(document.activeElement);
    show(
      this.bar,
      h("p", { role: "status" }, t("bulk.count", { n: ids.length })),
      h("button", { class: "button quiet", type: "button", onclick: () => this.selectAll() }, t("bulk.all")),
      action("heart", t("bulk.favourite"), () => this.change(ids, "favourite")),
      action("collection", t("bulk.collect"), () => collect(ids)),
      this.collection && action("minus", t("bulk.uncollect"), () => this.change(ids, "uncollect")),
      action("download", t("bulk.zip"), () => attempt(() => downloadZip(ids))),
      action("trash", t("bulk.delete"), () => remove(ids, (gone) => this.drop(gone))),
      iconButton("close", t("bulk.end"), () => this.select(false)),
    );
    if (focused >= 0) this.bar.children[focused]?.focus();
  }

  selectAll() {
    for (const { id } of this.pictures) this.selected.add(id);
    show(this.grid, this.pictures.map((picture) => this.tile(picture)));
    this.drawBar();
  }

  change(ids, action) {
    return attempt(async () => {
      await bulk(ids, action, this.collection?.id);
      announce(t("bulk.done"));
      await this.restart();
      this.select(false);
    });
  }

  drop(ids) {
    const gone = new Set(ids);
    this.pictures = this.pictures.filter(({ id }) => !gone.has(id));
    sequence.value = this.pictures;
    for (const id of ids) {
      this.grid.querySelector(`[data-picture="${CSS.escape(id)}"]`)?.remove();
      this.selected.delete(id);
    }
    this.drawBar();
    this.finish();
    if (this.pictures.length < 20) this.loadMore();
  }

  import(files) {
    return attempt(async () => {
      for (const file of files) await upload(file);
      announce(t("history.imported", { n: files.length }));
      await this.refreshTop();
    });
  }
}

const waiting = new Set();
onEvent("picture", () => waiting.forEach((run) => run()));

function onNew(run, signal) {
  const soon = debounce(400, run);
  waiting.add(soon);
  signal.addEventListener("abort", () => waiting.delete(soon));
}

const newCollection = () =>
  attempt(async () => {
    const name = await ask(t("collect.new"), t("collect.name"), { action: t("collect.create") });
    if (name) await createCollection(name);
  });

async function dropCollection(id, name) {
  if (!(await confirm(t("collections.delete.title", { name }), t("collections.delete.text"), t("collections.delete")))) return;
  await attempt(async () => {
    await api.delete(`/api/collections/${id}`);
    go("/history");
  });
}

// What was done, to be undone: former tiles, oldest forgotten first when they become too many.

const budget = 128 << 20;

const sizeOf = (change) => [...change.values()].reduce((sum, data) => sum + (data?.length ?? 0), 0);

export class Undo {
  #done = [];
  #undone = [];
  #size = 0;

  /// - changed: called with each change that was made, undone or done again.
  constructor(tiles, changed) {
    this.tiles = tiles;
    this.changed = changed;
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  push(change) {
    if (!change || change.size === 0) return;
    this.#done.push(change);
    this.#undone = [];
    this.#size = this.#done.reduce((sum, each) => sum + sizeOf(each), 0);
    while (this.#size > budget && this.#done.length > 1) this.#size -= sizeOf(this.#done.shift());
    this.changed(change);
  }

  undo() {
    this.#move(this.#done, this.#undone);
  }

  redo() {
    this.#move(this.#undone, this.#done);
  }

  #move(from, to) {
    const change = from.pop();
    if (!change) return;
    to.push(this.tiles.swap(change));
    this.changed(change);
  }
}

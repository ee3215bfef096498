// A value that tells when it changes: all the state that pages share lives in cells.

export class Cell {
  #value;
  #subscribers = new Set();

  constructor(value) {
    this.#value = value;
  }

  get value() {
    return this.#value;
  }

  set value(value) {
    this.#value = value;
    for (const subscriber of [...this.#subscribers]) subscriber(value);
  }

  /// Calls `subscriber` now and at every change, until `signal` is aborted.
  subscribe(subscriber, signal) {
    if (signal?.aborted) return;
    this.#subscribers.add(subscriber);
    signal?.addEventListener("abort", () => this.#subscribers.delete(subscriber));
    subscriber(this.#value);
  }
}

/// A cell whose value outlives the page: it is kept in local storage under `key`. A browser that keeps none is no error.
export function keptCell(key, initial) {
  let value = initial;
  try {
    value = JSON.parse(localStorage.getItem(key)) ?? initial;
  } catch {
    // What cannot be read counts as absent.
  }
  const cell = new Cell(value);
  let first = true;
  cell.subscribe((value) => {
    if (first) return void (first = false);
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // A full or forbidden storage: the value lives as long as the page.
    }
  });
  return cell;
}

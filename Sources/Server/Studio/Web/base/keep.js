// What a person is in the middle of (masks, canvases) is kept in the browser's own database, by account.

const name = "limn";
let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function run(mode, work) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("kept", mode);
      const request = work(transaction.objectStore("kept"));
      // Now, and not when the page next gets to it: it may be going away.
      transaction.commit?.();
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
    });
  } catch {
    // A browser that keeps nothing (private windows): work goes on, and a reload forgets.
    return undefined;
  }
}

const range = (prefix) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

export const keep = {
  get: (key) => run("readonly", (store) => store.get(key)),
  set: (key, value) => run("readwrite", (store) => store.put(value, key)),

  /// Writes many at once, all of them or none: `[key, value]`, and no value to delete.
  setAll: (entries) =>
    run("readwrite", (store) => entries.map(([key, value]) => (value === undefined ? store.delete(key) : store.put(value, key))).at(-1)),

  delete: (key) => run("readwrite", (store) => store.delete(key)),

  /// All values whose keys begin with a text.
  all: (prefix) => run("readonly", (store) => store.getAll(range(prefix))),
};

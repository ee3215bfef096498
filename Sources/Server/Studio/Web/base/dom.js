// Elements are made by one function. Attributes are attributes; what begins with "on" is a listener; properties that
// have no attribute of the same meaning are named in `properties`.

const properties = new Set(["value", "checked", "indeterminate", "disabled", "selected", "hidden", "inert"]);

export function h(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (properties.has(key)) element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/// Puts other children in the place of an element's own.
export function show(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

const namespace = "http://www.w3.org/2000/svg";

export function svg(name, attributes, ...children) {
  return fill(document.createElementNS(namespace, name), attributes, children);
}

/// A number that no other element of the page has.
let last = 0;
export const freshID = (stem = "x") => `${stem}-${++last}`;

/// Calls `listener` until `signal` is aborted.
export function listen(target, type, listener, signal, options) {
  target.addEventListener(type, listener, { signal, ...options });
}

export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/// `run`, at most once in `milliseconds`, the last call always.
export function debounce(milliseconds, run) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), milliseconds);
  };
}

/// Offers a file to the person.
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

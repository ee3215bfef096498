// One file of messages for each language, all with the same keys. A message is a text with {names}, or an object of
// texts by plural category, chosen by the value `n`.

import { keptCell } from "./cell.js";

/// In their own words; the first is the one taken where the browser asks for none of them.
export const languages = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  ja: "日本語",
  ar: "العربية",
};

const rightToLeft = new Set(["ar"]);

/// A code of `languages`, or null for the browser's own choice.
export const chosenLanguage = keptCell("limn.language", null);

let current = "en";
let messages = {};
let plurals = new Intl.PluralRules("en");

export const language = () => current;

export async function loadLanguage() {
  const wanted = [chosenLanguage.value, ...navigator.languages].filter(Boolean).map((code) => code.split("-")[0]);
  const found = wanted.find((code) => Object.hasOwn(languages, code)) ?? "en";
  const response = await fetch(new URL(`../messages/${found}.json`, import.meta.url));
  messages = await response.json();
  current = found;
  plurals = new Intl.PluralRules(current);
  document.documentElement.lang = current;
  document.documentElement.dir = rightToLeft.has(current) ? "rtl" : "ltr";
}

/// The message with this key. A key that is missing is shown itself: a test finds it.
export function t(key, values = {}) {
  let message = messages[key] ?? key;
  if (typeof message === "object") message = message[plurals.select(values.n)] ?? message.other;
  return message.replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? (typeof values[name] === "number" ? number(values[name]) : values[name]) : whole,
  );
}

/// A message, or `fallback` where this language has none: for names that come from the server.
export const tOr = (key, fallback, values) => (Object.hasOwn(messages, key) ? t(key, values) : fallback);

export const number = (value, options) => new Intl.NumberFormat(current, options).format(value);

/// - seconds: since 1970.
export const date = (seconds, options = { dateStyle: "medium", timeStyle: "short" }) =>
  new Intl.DateTimeFormat(current, options).format(new Date(seconds * 1000));

export const bytes = (count) =>
  count < 1e6
    ? number(Math.ceil(count / 1e3), { style: "unit", unit: "kilobyte" })
    : count < 1e9
      ? number(count / 1e6, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 })
      : number(count / 1e9, { style: "unit", unit: "gigabyte", maximumFractionDigits: 1 });

/// A duration in words that need no precision: "8 s", "3 min".
export const duration = (seconds) =>
  seconds < 60
    ? number(Math.max(1, Math.round(seconds)), { style: "unit", unit: "second", unitDisplay: "short" })
    : number(Math.round(seconds / 60), { style: "unit", unit: "minute", unitDisplay: "short" });

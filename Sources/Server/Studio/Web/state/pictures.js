// The account's pictures: addresses, changes, and files handed in.

import { api, request } from "../base/api.js";
import { Cell } from "../base/cell.js";
import { save } from "../base/dom.js";
import { dropPictures, updatePicture } from "./jobs.js";
import { tell } from "./tabs.js";

/// The address of a picture's file.
/// - width: 256 or 512 for a small one.
export function fileOf(picture, { width, format, download } = {}) {
  const query = new URLSearchParams();
  if (width && width < picture.width) query.set("width", width);
  if (format) query.set("format", format);
  if (download) query.set("download", 1);
  const text = query.toString();
  return `/api/pictures/${picture.id}/file${text ? `?${text}` : ""}`;
}

/// A page of the history. The words that are looked for travel in the body: no address holds a prompt.
export const searchPictures = (filter, options) => api.post("/api/pictures/search", filter, options);

export async function setFavourite(picture, favourite) {
  const changed = await api.patch(`/api/pictures/${picture.id}`, { favourite });
  updatePicture(changed);
  tell("changed", changed);
  return changed;
}

export async function bulk(ids, action, collection) {
  const answer = await api.post("/api/pictures/bulk", { ids, action, collection });
  if (action === "delete") {
    dropPictures(ids);
    tell("deleted", ids);
  }
  return answer;
}

export async function downloadZip(ids) {
  const response = await request("POST", "/api/pictures/zip", { body: { ids } });
  save(await response.blob(), "limn.zip");
}

/// Hands a file in.
/// - purpose: "upload" for the history, "mask" or "frame" for what a job alone needs.
export const upload = (blob, purpose = "upload") => api.post(`/api/pictures?purpose=${purpose}`, blob);

/// The pixels of a picture as they are: no colour profile applied, nothing premultiplied.
export async function bitmapOf(source) {
  const blob = source instanceof Blob ? source : await (await request("GET", fileOf(source, { format: "png" }))).blob();
  return createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
}

export const collections = new Cell([]);

export async function loadCollections() {
  collections.value = (await api.get("/api/collections")).collections;
  return collections.value;
}

export async function createCollection(name) {
  const made = await api.post("/api/collections", { name });
  await loadCollections();
  return made;
}

/// The pictures that the history showed last, so that a picture's page knows its neighbours.
export const sequence = new Cell([]);

// What the server's models can do: asked once.

import { api } from "../base/api.js";

let asked = null;

export function loadModels() {
  asked ??= api.get("/api/models").then(({ models }) => models);
  asked.catch(() => (asked = null));
  return asked;
}

export const defaultModel = (models) => models.find((model) => model.default) ?? models[0];

/// "512x512" → 512
export const sideOf = (size) => Number.parseInt(size, 10);

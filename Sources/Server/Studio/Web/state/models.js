// What the server's models can do: asked once.

import { api } from "../base/api.js";

let asked = null;

export function loadModels() {
  asked ??= api.get("/api/models").then(({ models }) => models);
  asked.catch(() => (asked = null));
  return asked;
}

/// Those that can do a task, such as "outpaint".
export const modelsFor = (models, task) => models.filter(({ tasks }) => tasks.includes(task));

/// The one that a task is done with unless another is chosen; the server chooses the same.
export function defaultModel(models, task) {
  const able = modelsFor(models, task);
  return able.find((model) => model.default) ?? able[0] ?? models[0];
}

/// "512x512" → 512
export const sideOf = (size) => Number.parseInt(size, 10);

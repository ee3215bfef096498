// The form of the first page, and what other pages put into it ("again", "use as input"). It outlives the tab.

import { keptCell } from "../base/cell.js";

export const blankDraft = {
  prompt: "",
  count: 4,
  size: null,
  negative: "",
  seed: "",
  guidance: "",
  steps: "",
  model: null,
  preset: null,
};

export const draft = keptCell("limn.draft", blankDraft);

export const changeDraft = (changes) => (draft.value = { ...blankDraft, ...draft.value, ...changes });

/// The draft that draws a picture again.
export const draftFrom = ({ prompt, recipe }) => ({
  ...blankDraft,
  prompt: prompt ?? "",
  negative: recipe?.negative ?? "",
  size: recipe?.size ?? null,
  steps: recipe?.steps ?? "",
  guidance: recipe?.guidance ?? "",
  seed: recipe?.seed ?? "",
  count: 1,
  model: recipe?.model ?? null,
});

/// The request that a draft stands for: what is left blank is the model's choice.
export function requestFrom(draft) {
  const request = { task: "text_to_image", origin: "create", prompt: draft.prompt.trim(), count: draft.count };
  for (const key of ["negative", "size", "model", "preset"]) if (draft[key]) request[key] = draft[key];
  for (const key of ["seed", "steps", "guidance"]) {
    if (String(draft[key] ?? "").trim() !== "") request[key] = Number(draft[key]);
  }
  return request;
}

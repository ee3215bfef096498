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
  stage: null,
  model: null,
  preset: null,
};

export const draft = keptCell("limn.draft", blankDraft);

export const changeDraft = (changes) => (draft.value = { ...blankDraft, ...draft.value, ...changes });

/// The draft that draws a picture again.
export function draftFrom({ prompt, recipe }) {
  const { stage, settings } = mainStage(recipe?.stages);
  return {
    ...blankDraft,
    prompt: prompt ?? "",
    negative: recipe?.negative ?? "",
    size: recipe?.size ?? null,
    stage,
    steps: settings?.steps ?? "",
    guidance: settings?.guidance ?? "",
    seed: recipe?.seed ?? "",
    count: 1,
    model: recipe?.model ?? null,
    preset: recipe?.preset ?? null,
  };
}

/// The stage that steps and guidance are set for: the decoder, where a model has one.
export function mainStage(stages) {
  const names = Array.isArray(stages) ? stages.map(({ name }) => name) : Object.keys(stages ?? {});
  const stage = names.includes("decoder") ? "decoder" : (names[0] ?? null);
  return { stage, settings: Array.isArray(stages) ? stages.find(({ name }) => name === stage) : stages?.[stage] };
}

/// The number that was typed; undefined for none.
const typed = (text) => (String(text ?? "").trim() === "" ? undefined : Number(text));

/// The request that a draft stands for: what is left blank is the model's choice.
export function requestFrom(draft) {
  const request = { task: "text_to_image", origin: "create", prompt: draft.prompt.trim(), count: draft.count };
  for (const key of ["negative", "size", "model", "preset"]) if (draft[key]) request[key] = draft[key];
  request.seed = typed(draft.seed);
  const settings = { steps: typed(draft.steps), guidance: typed(draft.guidance) };
  if (draft.stage && (settings.steps !== undefined || settings.guidance !== undefined)) {
    request.stages = { [draft.stage]: settings };
  }
  return request;
}

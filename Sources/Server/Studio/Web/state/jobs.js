// The account's jobs, newest first, kept up to date by the server's events.

import { api, APIError } from "../base/api.js";
import { Cell } from "../base/cell.js";
import { onEvent } from "./live.js";
import { hear } from "./tabs.js";

export const jobs = new Cell([]);

/// Unfinished pictures by job: `{[id]: [address, …]}`. They are shown and forgotten.
export const previews = new Cell({});

const ended = new Set(["succeeded", "failed", "cancelled", "rejected"]);

export const isActive = (job) => !ended.has(job.state);

const byAge = (a, b) => b.created - a.created || (a.id < b.id ? 1 : -1);

function put(job) {
  jobs.value = [job, ...jobs.value.filter(({ id }) => id !== job.id)].sort(byAge);
  if (!isActive(job)) forget(job.id);
}

function forget(id) {
  if (!(id in previews.value)) return;
  const { [id]: _, ...rest } = previews.value;
  previews.value = rest;
}

onEvent("snapshot", ({ jobs: all }) => {
  const known = new Set(all.map(({ id }) => id));
  jobs.value = [...all, ...jobs.value.filter((job) => !known.has(job.id) && !isActive(job))].sort(byAge);
});
onEvent("job", put);
onEvent("preview", ({ job, index, image }) => {
  const images = [...(previews.value[job] ?? [])];
  images[index] = image;
  previews.value = { ...previews.value, [job]: images };
});
hear("deleted", dropPictures);
hear("changed", updatePicture);

export const jobByID = (id) => jobs.value.find((job) => job.id === id);

/// Pictures that were deleted disappear from their jobs.
export function dropPictures(ids) {
  const gone = new Set(ids);
  jobs.value = jobs.value.map((job) => ({ ...job, pictures: job.pictures.filter(({ id }) => !gone.has(id)) }));
}

export function updatePicture(picture) {
  jobs.value = jobs.value.map((job) => ({
    ...job,
    pictures: job.pictures.map((old) => (old.id === picture.id ? { ...old, ...picture } : old)),
  }));
}

const echo = 700; // milliseconds
let last = { text: null };

/// Hands a request in. The same one at once again (a double click, a key that bounces) is the first.
export function submit(request) {
  const text = JSON.stringify(request);
  if (text === last.text) return last.job;
  const own = { text, job: send(request) };
  last = own;
  setTimeout(() => (own.text = null), echo);
  return own.job;
}

/// The key makes a repeated call (a flaky network) join the first.
async function send(request) {
  const headers = { "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
  for (let attempt = 0; ; attempt++) {
    try {
      const job = await api.post("/api/jobs", request, { headers });
      if (!jobByID(job.id)) put(job);
      return job;
    } catch (error) {
      if (!(error instanceof APIError && error.isOffline) || attempt === 2) throw error;
      await new Promise((resolve) => setTimeout(resolve, 800));
    }
  }
}

export async function cancel(id) {
  const job = await api.delete(`/api/jobs/${id}`);
  if (job) put(job);
}

/// Follows one job: `change` is called with it now and at every change, until it ended or `signal` is aborted.
export function follow(id, change, signal) {
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let last;
  const look = () => {
    const job = jobByID(id);
    if (!job || job === last) return;
    last = job;
    change(job);
    if (!isActive(job)) stop.abort();
  };
  jobs.subscribe(look, both);
}

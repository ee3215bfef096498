// Every call to the server goes through here: one place for the CSRF token, for errors, and for a session that ended.

export class APIError extends Error {
  /// `status` 0: the server was not reached.
  /// `retryAfter`: seconds; null where the server said nothing of it.
  constructor(status, { message, code = null, param = null, rule = null, category = null, retryAfter = null } = {}) {
    super(message);
    Object.assign(this, { status, code, param, rule, category, retryAfter });
  }

  get isOffline() {
    return this.status === 0;
  }
}

const state = { csrf: null, expired: null };

/// - csrf: the token that the server gave with the session.
/// - expired: asks the person to sign in again; its promise says whether they did.
export function configure(changes) {
  Object.assign(state, changes);
}

async function send(method, path, { body, headers = {}, signal }) {
  const options = { method, signal, headers: { Accept: "application/json", ...headers }, credentials: "same-origin" };
  if (method !== "GET" && state.csrf) options.headers["X-Limn-CSRF"] = state.csrf;
  if (body instanceof Blob) {
    options.body = body;
    options.headers["Content-Type"] = body.type || "application/octet-stream";
  } else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new APIError(0, { message: "", code: "offline" });
  }
}

async function failure(response) {
  const body = await response.json().catch(() => null);
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  return new APIError(response.status, { message: "", ...body?.error, retryAfter });
}

/// The response of a call that succeeded.
/// - Throws: APIError, or an AbortError where `signal` was aborted.
export async function request(method, path, options = {}) {
  let response = await send(method, path, options);
  if (response.status === 401 && !options.anonymous && state.expired && (await state.expired())) {
    response = await send(method, path, options);
  }
  if (!response.ok) throw await failure(response);
  return response;
}

const json = async (response) => (response.status === 204 ? null : response.json());

export const api = {
  get: async (path, options) => json(await request("GET", path, options)),
  post: async (path, body, options) => json(await request("POST", path, { body, ...options })),
  patch: async (path, body, options) => json(await request("PATCH", path, { body, ...options })),
  delete: async (path, options) => json(await request("DELETE", path, options)),
};

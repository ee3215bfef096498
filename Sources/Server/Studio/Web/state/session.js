// Who is signed in, and the way back in when a session ends while a page is open.

import { api, configure } from "../base/api.js";
import { Cell } from "../base/cell.js";

/// `{account, csrf, sign_up, first_run}`; null before the first answer.
export const session = new Cell(null);

/// Who was signed in last, for the form that asks them back.
export let lastEmail = "";

function take(answer) {
  lastEmail = answer.account?.email ?? lastEmail;
  configure({ csrf: answer.csrf });
  session.value = answer;
  return answer;
}

export const loadSession = async () => take(await api.get("/api/session", { anonymous: true }));

export const signIn = async (email, password) =>
  take(await api.post("/api/session", { email, password }, { anonymous: true }));

export const signUp = async (email, password, invitation) =>
  take(await api.post("/api/account", { email, password, invitation }, { anonymous: true }));

export async function signOut({ everywhere = false } = {}) {
  await api.delete(everywhere ? "/api/sessions" : "/api/session", { anonymous: true });
  await loadSession();
}

let ask = async () => false;
let asking = null;

/// How to bring the person back: a function that promises whether they signed in.
export function whenExpired(question) {
  ask = question;
  configure({ expired: askAgain });
}

/// Asks the person to sign in again: one question, however many calls failed.
export function askAgain() {
  asking ??= Promise.resolve(ask()).finally(() => (asking = null));
  return asking;
}

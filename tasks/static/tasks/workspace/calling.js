// Calls to the API of this claim, with the words for what can go wrong.

import { csrf } from "../../workforce/app.js";

// A sign-in in another tab changes the token; the cookie always holds the present one.
function token() {
  const found = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return found ? decodeURIComponent(found[1]) : csrf();
}

/** Answers { ok, status, body }; status 0 means that there is no connection. */
export async function call(url, { method = "POST", body = {}, key = "", keepalive = false } = {}) {
  const headers = { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  try {
    const answer = await fetch(url, { method, headers, keepalive, credentials: "same-origin", body: method === "GET" ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, body: text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : {} };
  } catch {
    return { ok: false, status: 0, body: {} };
  }
}

export const signedOut = (answer) => answer.status === 401 || (answer.status === 403 && /csrf/i.test(answer.body.detail || ""));

export function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** The server's clock, whatever this machine's says. */
export function serverClock(nowThere) {
  const ahead = Date.parse(nowThere) - Date.now();
  return () => Date.now() + ahead;
}

export const hhmmss = (time) => new Date(time).toLocaleTimeString("en-GB");

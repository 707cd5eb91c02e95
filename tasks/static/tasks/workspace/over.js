// After the end: the time for taking back runs out, and what the browser kept is not needed.

import { one } from "./dom.js";

one("[data-take-back]")?.addEventListener("deadline", (event) => event.currentTarget.remove());

const kept = one("[data-kept]")?.dataset.kept;
if (kept) {
  try { localStorage.removeItem(kept); } catch { /* nothing to remove */ }
}

// Small behaviours that every page shares. No framework; safe under a strict CSP.

import { gettext } from "./words.js";

const root = document.documentElement;
const body = document.body;
const pad = (n) => String(n).padStart(2, "0");
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// --- Telling people -----------------------------------------------------------------------

const live = one("#live");
let said = 0;

/** Say it to readers, once, politely. */
export function announce(text) {
  if (!live) return;
  live.textContent = "";
  clearTimeout(said);
  said = setTimeout(() => { live.textContent = text; }, 60);
}

const TOAST_MS = 8000;
const UNDO_MS = 30000;

/** Show a line in the corner; `undo` is an address that its button posts to. */
export function toast({ text, undo = "", bad = false }) {
  const template = one("#toast-template");
  const line = template.content.firstElementChild.cloneNode(true);
  one("[data-toast-text]", line).textContent = text;
  line.classList.toggle("bad", Boolean(bad));
  const form = one("form", line);
  if (undo) form.action = undo;
  else form.remove();
  one("#toasts").append(line);
  announce(text);
  expire(line, undo);
  return line;
}

function expire(line, undo) {
  const close = () => line.remove();
  let timer = setTimeout(close, undo ? UNDO_MS : TOAST_MS);
  line.addEventListener("pointerenter", () => clearTimeout(timer));
  line.addEventListener("focusin", () => clearTimeout(timer));
  line.addEventListener("pointerleave", () => { timer = setTimeout(close, TOAST_MS); });
}

for (const line of all("#toasts [data-toast]")) {
  announce(one("[data-toast-text]", line).textContent);
  expire(line, one("form", line));
}

// htmx hands the server's toasts over as an event; `detail.value` is the list.
body.addEventListener("toast", (event) => {
  const lines = event.detail?.value ?? event.detail;
  for (const line of Array.isArray(lines) ? lines : [lines]) toast(line);
});

/** The CSRF token of this page, for `fetch`. */
export function csrf() {
  return JSON.parse(body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
}

const TONE_HZ = 660;
const TONE_SECONDS = 0.18;

/** Something new waits: a short tone, for people who chose one. */
export function chime() {
  if (body.hasAttribute("data-hint-sound")) tone();
}

function tone() {
  const context = new AudioContext();
  const source = context.createOscillator();
  const volume = context.createGain();
  source.frequency.value = TONE_HZ;
  volume.gain.setValueAtTime(0.08, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + TONE_SECONDS);
  source.connect(volume).connect(context.destination);
  source.start();
  source.stop(context.currentTime + TONE_SECONDS);
  source.addEventListener("ended", () => context.close());
}

// --- Theme --------------------------------------------------------------------------------

const isDark = () => root.dataset.theme
  ? root.dataset.theme === "dark"
  : matchMedia("(prefers-color-scheme: dark)").matches;

function setTheme(theme) {
  root.dataset.theme = theme;
  localStorage.theme = theme;
  root.dispatchEvent(new Event("themechange"));
  if (body.dataset.keepTheme) keepTheme(theme);
}

// Signed in, the choice goes with the account; a failure only means that this browser knows it.
function keepTheme(theme) {
  const said = new URLSearchParams({ theme });
  fetch(body.dataset.keepTheme, { method: "POST", body: said, headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" } }).catch(() => {});
}

// --- Clocks: the server sends the deadline, the page only shows it --------------------------

const started = performance.now();
const RING = 100;

function since(element) {
  if (!element.dataset.from) element.dataset.from = String(performance.now());
  return (performance.now() - Number(element.dataset.from)) / 1000;
}

function left(seconds) {
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${pad(Math.floor((seconds % 3600) / 60))} m`;
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

function clock(seconds) {
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function tick() {
  for (const element of all("[data-left]")) {
    const seconds = Math.max(0, Math.round(Number(element.dataset.left) - since(element)));
    const text = left(seconds);
    if (element.textContent !== text) element.textContent = text;
    turn(element, seconds);
    if (seconds === 0 && !element.dataset.over) {
      element.dataset.over = "1";
      element.dispatchEvent(new CustomEvent("deadline", { bubbles: true }));
    }
  }
  for (const element of all("[data-elapsed]")) {
    element.textContent = clock(Math.round(Number(element.dataset.elapsed) + since(element)));
  }
}

// The ring beside a countdown, where it has one: `data-whole` is the length in seconds.
function turn(element, seconds) {
  const whole = Number(element.dataset.whole || 0);
  const circle = whole && one(".ring .fill", element.closest("[data-countdown]") || element.parentElement);
  if (circle) circle.setAttribute("stroke-dasharray", `${(seconds / whole) * RING} ${RING}`);
}

setInterval(tick, 1000);
tick();

// --- Live parts: two heartbeats while the page is looked at ---------------------------------

let paused = false;
for (const seconds of [2, 5]) {
  setInterval(() => {
    if (document.visibilityState !== "visible" || paused) return;
    body.dispatchEvent(new CustomEvent(`tick${seconds}`));
  }, seconds * 1000);
}

// --- Clicks -------------------------------------------------------------------------------

const CLICKS = {
  "[data-theme-toggle]": () => setTheme(isDark() ? "light" : "dark"),
  "[data-palette]": () => openPalette(),
  "[data-shortcuts]": () => openShortcuts(),
  "[data-back]": () => (history.length > 1 ? history.back() : location.assign("/")),
  "[data-toast-close]": (element) => element.closest("[data-toast]").remove(),
  "[data-print]": () => print(),
  "[data-side]": (element) => {
    const open = one("#side").classList.toggle("open");
    element.setAttribute("aria-expanded", String(open));
  },
  "[data-pause-live]": (element) => {
    paused = !paused;
    element.setAttribute("aria-pressed", String(paused));
    announce(element.dataset[paused ? "saidPaused" : "saidRunning"] || "");
  },
  "[data-open-dialog]": (element) => {
    const dialog = document.getElementById(element.dataset.openDialog);
    if (dialog && !dialog.open) dialog.showModal();
  },
  "[data-close-dialog]": (element) => element.closest("dialog").close(),
  "[data-copy]": async (element) => {
    await navigator.clipboard.writeText(element.dataset.copy);
    announce(element.dataset.copied || gettext("Copied"));
    element.classList.add("copied");
    setTimeout(() => element.classList.remove("copied"), 1500);
  },
};

document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(CLICKS)) {
    const element = event.target.closest(selector);
    if (element) {
      if (element.tagName === "A") event.preventDefault();
      act(element);
      return;
    }
  }
  rowClick(event);
});

// A row with one title link is a link as a whole.
function rowClick(event) {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a,button,input,select,label,summary") || getSelection().toString()) return;
  if (event.ctrlKey || event.metaKey) open(row.dataset.href);
  else location.assign(row.dataset.href);
}

// Light dismissal of dialogs, and of the sidebar on narrow screens.
document.addEventListener("pointerdown", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.matches(".palette,.shortcuts")) event.target.close();
});

// --- Keys ---------------------------------------------------------------------------------

const TYPING = "input,textarea,select,[contenteditable]";
let awaiting = 0;

function typing(target) {
  return target instanceof Element && target.closest(TYPING) && !target.closest("input[type=checkbox],input[type=radio]");
}

// Keys that this person gave to other acts: the usual key first, hers second.
const KEYS = JSON.parse(body.dataset.keyMap || "{}");

/** The usual key behind the one pressed; empty where it was given away. */
export function usual(key) {
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  for (const [was, is] of Object.entries(KEYS)) if (is === pressed) return was;
  return pressed in KEYS ? "" : key;
}

function showKeys() {
  for (const element of all("[data-key]")) {
    const own = KEYS[element.dataset.key];
    const shown = own && one("kbd", element);
    if (shown) shown.textContent = own.toUpperCase();
  }
}
if (Object.keys(KEYS).length) {
  showKeys();
  body.addEventListener("htmx:afterSwap", showKeys);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (one("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    openShortcuts();
    return;
  }
  if (body.hasAttribute("data-keys-off")) return;
  const key = usual(event.key);
  if (!key || portalKey(event, key.toLowerCase()) || rowKey(event, key.toLowerCase())) return;
  const target = one(`[data-key="${CSS.escape(key)}"]`);
  if (target && !target.disabled) {
    event.preventDefault();
    target.focus();
    target.click();
  }
});

const PORTALS = { r: "/recruiting/", w: "/work/", o: "/ops/" };

function portalKey(event, key) {
  if (awaiting && performance.now() - awaiting < 1500 && PORTALS[key]) {
    event.preventDefault();
    location.assign(PORTALS[key]);
    return true;
  }
  awaiting = key === "g" && !one('[data-key="g"]') ? performance.now() : 0;
  return false;
}

// J and K walk the rows of the page's list, X selects, Enter follows the title link.
function rowKey(event, key) {
  const rows = all("[data-rows] tbody tr, [data-rows] > [data-row]");
  if (!rows.length || event.shiftKey) return false;
  const at = rows.indexOf(document.activeElement?.closest("tr,[data-row]"));
  if (key === "j" || key === "k") {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))];
    const target = one("a,button,input", next) || next;
    target.focus();
    next.scrollIntoView({ block: "nearest" });
    event.preventDefault();
    return true;
  }
  if (key === "x" && at >= 0) {
    const box = one("input[type=checkbox]", rows[at]);
    if (box) { box.click(); event.preventDefault(); return true; }
  }
  if (key === "/") {
    const filter = one("[data-filter]");
    if (filter) { filter.focus(); event.preventDefault(); return true; }
  }
  return false;
}

function openShortcuts() {
  const dialog = one("#shortcuts");
  if (!dialog || dialog.open) return;
  const list = one("#page-keys", dialog);
  list.replaceChildren(...all("[data-key]").filter((e) => e.dataset.key.trim()).map((element) => {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    const key = document.createElement("kbd");
    term.textContent = element.dataset.keyFor || element.getAttribute("aria-label") || label(element);
    const press = KEYS[element.dataset.key] || element.dataset.key;
    key.textContent = press.length === 1 ? press.toUpperCase() : press;
    value.append(key);
    line.append(term, value);
    return line;
  }));
  dialog.showModal();
}

function label(element) {
  const copy = element.cloneNode(true);
  for (const key of all("kbd,svg", copy)) key.remove();
  return copy.textContent.trim();
}

// --- The palette --------------------------------------------------------------------------

const palette = one("#palette");
const WAIT_MS = 150;
let asked = 0;
let waiting = 0;

function openPalette() {
  if (!palette) return;
  if (!palette.open) palette.showModal();
  const input = one("input", palette);
  input.select();
  narrow(input.value);
}

function narrow(text) {
  const wanted = text.trim().toLowerCase();
  for (const line of all(".palette-list [data-words]", palette)) {
    line.hidden = Boolean(wanted) && !line.dataset.words.toLowerCase().includes(wanted);
  }
}

async function search(text) {
  const url = palette.dataset.search;
  const mine = ++asked;
  if (!url || text.trim().length < 2) {
    one("[data-results]", palette)?.remove();
    return;
  }
  const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { "HX-Request": "true", "X-Requested-With": "fetch" } });
  if (!answer.ok || mine !== asked) return;
  let found = one("[data-results]", palette);
  if (!found) {
    found = document.createElement("div");
    found.dataset.results = "";
    one("#palette-found", palette).append(found);
  }
  // Markup of our own server, escaped there; scripts in it would not run under the policy.
  found.innerHTML = await answer.text();
}

if (palette) {
  const input = one("input", palette);
  input.addEventListener("input", () => {
    narrow(input.value);
    clearTimeout(waiting);
    waiting = setTimeout(() => search(input.value), WAIT_MS);
  });
  palette.addEventListener("keydown", (event) => {
    const links = all("a", palette).filter((a) => !a.closest("[hidden]"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      (links[at] || input).focus();
      event.preventDefault();
    }
    if (event.key === "Enter" && document.activeElement === input && links.length) {
      event.preventDefault();
      links[0].click();
    }
  });
}

// --- Forms and htmx -----------------------------------------------------------------------

one("[data-autofocus]")?.focus();

// A signed-out request keeps the page, and what was typed, and says how to go on.
body.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 401) signedOut(answer.getResponseHeader("X-Sign-In"));
  else if (!answer.getResponseHeader("HX-Trigger")) {
    toast({ text: gettext("This did not load. Your work is safe. Try again."), bad: true });
  }
});
body.addEventListener("htmx:sendError", () => {
  toast({ text: gettext("There is no connection. Your work is safe. Try again in a moment."), bad: true });
});

/** Offer to sign in again, in a tab of its own, without losing this page. */
export function signedOut(address) {
  if (one("[data-signed-out]")) return;
  const line = toast({ text: gettext("You are signed out. What you typed stays here."), bad: true });
  const link = document.createElement("a");
  line.dataset.signedOut = "";
  link.className = "btn s";
  link.target = "_blank";
  link.rel = "noopener";
  link.href = address || "/accounts/login/";
  link.textContent = gettext("Sign in");
  one("[data-toast-text]", line).after(link);
}

// A form warns before its changes are left behind.
const dirty = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-warn]");
  if (form) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// A select or checkbox with data-submit sends its form at once.
document.addEventListener("change", (event) => {
  if (event.target.closest?.("[data-submit]")) event.target.form?.requestSubmit();
});

window.lectern = Object.freeze({ announce, toast, csrf, signedOut, started });

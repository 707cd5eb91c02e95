// The frame around the panes: tabs on phones, one source at a time, undo and redo, the last keys.

import { announce } from "../../workforce/app.js";
import { gettext } from "../../workforce/words.js";
import { all, h, one } from "./dom.js";

export function show(pane) {
  const main = one("#main");
  main.dataset.shown = pane;
  for (const button of all(".swi [data-pane]")) button.setAttribute("aria-pressed", String(button.dataset.pane === pane));
}

/** On a phone only one pane is there; this one must be, before something in it gets the focus. */
export function reach(element) {
  const pane = element?.closest("[data-is]");
  if (pane && !pane.offsetParent) show(pane.dataset.is);
}

export function panes() {
  for (const button of all(".swi [data-pane]")) button.addEventListener("click", () => show(button.dataset.pane));
  sourceTabs();
}

function sourceTabs() {
  const sources = all("[data-source]");
  const tabs = one("#source-tabs");
  if (!tabs || sources.length < 2) return;
  tabs.hidden = false;
  const buttons = sources.map((source, n) => h("button", { type: "button", "aria-pressed": String(n === 0), on: { click: () => open(n) } }, one("h3", source).textContent.slice(0, 24)));
  const open = (n) => {
    sources.forEach((source, k) => { source.hidden = k !== n; });
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", String(k === n)));
  };
  tabs.append(...buttons);
  for (const source of sources) source.addEventListener("work:show", () => open(sources.indexOf(source)));
  open(0);
}

/** Undo and redo by button and key. In a text field too: the answer has one history. */
export function history(store) {
  const undo = one("[data-undo]");
  const redo = one("[data-redo]");
  const paint = () => {
    undo?.setAttribute("aria-disabled", String(!store.canUndo()));
    redo?.setAttribute("aria-disabled", String(!store.canRedo()));
  };
  const back = () => announce(store.undo() ? gettext("Undone") : gettext("Nothing to undo"));
  const forth = () => announce(store.redo() ? gettext("Done again") : gettext("Nothing to redo"));
  undo?.addEventListener("click", back);
  redo?.addEventListener("click", forth);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || one("dialog[open]") || event.target.closest?.(".ask")) return;
    const key = event.key.toLowerCase();
    if (key === "z" || key === "y") {
      event.preventDefault();
      if (key === "y" || event.shiftKey) forth();
      else back();
    }
  });
  store.watch(paint);
  paint();
}
